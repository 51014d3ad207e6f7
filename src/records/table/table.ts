/** A topic as a table: what each key is after all of its records, or was at a time. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import type { KeyChoice } from '../key-choice.ts';
import { appendKeyField, readKeyField } from '../store/ordered-key.ts';
import type { SpillingStore } from '../store/spilling-store.ts';
import { type Keeper, type Side, side } from './keeper.ts';
import type { RowBatch } from './row-batch.ts';
import { isNewer, isRemoval, isSameRecord, StoredRow } from './stored-row.ts';

export interface TableOptions {
  readonly topic: string;
  readonly store: SpillingStore;
  readonly keeper: Keeper;
  /** Only records up to this time count, in epoch ms; undefined: all. */
  readonly until: number | undefined;
  /** The table is compared with what it was at this time, in epoch ms; undefined: it is not compared. */
  readonly since: number | undefined;
  /** Only these keys; undefined: all. */
  readonly keys: KeyChoice | undefined;
}

export class Table {
  readonly #options: TableOptions;
  readonly #until: number;
  readonly #since: number;
  readonly #key = new ByteSink(256);
  readonly #before = new ByteSink(1024);
  readonly #after = new ByteSink(1024);
  /** Records that are in no table, since they have no key. */
  keyless = 0;
  /** Keys with rows in several partitions, of those that were given as rows. */
  spread = 0;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#until = options.until ?? Number.POSITIVE_INFINITY;
    this.#since = options.since ?? Number.NEGATIVE_INFINITY;
  }

  add(records: FetchedRecords): void {
    const { keeper } = this.#options;
    records.each((record) => {
      if (!this.#isWanted(record)) return;
      if (record.timestamp <= this.#since) keeper.put(this.#keyOf(record, side.earlier), record);
      keeper.put(this.#keyOf(record, side.now), record);
    });
  }

  /** Adds records to a table that was given already. @returns the rows that they change, with a null value for a key that is gone */
  change(records: FetchedRecords, rows: RowBatch): void {
    const { keeper } = this.#options;
    const [before, after] = [this.#before, this.#after];
    records.each((record) => {
      if (!this.#isWanted(record)) return;
      const key = this.#keyOf(record, side.now);
      const { length } = key;
      const wasThere = keeper.current(key, before) && !isRemoval(before.buf, 0);
      keeper.put(key, record);
      key.length = length;
      if (!keeper.current(key, after)) return;
      const isThere = !isRemoval(after.buf, 0);
      if (wasThere ? isThere && isSameRecord(before.buf, 0, after.buf, 0) : !isThere) return;
      const { bytes, keyStart, keyEnd } = record;
      rows.add({ buf: bytes, start: keyStart, end: keyEnd }, { buf: after.buf, start: 0, end: after.length });
    });
  }

  /** The rows in the order of their keys; compared with an earlier time, those that differ. A batch is valid until the next one is asked for. */
  *rows(rows: RowBatch): Generator<RowBatch> {
    const { store, keeper, since } = this.#options;
    const suffix = 1 + keeper.placeBytes;
    const found = new KeyRows();
    const add = (): void => {
      if (found.places > 1) this.spread++;
      found.addTo(rows, since !== undefined);
    };
    for (const { bytes, keyStart, keyEnd, valueStart, valueEnd } of store.entries()) {
      const fieldEnd = keyEnd - suffix;
      if (!found.isOf(bytes, keyStart, fieldEnd)) {
        add();
        if (rows.isFull) {
          yield rows;
          rows.clear();
        }
        found.begin(bytes, keyStart, fieldEnd);
      }
      found.see(bytes[fieldEnd] as Side, bytes, valueStart, valueEnd);
    }
    add();
    if (!rows.isEmpty) yield rows;
    rows.clear();
  }

  #isWanted(record: RecordView): boolean {
    const { keys } = this.#options;
    if (record.timestamp > this.#until) return false;
    if (record.keyStart < 0) {
      this.keyless++;
      return false;
    }
    return keys === undefined || keys.take(record);
  }

  #keyOf({ bytes, keyStart, keyEnd }: RecordView, which: Side): ByteSink {
    const key = this.#key;
    key.length = 0;
    appendKeyField(key, bytes, keyStart, keyEnd);
    key.byte(which);
    return key;
  }
}

/** What is found of one key. */
class KeyRows {
  /** The key as the store has it. */
  readonly #field = new ByteSink(256);
  readonly #key = new ByteSink(256);
  readonly #rows = { [side.earlier]: new ByteSink(1024), [side.now]: new ByteSink(1024) };
  readonly #views = [new StoredRow(''), new StoredRow('')] as const;
  /** How many rows of it there are now: one for each partition. */
  places = 0;

  isOf(bytes: Buffer, start: number, end: number): boolean {
    const { buf, length } = this.#field;
    return length === end - start && bytes.compare(buf, 0, length, start, end) === 0;
  }

  begin(bytes: Buffer, start: number, end: number): void {
    this.#field.length = 0;
    this.#field.copy(bytes, start, end);
    this.#rows[side.earlier].length = 0;
    this.#rows[side.now].length = 0;
    this.places = 0;
  }

  see(which: Side, bytes: Buffer, start: number, end: number): void {
    const row = this.#rows[which];
    if (which === side.now) this.places++;
    if (row.length > 0 && !isNewer(bytes, start, row.buf, 0)) return;
    row.length = 0;
    row.copy(bytes, start, end);
  }

  /** Adds its row if it is there now or, if it is compared, if it is something else than it was. */
  addTo(rows: RowBatch, isCompared: boolean): void {
    const { [side.earlier]: earlier, [side.now]: now } = this.#rows;
    if (now.length === 0) return;
    const isThere = !isRemoval(now.buf, 0);
    const wasThere = earlier.length > 0 && !isRemoval(earlier.buf, 0);
    if (isCompared ? !isThere && !wasThere : !isThere) return;
    if (isCompared && isThere && wasThere && this.#hasSameValue()) return;
    readKeyField(this.#field.buf.subarray(0, this.#field.length), 0, this.#key);
    const whole = ({ buf, length }: ByteSink) => ({ buf, start: 0, end: length });
    if (isCompared && wasThere) rows.add(whole(this.#key), whole(now), whole(earlier));
    else rows.add(whole(this.#key), whole(now));
  }

  #hasSameValue(): boolean {
    const [a, b] = ([side.earlier, side.now] as const).map((which) =>
      this.#views[which].at(this.#rows[which].buf, -1, -1, 0, this.#rows[which].length),
    ) as [StoredRow, StoredRow];
    return a.bytes.compare(b.bytes, b.valueStart, b.valueEnd, a.valueStart, a.valueEnd) === 0;
  }
}
