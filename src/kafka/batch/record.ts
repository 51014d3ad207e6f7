/** What a record is between the fetch response and a sink: a view that moves over bytes, never an object per record. */
import type { TopicPartition } from '../cluster.ts';

/** Kafka's timestamp types: when the producer made the record, or when the broker appended it. */
export type TimestampType = 'CreateTime' | 'LogAppendTime';

/**
 * The current record of a batch: one mutable object per stream, valid only inside the visit it is passed to; its bytes are valid
 * until the next batch is asked for.
 * Ranges are byte positions in `bytes`; a start of -1 means null (an empty key has start === end).
 */
export interface RecordView {
  topic: string;
  partition: number;
  /** Exact while below 2^53, as every real offset is; `exactOffset()` beyond. */
  offset: number;
  /** Epoch milliseconds; exact while a safe integer, else `exactTimestamp()`. -1 when the record has none. */
  timestamp: number;
  timestampType: TimestampType;
  bytes: Buffer;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
  headerCount: number;
  /** Where the headers' encoding begins (zigzag varint lengths, KIP-82); read it with `visitHeaders` in headers.ts. */
  headersStart: number;
  exactOffset(): bigint;
  exactTimestamp(): bigint;
}

/** Called for each record; `false` stops. */
export type Visit = (record: RecordView) => boolean | void;

/** Records of one batch where they lie, one behind the other, all of them wanted: for who can take many at once. */
export interface RecordRun {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: bigint;
  /** From the base offset to the batch's last. */
  readonly lastOffsetDelta: number;
  readonly timestampType: TimestampType;
  /** With LogAppendTime the time of all records of the batch, otherwise the base of their deltas. */
  readonly batchTimestamp: bigint;
  readonly bytes: Buffer;
  /** Where the next record begins, and how many there are from there to the end of the batch. */
  at: number;
  left: number;
  /** Of the last record that was taken, from the base offset. */
  offsetDelta: number;
}

/**
 * Takes records from the beginning of a run, as many as it can, and moves the run on behind them; all that it takes end before `end`.
 * It may take none: a record that it leaves is visited.
 */
export type TakeRun = (run: RecordRun, end: number) => void;

/** Records of one topic. */
export interface FetchedRecords {
  readonly topic: string;
  /**
   * Visits the records, decompressing on demand, without control batches and (read_committed) aborted records.
   * @param take is offered runs of records first, by those that can: in the same order, each record is either taken or visited
   */
  each(visit: Visit, take?: TakeRun): void;
}

/** The next offset to read of one partition: what a consumer commits. */
export interface NextOffset extends TopicPartition {
  readonly nextOffset: bigint;
}

/**
 * The unit that flows from a source to a sink: records of one topic, as a rule those of one partition in one fetch response.
 * A batch may hold no record; it then only says how far the reading has come.
 */
export interface RecordBatch extends FetchedRecords {
  /**
   * Where partitions continue once this batch, and all batches before it, have been handled. A sink may commit these offsets then
   * and never skips a record; of several for a partition the last one counts. Final only after `each`: a limit cuts it there.
   */
  readonly passed: readonly NextOffset[];
}
