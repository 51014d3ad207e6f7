/** What a record is between the fetch response and the output: a view that moves over bytes, never an object per record. */

/** Kafka's timestamp types: when the producer made the record, or when the broker appended it. */
export type TimestampType = 'CreateTime' | 'LogAppendTime';

/**
 * The current record of a batch: one mutable object per stream, valid only inside the visit it is passed to.
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

/** Called for each record in offset order; `false` stops. */
export type Visit = (record: RecordView) => boolean | void;

/** The unit that flows from the socket to stdout: records of one topic, as a rule those of one partition out of one fetch response. */
export interface FetchedRecords {
  readonly topic: string;
  /** Visits the records, already decompressed on demand, without control batches and (read_committed) aborted records. */
  each(visit: Visit): void;
}
