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

export class RecordRing {
  /** Records that came since the reading began, kept or not: not those that were there before. */
  came = 0;
  /** Records that came too fast to be kept. */
  passedOver = 0;
  readonly #held = new HeldBytes('kt top', Number.MAX_SAFE_INTEGER);
  readonly #copies = new RecordCopies(this.#held);
  readonly #records: CopiedRecord[] = [];
  /** How many of them, at the front, were there before the reading began. */
  #older = 0;
  /** Whether some of those came since they were last put in order, which is done once for many batches. */
  #isMixed = false;
  #secondAt = Number.NEGATIVE_INFINITY;
  #inSecond = 0;

  /** Those that were there before by their time, then the others as they came. */
  get records(): readonly CopiedRecord[] {
    if (this.#isMixed) this.#records.unshift(...inOrder(this.#records.splice(0, this.#older)));
    this.#isMixed = false;
    return this.#records;
  }

  /**
   * Takes a batch.
   * @param now ms of a clock that only goes forward
   * @param isOlder whether a record was there before the reading began
   * @returns the records kept of it, some of which may have gone already
   */
  add(batch: FetchedRecords, now: number, isOlder: (record: RecordView) => boolean = () => false): readonly CopiedRecord[] {
    if (now - this.#secondAt >= 1_000) {
      this.#secondAt = now;
      this.#inSecond = 0;
    }
    let count = 0;
    batch.each((record) => {
      if (!isOlder(record)) count++;
    });
    const room = Math.max(leastOfBatch, perSecond - this.#inSecond);
    let toSkip = Math.max(0, count - room);
    this.came += count;
    this.passedOver += toSkip;
    this.#inSecond += count - toSkip;
    const older: CopiedRecord[] = [];
    const newer: CopiedRecord[] = [];
    batch.each((record) => {
      if (isOlder(record)) older.push(this.#copies.copy(record));
      else if (toSkip > 0) toSkip--;
      else newer.push(this.#copies.copy(record));
    });
    this.#records.splice(this.#older, 0, ...older);
    this.#older += older.length;
    this.#isMixed ||= older.length > 0;
    this.#records.push(...newer);
    this.#makeRoom();
    return [...older, ...newer];
  }

  #makeRoom(): void {
    let bytes = this.#held.held;
    if (this.#records.length <= mostRecords && bytes <= mostBytes) return;
    let surplus = Math.max(0, this.#records.length - mostRecords);
    for (const [index, { size }] of this.records.slice(0, -1).entries()) {
      if (index >= surplus && bytes <= mostBytes) break;
      bytes -= size;
      surplus = Math.max(surplus, index + 1);
    }
    this.#held.drop(this.#records.splice(0, surplus));
    this.#older = Math.max(0, this.#older - surplus);
  }
}

/** In the order of time over all partitions; each keeps its own, as with `tail --merge`: a record waits for those before it. */
function inOrder(records: readonly CopiedRecord[]): readonly CopiedRecord[] {
  const latest = new Map<number, number>();
  return [...records]
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    .map((record) => {
      const at = Math.max(record.timestamp, latest.get(record.partition) ?? record.timestamp);
      latest.set(record.partition, at);
      return { at, record };
    })
    .sort((a, b) => a.at - b.at)
    .map(({ record }) => record);
}
