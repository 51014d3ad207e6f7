/** From the bytes of an answer to records that can be visited. */
import { scanBatches } from '../batch/header.ts';
import { RecordBatches, type RecordBatchesOptions } from '../batch/reader.ts';
import type { TopicPartition } from '../cluster.ts';
import { prepareCodecs } from '../compression/index.ts';

export type AbortedTransactions = RecordBatchesOptions['abortedTransactions'];

export interface FetchedBytes extends TopicPartition {
  readonly bytes: Buffer;
  /** The offset that was fetched from. */
  readonly startOffset: bigint;
  /** Whether these bytes follow others of the same answer. */
  readonly continues?: boolean;
  /** Absent to see the records of aborted transactions too. */
  readonly abortedTransactions: AbortedTransactions;
  /** What one batch may decompress to, in bytes (default 128 MiB). */
  readonly maxBatchBytes?: number | undefined;
  /** How many bytes of records a part has at least (default 8 MiB). */
  readonly partBytes?: number | undefined;
}

export interface DecodedRecords {
  readonly records: RecordBatches;
  /** Where the next fetch starts; -1 when there was no whole batch. */
  readonly nextOffset: bigint;
}

/** The records of fetched bytes, once the compression codecs they use are loaded. */
export async function decoded({ topic, partition, bytes, ...rest }: FetchedBytes): Promise<DecodedRecords> {
  const { nextOffset, codecs } = scanBatches(bytes);
  const loading = prepareCodecs(codecs);
  if (loading) await loading;
  return { records: new RecordBatches({ topic, partition, records: bytes, ...rest }), nextOffset };
}
