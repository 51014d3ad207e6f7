/** Reads the words of access control lists: operations, types of resources and principals, as Kafka's tools take them. */
import { usageError } from '../../base/errors.ts';
import type { Reader } from '../../cli/define.ts';
import { operations, resourceTypes } from '../../core/acls/rule.ts';

/** Reads one of Kafka's words in any spelling: `DESCRIBE_CONFIGS`, `DescribeConfigs`, `describe-configs`. */
function kafkaWord<const W extends string>(words: readonly W[], what: string): Reader<W> {
  const bare = (text: string): string => text.replaceAll(/[-_]/g, '').toLowerCase();
  const read = (value: string): W => {
    const word = words.find((each) => bare(each) === bare(value));
    if (word === undefined) throw usageError(`${value} (no ${what})`, `choose one of ${words.join(', ')}`);
    return word;
  };
  return Object.assign(read, { choices: words });
}

export const operationWord = kafkaWord(operations, 'operation of an ACL');
export const resourceTypeWord = kafkaWord(resourceTypes, 'type of a resource');

/** A principal with its type, `User:alice`. @throws KtError `usage` */
export function principalName(value: string): string {
  if (/^[^:]+:.+$/s.test(value)) return value;
  throw usageError(
    `${value === '' ? "''" : value} (not a principal)`,
    value === '*' ? 'User:* is everybody' : 'write its type too, such as User:alice',
  );
}
