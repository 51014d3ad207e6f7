/** How many bytes of records a reading may keep in memory until they are shown. */
import { KtError } from '../base/errors.ts';
import { formatSize } from '../base/units.ts';
import { freeMemory } from '../kafka/batch/free-memory.ts';
import { defaultBatchBytes, largestBatchBytes } from '../kafka/batch/malformed.ts';
import type { RecordView } from '../kafka/batch/record.ts';

/** A copy of this size lies in memory of its own, which is not left to the garbage collector. */
export const largeCopy = 1 << 20;

export class HeldBytes {
  readonly #what: string;
  readonly #maxBatchBytes: number;
  #held = 0;

  /**
   * @param what keeps the records, as people call it: `--last 10`
   * @param maxBatchBytes what one batch may decompress to: half as much again may be in memory, that batch included
   */
  constructor(what: string, maxBatchBytes: number = defaultBatchBytes) {
    this.#what = what;
    this.#maxBatchBytes = maxBatchBytes;
  }

  /** How many bytes are kept. */
  get held(): number {
    return this.#held;
  }

  /** Counts a record of this size. @throws KtError `refused` when it is too much */
  add(size: number, { topic, partition, offset, bytes }: RecordView): void {
    this.#held += size;
    const most = this.#maxBatchBytes * 1.5;
    if (this.#held + bytes.length <= most) return;
    const more = formatSize(Math.min(this.#maxBatchBytes * 8, largestBatchBytes + 1));
    throw new KtError(
      'refused',
      `${this.#what} has to keep too much in memory (more than ${formatSize(most)} with the record at offset ${offset} of ${topic}:${partition})`,
      { code: 'BATCH_TOO_LARGE', hint: `ask for fewer records, or allow more memory, such as --max-batch-bytes ${more}` },
    );
  }

  /** Gives up copies that nobody reads any more. */
  drop(copies: readonly { readonly size: number; readonly bytes: Buffer }[]): void {
    for (const { size, bytes } of copies) {
      this.#held -= size;
      if (size >= largeCopy) freeMemory(bytes.buffer);
    }
  }
}
