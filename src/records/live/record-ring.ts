/** The newest records of a stream, copied; older ones go when there are too many, or too many bytes of them. */
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import { type CopiedRecord, RecordCopies } from '../copied-record.ts';
import { HeldBytes } from '../held-bytes.ts';

const mostRecords = 2_000;
const mostBytes = 16 << 20;
/** Above so many records a second only the newest are kept. */
const perSecond = 1_000;
/** Of a batch that comes when these are used up a few are kept all the same. */
const leastOfBatch = 20;

export interface HeldRecord {
  /** Counts from the first record of the stream: the name of its row. */
  readonly number: number;
  readonly record: CopiedRecord;
}

export class RecordRing {
  /** Records that came, kept or not. */
  came = 0;
  /** Records that came too fast to be kept. */
  passedOver = 0;
  readonly #held = new HeldBytes('kt top', Number.MAX_SAFE_INTEGER);
  readonly #copies = new RecordCopies(this.#held);
  readonly #records: HeldRecord[] = [];
  #secondAt = Number.NEGATIVE_INFINITY;
  #inSecond = 0;

  /** Oldest first. */
  get records(): readonly HeldRecord[] {
    return this.#records;
  }

  /**
   * Takes a batch.
   * @param now ms of a clock that only goes forward
   * @returns the records kept of it, and those that went for them
   */
  add(batch: FetchedRecords, now: number): { readonly kept: readonly HeldRecord[]; readonly gone: readonly HeldRecord[] } {
    if (now - this.#secondAt >= 1_000) {
      this.#secondAt = now;
      this.#inSecond = 0;
    }
    let count = 0;
    batch.each(() => {
      count++;
    });
    const room = Math.max(leastOfBatch, perSecond - this.#inSecond);
    let toSkip = Math.max(0, count - room);
    this.passedOver += toSkip;
    this.#inSecond += count - toSkip;
    const kept: HeldRecord[] = [];
    batch.each((record) => {
      this.came++;
      if (toSkip > 0) toSkip--;
      else kept.push({ number: this.came, record: this.#copy(record) });
    });
    this.#records.push(...kept);
    return { kept, gone: this.#makeRoom() };
  }

  #copy(record: RecordView): CopiedRecord {
    return this.#copies.copy(record);
  }

  #makeRoom(): readonly HeldRecord[] {
    let surplus = Math.max(0, this.#records.length - mostRecords);
    let bytes = this.#held.held;
    for (let index = 0; index < this.#records.length - 1; index++) {
      if (index >= surplus && bytes <= mostBytes) break;
      bytes -= this.#records[index]!.record.size;
      surplus = Math.max(surplus, index + 1);
    }
    const gone = this.#records.splice(0, surplus);
    this.#held.drop(gone.map(({ record }) => record));
    return gone;
  }
}
