/** Errors for bytes that are not the record batch they should be. */
import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { formatSize } from '../../base/units.ts';

/** What one batch may decompress to, in bytes, if the user says nothing. No broker takes a tenth of it by default. */
export const defaultBatchBytes = 128 << 20;
/** Positions in a batch are 32-bit numbers, and so is its length in Kafka. */
export const largestBatchBytes = 2 ** 31 - 1;

/** Thrown where bytes are decoded; callers that know the topic, partition and offset turn it into a KtError. */
export class Malformed extends Error {}

/** Thrown where a batch is sound as far as it was read, but decompresses to more than was allowed. */
export class TooLarge extends Malformed {
  /** What it was not to exceed, in bytes. */
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`it decompresses to more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

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

export interface LargeBatch {
  readonly codec: string;
  /** Compressed, as it came. */
  readonly bytes: number;
  /** What it was allowed to become. */
  readonly maxBytes: number;
  /** What the user allowed: more than `maxBytes` where the runtime cannot do it. */
  readonly askedBytes: number;
  /** The first offset behind it. */
  readonly next: bigint;
}

/** The error for a batch that would take more memory than the user allowed. */
export function largeBatch(topic: string, partition: number, offset: bigint, batch: LargeBatch): KtError {
  const { codec, bytes, maxBytes, askedBytes, next } = batch;
  const raise =
    maxBytes < askedBytes
      ? `read it with Node 22.15 or later, or with kt's single binary`
      : `allow it more memory, such as --max-batch-bytes ${formatSize(Math.min(maxBytes * 8, largestBatchBytes + 1))}`;
  return new KtError(
    'refused',
    `the record batch at offset ${offset} of ${topic}:${partition} is too large (${codec}: ${formatSize(bytes)} become more than ${formatSize(maxBytes)})`,
    { code: 'BATCH_TOO_LARGE', hint: `${raise}; or skip it with: kt tail ${shellWord(topic)} -p ${partition} --from ${next}` },
  );
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
