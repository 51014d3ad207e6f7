/** Rows of a table on their way to a sink: each a record, and where a table is compared with an earlier one, what its key was then. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { FetchedRecords, Visit } from '../../kafka/batch/record.ts';
import { StoredRow } from './stored-row.ts';

/** Rows up to this size go on together. */
const fullBytes = 256 << 10;
/** Before the key, the row and the earlier row: the length of each, -1 where there is none. */
const headBytes = 12;

/** A row's bytes: `buf[start, end)`. */
export interface RowBytes {
  readonly buf: Buffer;
  readonly start: number;
  readonly end: number;
}

export class RowBatch implements FetchedRecords {
  readonly topic: string;
  readonly #sink = new ByteSink(fullBytes + (1 << 14));
  readonly #row: StoredRow;
  readonly #earlier: StoredRow;
  #hasEarlier = false;

  constructor(topic: string) {
    this.topic = topic;
    this.#row = new StoredRow(topic);
    this.#earlier = new StoredRow(topic);
  }

  get isEmpty(): boolean {
    return this.#sink.length === 0;
  }

  get isFull(): boolean {
    return this.#sink.length >= fullBytes;
  }

  /** What the key of the row that is being visited was at the earlier time; undefined where it was not there. Valid during the visit. */
  get earlier(): StoredRow | undefined {
    return this.#hasEarlier ? this.#earlier : undefined;
  }

  add(key: RowBytes, row: RowBytes, earlier?: RowBytes): void {
    const sink = this.#sink;
    sink.ensure(headBytes);
    sink.view.setInt32(sink.length, key.end - key.start);
    sink.view.setInt32(sink.length + 4, row.end - row.start);
    sink.view.setInt32(sink.length + 8, earlier ? earlier.end - earlier.start : -1);
    sink.length += headBytes;
    sink.copy(key.buf, key.start, key.end);
    sink.copy(row.buf, row.start, row.end);
    if (earlier) sink.copy(earlier.buf, earlier.start, earlier.end);
  }

  clear(): void {
    this.#sink.length = 0;
  }

  each(visit: Visit): void {
    const { buf, view, length } = this.#sink;
    for (let at = 0; at < length; ) {
      const keyStart = at + headBytes;
      const keyEnd = keyStart + view.getInt32(at);
      const rowEnd = keyEnd + view.getInt32(at + 4);
      const earlierLength = view.getInt32(at + 8);
      this.#hasEarlier = earlierLength >= 0;
      at = rowEnd + Math.max(earlierLength, 0);
      if (this.#hasEarlier) this.#earlier.at(buf, keyStart, keyEnd, rowEnd, at);
      if (visit(this.#row.at(buf, keyStart, keyEnd, keyEnd, rowEnd)) === false) return;
    }
  }
}
