/** Reads the words of access control lists: operations, types of resources and principals, as Kafka's tools take them. */
import { usageError } from '../../base/errors.ts';
import type { Reader } from '../../cli/define.ts';
import { operations, resourceTypes } from '../../core/acls/rule.ts';
import { brokersAddress } from '../../core/acls/unmatched.ts';
import { isPrincipal, kafkaWord, principalHint } from '../../core/acls/words.ts';

function wordReader<const W extends string>(words: readonly W[], what: string): Reader<W> {
  const read = (value: string): W => {
    const word = kafkaWord(words, value);
    if (word === undefined) throw usageError(`${value} (no ${what})`, `choose one of ${words.join(', ')}`);
    return word;
  };
  return Object.assign(read, { choices: words });
}

export const operationWord = wordReader(operations, 'operation of an ACL');
export const resourceTypeWord = wordReader(resourceTypes, 'type of a resource');

/** A principal with its type, `User:alice`. @throws KtError `usage` */
export function principalName(value: string): string {
  if (isPrincipal(value)) return value;
  throw usageError(`${value === '' ? "''" : value} (not a principal)`, principalHint(value));
}

/** An IP address, as brokers write it. @throws KtError `usage` */
export function clientAddress(value: string): string {
  const address = brokersAddress(value);
  if (address !== undefined) return address;
  throw usageError(
    `${value === '' ? "''" : value} (no IP address)`,
    'brokers know a client by its address only, such as 10.0.0.7',
  );
}
