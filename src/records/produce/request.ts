/** What `produce` is asked for, and what it tells. */
import type { KtError } from '../../base/errors.ts';
import type { LineMemory } from '../../kafka/batch/line-memory.ts';
import type { ProducerOptions, Unwritten } from '../../kafka/produce/options.ts';
import type { PartitionerName } from '../../kafka/produce/partitioner.ts';
import type { ReadPiece } from './record-input.ts';
import type { Reports } from './reports.ts';
import type { OnPiece, OnPieces, Splitter } from './split.ts';

export interface ProduceRequest {
  readonly topic: string;
  /** Cuts the input into records; hands several to `onPieces` at once where it can. */
  readonly split: (onPiece: OnPiece, onPieces?: OnPieces) => Splitter;
  /** The input is lines, each the value of a record without key and headers: they are appended in this memory. Undefined for any other input. */
  readonly lines: LineMemory | undefined;
  readonly read: ReadPiece;
  /** Every record's headers, encoded; headers in the input replace them. */
  readonly headers: Buffer | undefined;
  /** Every record's partition, unless the input names one. */
  readonly partition: number | undefined;
  /** Every record's timestamp in epoch ms; undefined is the time of sending. */
  readonly timestamp: number | undefined;
  readonly partitioner: PartitionerName;
  readonly delivery: Pick<
    ProducerOptions,
    'acks' | 'idempotent' | 'compression' | 'retries' | 'deliveryTimeoutMs' | 'transactionalId'
  >;
  /** Records per transaction; undefined puts all of the input into one. */
  readonly transactionSize: number | undefined;
  /** Undefined is as fast as possible. */
  readonly recordsPerSecond: number | undefined;
  /** The input may name other topics. */
  readonly severalTopics: boolean;
}

export interface ProduceEvents {
  readonly signal: AbortSignal;
  /** Takes the acknowledged records; undefined if nobody wants them one by one. */
  readonly reports: Reports | undefined;
  /** Called with how many records were acknowledged, the bytes of their keys and values, and the ms since the first of them was read. */
  readonly onAcknowledged?: ((records: number, bytes: number, latencyMs: number) => void) | undefined;
  /** A run of input lines that were not acknowledged. */
  readonly onFailed: (lines: readonly number[], error: KtError) => void;
  /** Every record that was read and not acknowledged, whatever the reason; undefined if nobody keeps them. */
  readonly onUnwritten: ((records: Unwritten) => void) | undefined;
  /** Called when the signal ended the work: how far it came, what was written, what was not, and what is unknown. */
  readonly onInterrupted: (account: string) => void;
}

export interface ProduceSummary {
  /** Acknowledged; with transactions: committed. */
  readonly delivered: number;
  readonly failed: number;
  /** What happened to a transaction that was not committed, and to its lines. */
  readonly aborted: string | undefined;
  /** Of their keys and values. */
  readonly bytes: number;
  /** The topics they went to. */
  readonly topics: readonly string[];
  readonly partitions: number;
  readonly elapsedMs: number;
  /** What ended the input early: a line that cannot be read. All lines before it were sent. */
  readonly stoppedBy: KtError | undefined;
}
