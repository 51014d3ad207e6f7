/** What to produce: how the input is read, what every record is given, and how it is delivered. */
import type { ProducerOptions } from '../../kafka/produce/options.ts';
import type { PartitionerName } from '../../kafka/produce/partitioner.ts';
import type { ReadPiece } from './record-input.ts';
import type { OnPiece, Splitter } from './split.ts';

export interface ProduceRequest {
  readonly topic: string;
  /** Cuts the input into records. */
  readonly split: (onPiece: OnPiece) => Splitter;
  readonly read: ReadPiece;
  /** Every record's headers, encoded; the input's own win. */
  readonly headers: Buffer | undefined;
  /** Every record's partition; the input's own wins. */
  readonly partition: number | undefined;
  /** Every record's timestamp in epoch ms; undefined is the time of sending. */
  readonly timestamp: number | undefined;
  readonly partitioner: PartitionerName;
  readonly delivery: Pick<
    ProducerOptions,
    'acks' | 'idempotent' | 'compression' | 'retries' | 'deliveryTimeoutMs' | 'transactionalId'
  >;
  /** Records of each transaction; undefined puts all of the input into one. */
  readonly transactionSize: number | undefined;
  /** Undefined is as fast as it goes. */
  readonly recordsPerSecond: number | undefined;
  /** The input may name other topics. */
  readonly severalTopics: boolean;
}
