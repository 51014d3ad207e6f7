/**
 * The newest record of each key. A key should be in one partition only, where the highest offset is the newest. It is in several when the
 * topic got more partitions, or when producers choose partitions differently: then the newest is kept of each, and the latest timestamp counts.
 * Tombstones are kept too, however long a table is followed: without one, an older record of the key in another partition would count again.
 */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { appendKeyNumber } from '../store/ordered-key.ts';
import type { SpillingStore } from '../store/spilling-store.ts';
import type { Keeper } from './keeper.ts';
import { appendRow, isNewer } from './stored-row.ts';

export class NewestValues implements Keeper {
  readonly placeBytes = 4;
  readonly #store: SpillingStore;
  readonly #row = new ByteSink(1024);
  readonly #partitions = new Set<number>();
  #lastPartition = -1;

  constructor(store: SpillingStore) {
    this.#store = store;
  }

  put(key: ByteSink, record: RecordView): void {
    const { partition } = record;
    if (partition !== this.#lastPartition) {
      this.#lastPartition = partition;
      this.#partitions.add(partition);
    }
    appendKeyNumber(key, partition);
    this.#row.length = 0;
    appendRow(this.#row, record);
    this.#store.set(key, this.#row);
  }

  current(key: ByteSink, into: ByteSink): boolean {
    const { length } = key;
    let found = false;
    for (const partition of this.#partitions) {
      key.length = length;
      appendKeyNumber(key, partition);
      if (!this.#store.get(key, this.#row) || (found && !isNewer(this.#row.buf, 0, into.buf, 0))) continue;
      found = true;
      into.length = 0;
      into.copy(this.#row.buf, 0, this.#row.length);
    }
    key.length = length;
    return found;
  }
}
