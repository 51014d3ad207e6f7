/** Reading ranges of partitions: what is asked for, and what comes. */
import type { KtError } from '../../base/errors.ts';
import type { FetchedRecords, RecordBatch } from '../batch/record.ts';
import type { TopicPartition } from '../cluster.ts';

export type Isolation = 'read_committed' | 'read_uncommitted';

/** What to read of one partition. */
export interface FetchRange extends TopicPartition {
  /** The first offset to read. */
  readonly start: bigint;
  /** The offset to stop before; undefined follows the partition for ever. */
  readonly end: bigint | undefined;
}

/** Offsets of which nothing will come: from the first on, and before the other. */
export interface OffsetGap {
  readonly from: bigint;
  readonly to: bigint;
}

/** How far a partition goes that is being read. */
export interface PartitionReach extends TopicPartition {
  /** Where its reading began; undefined while that is not known, as it has no leader. */
  readonly start: bigint | undefined;
  /** Where its readable records ended when its leader last answered; undefined before. */
  readonly end: bigint | undefined;
  /** Offsets that were deleted before they were read; absent where none were. */
  readonly deleted?: OffsetGap | undefined;
}

/** A range with an end. */
export interface BoundedRange extends FetchRange {
  readonly end: bigint;
}

export interface FetchOptions {
  readonly isolation: Isolation;
  /** Ends the reading; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Gets what people should know: records lost to retention, partitions whose leader does not answer. */
  readonly warn: (text: string) => void;
  /** Gets good news: a leader answers again. */
  readonly note?: (text: string) => void;
  /** Called for a range that is given up; without it, the reading ends with an error once all others are read. */
  readonly unread?: (partition: TopicPartition, cause: KtError) => void;
  /** Picks the records to give, batch by batch, before any of them is visited; all of them without it. */
  readonly select?: (records: FetchedRecords) => Promise<FetchedRecords>;
  /**
   * Called when a topic was deleted; its partitions are then done. True continues with the other topics. When it is false or there is no
   * such function, a deleted topic is an error.
   */
  readonly deleted?: (topic: string) => boolean;
  /** Called with the number of offsets by which the reading has moved forward. */
  readonly moved?: ((offsets: number) => void) | undefined;
  /** Whether ranges may still be added, so that the reading does not end when all are done. */
  readonly mayAdd?: () => boolean;
  /**
   * The most of one partition in an answer, in bytes; a single larger batch still comes. Default 3 MiB. An answer holds at most one segment
   * of each partition; if a transaction's records have old timestamps, its marker starts a new segment.
   */
  readonly partitionMaxBytes?: number;
  /** What one batch may decompress to, in bytes (default 128 MiB); a larger one is an error. */
  readonly maxBatchBytes?: number | undefined;
  /** How many bytes of records are given at once, at least (default 8 MiB): with 1 each batch has one record. */
  readonly partBytes?: number | undefined;
}

/** The most that an answer with records may be, in bytes: a batch as large as is allowed, and what comes beside it. */
export function answerBytes({ maxBatchBytes = 0 }: Pick<FetchOptions, 'maxBatchBytes'>): number {
  return maxBatchBytes + (16 << 20);
}

/** The records of one partition from one answer, or from a part of it. What it says of itself is final only after `each`, which may end early. */
export interface FetchedBatch extends RecordBatch {
  readonly partition: number;
  /** Where the next fetch starts: past control batches and compacted offsets too. */
  readonly nextOffset: bigint;
  /** This is all of the answer: the next batch comes from another one. */
  readonly isLastOfAnswer: boolean;
}
