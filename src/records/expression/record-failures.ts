/** Records on which an expression failed: how many, and why on the first. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { isForRecord } from './failure.ts';

export class RecordFailures {
  count = 0;
  #first = '';

  /** Counts what was thrown for a record. @throws it again if it is not about that record alone */
  add(error: unknown, { topic, partition, offset }: RecordView): void {
    if (!isForRecord(error)) throw error;
    if (this.count++ === 0) this.#first = `first: ${topic}:${partition} at offset ${offset}: ${(error as Error).message}`;
  }

  /** What to tell people about it; undefined where nothing failed. @param what which option's expression failed */
  told(what: string): string | undefined {
    if (this.count === 0) return undefined;
    const records = this.count === 1 ? '1 record, which was' : `${this.count} records, which were`;
    return `${what} failed on ${records} left out (${this.#first})`;
  }
}
