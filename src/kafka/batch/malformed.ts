/** Errors for bytes that are not the record batch they should be. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';

/** Thrown where bytes are decoded; callers that know the topic, partition and offset turn it into a KtError. */
export class Malformed extends Error {}

/** @throws Malformed always; `reason` says what is wrong, to stand in brackets */
export function malformed(reason: string): never {
  throw new Malformed(reason);
}

/** The error for a batch that cannot be trusted; `next` is the first offset behind it, when that is known. */
export function corruptBatch(topic: string, partition: number, offset: bigint, reason: string, next?: bigint): KtError {
  const skip = next === undefined ? '' : `skip it with: kt tail ${shellWord(topic)} -p ${partition} --from ${next}; then `;
  return new KtError('refused', `corrupt record batch in ${topic}:${partition} at offset ${offset} (${reason})`, {
    code: 'CORRUPT_MESSAGE',
    hint: `${skip}check the disk of the partition's leader, which kt topics describe ${shellWord(topic)} shows`,
  });
}

/** The error for message sets from before Kafka 0.11, and for formats kt does not know. */
export function unsupportedFormat(topic: string, partition: number, offset: bigint, magic: number): KtError {
  const old = magic === 0 || magic === 1;
  return new KtError(
    'refused',
    `${topic}:${partition} holds records of format v${magic} at offset ${offset} (kt reads v2, Kafka's only format since 0.11)`,
    {
      code: 'UNSUPPORTED_FOR_MESSAGE_FORMAT',
      hint: old
        ? `read newer records with --from @TIME, or copy the old ones to another topic with Kafka's console consumer and producer of version 3`
        : 'update kt: the broker writes a newer format',
    },
  );
}
