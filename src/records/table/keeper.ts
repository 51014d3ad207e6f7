/** What a table keeps of each key, in a store. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordView } from '../../kafka/batch/record.ts';

/** A table as it was at an earlier time, and as it is: a byte behind the key in the store's keys. */
export const side = { earlier: 0, now: 1 } as const;
export type Side = (typeof side)[keyof typeof side];

export interface Keeper {
  /** How many bytes stand behind the key and its side in the store's keys: what is kept of one key may be several rows. */
  readonly placeBytes: number;
  /** @param key the key's field and the side; it may be made longer */
  put(key: ByteSink, record: RecordView): void;
  /** Fills `into` with the row that counts for a key. @param key as for `put` @returns false where there is none */
  current(key: ByteSink, into: ByteSink): boolean;
}
