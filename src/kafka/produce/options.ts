/** The options and callbacks of a producer. */
import type { KtError } from '../../base/errors.ts';
import type { Visit } from '../batch/record.ts';
import type { CompressionName } from '../compression/index.ts';

export interface ProducerOptions {
  /** Who must have a record before it counts as written: all in-sync replicas, the leader, or nobody. */
  readonly acks: -1 | 1 | 0;
  /** Retried batches are written once (needs acks -1). */
  readonly idempotent: boolean;
  /** Readers of committed records see what was written after `commit`, or never (needs idempotent). */
  readonly transactionalId?: string | undefined;
  /** After how long the brokers abort a transaction by themselves, in ms; default 15 minutes, or less where they allow less. */
  readonly transactionTimeoutMs?: number | undefined;
  readonly compression: CompressionName;
  /** How often a batch may be sent again, within the delivery timeout. */
  readonly retries: number;
  /** How long a batch may take from being sealed to being acknowledged, retries included, in ms. */
  readonly deliveryTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Whether batches are still sent when the cluster's own signal is aborted, so that `signal` alone ends the producer. */
  readonly closing?: boolean;
  /** Called for each delivered batch: its records have consecutive offsets from `baseOffset` (-1 with acks 0). */
  readonly onDelivered: (batch: DeliveredBatch) => void;
  /** Called for records that were not acknowledged, but not for those of an aborted transaction. */
  readonly onFailed: (records: Unwritten, error: KtError) => void;
}

/** Acknowledged records, in the order of their offsets. */
interface DeliveredBatch {
  readonly topic: string;
  readonly partition: number;
  /** Of the first; -1 with acks 0. */
  readonly baseOffset: bigint;
  readonly lines: readonly number[];
  /** Bytes of keys and values. */
  readonly payload: number;
  /** When the first of them was appended, in ms of `performance.now()`. */
  readonly openedAt: number;
}

/** Records of a partition that were not acknowledged. */
export interface Unwritten {
  readonly topic: string;
  readonly partition: number;
  /** The input line of each. */
  readonly lines: readonly number[];
  /** They were sent, and the broker may have them. */
  readonly maybeWritten: boolean;
  /** Visits the records; only during the call that hands them over. */
  each(visit: Visit): void;
}
