/** What `tail` is asked for. */

import type { Position } from '../../base/position.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import type { RecordFilter } from '../filter.ts';

export interface TailRequest {
  /** Names and patterns. */
  readonly topics: readonly string[];
  /** Only these partitions; empty means all. */
  readonly partitions: readonly number[];
  /** Where to begin; in a group only for partitions without a committed offset. */
  readonly from: Position;
  /** Where to stop: records at this position and later are not read. */
  readonly to: Position | undefined;
  /** Stops at the end offsets seen at the start. */
  readonly exitAtEnd: boolean;
  readonly maxRecords: number | undefined;
  /** Only the newest so many records of all partitions together, in time order, and nothing that comes later. */
  readonly last: number | undefined;
  /** In the order of timestamps over all partitions, as far as fetched. */
  readonly merge: boolean;
  readonly filter: RecordFilter;
  readonly isolation: Isolation;
  readonly group: { readonly id: string; readonly commit: boolean } | undefined;
  readonly timeoutMs: number;
}

export interface TailEvents {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Told over how many offsets the reading will go, where it has an end; what it returns is told how many were passed. */
  readonly bounded: (offsets: number) => (passed: number) => void;
  /** Told how to ask whether the next records are there at once; only where nothing is done when the last ones were written. */
  readonly runsAhead?: (isNextReady: () => boolean) => void;
  /** Told once when nothing has come for a while. */
  readonly waiting: (text: string) => void;
}
