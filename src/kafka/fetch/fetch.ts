/** Reading ranges of partitions: what is asked, what comes. */

import type { FetchedRecords } from '../batch/record.ts';
import type { Cluster } from '../cluster.ts';
import { RecordFetcher } from './fetcher.ts';

export type Isolation = 'read_committed' | 'read_uncommitted';

/** What to read of one partition. */
export interface FetchRange {
  readonly topic: string;
  readonly partition: number;
  /** The first offset wanted. */
  readonly start: bigint;
  /** The first offset not wanted any more; undefined follows the partition for ever. */
  readonly end: bigint | undefined;
}

export interface FetchOptions {
  readonly isolation: Isolation;
  /** Ends the reading; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Told what people should know: records lost to retention, a leader that is waited for. */
  readonly warn: (text: string) => void;
  /** Told of a topic that was deleted, whose partitions are then done; true goes on with the others. Without it, and when false, it is an error. */
  readonly deleted?: (topic: string) => boolean;
  /** Told by how many offsets the reading has come forward. */
  readonly moved?: ((offsets: number) => void) | undefined;
  /** Ranges may be added while reading, so it does not end when all are done. */
  readonly mayAdd?: boolean;
  /** The most of one partition in an answer, in bytes; a single larger batch still comes. Default 3 MiB. */
  readonly partitionMaxBytes?: number;
}

/** The records of one partition out of one answer, and where the next fetch goes on: past control batches and compaction holes too. */
export interface FetchedPart {
  readonly topic: string;
  readonly partition: number;
  readonly records: FetchedRecords;
  readonly nextOffset: bigint;
  /** Nothing more of the same answer follows. */
  readonly isLastOfAnswer: boolean;
}

/**
 * Reads the ranges until each has reached its end; without an end, until the signal or `return()`.
 * An end is decided on the fetch position, never on having seen a record: transaction markers and compaction holes count.
 * @throws KtError `refused` (a deleted topic, no permission, an unreadable batch) or `connection` (no leader for 30 s)
 */
export function fetchRecords(
  cluster: Cluster,
  ranges: readonly FetchRange[],
  options: FetchOptions,
): AsyncGenerator<FetchedPart> {
  return new RecordFetcher(cluster, ranges, options).parts();
}
