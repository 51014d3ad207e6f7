/** Transactions as their coordinators know them: DescribeTransactions (KIP-664). */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { perCoordinator, type Send } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';

export interface Transaction {
  readonly transactionalId: string;
  /** Broker id. */
  readonly coordinator: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** As Kafka names it: `Ongoing`, `CompleteCommit`, … */
  readonly state: string;
  /** After how many milliseconds the coordinator aborts it. */
  readonly timeoutMs: number;
  /** Epoch ms; null while none is open. */
  readonly startTime: number | null;
  /** The partitions that it has written to, or may have; by topic and partition. */
  readonly partitions: readonly TopicPartition[];
}

interface Described {
  readonly errorCode: number;
  readonly transaction: Transaction;
}

/**
 * @returns for each transactional id its transaction, or why there is none
 * @throws KtError `refused` when the brokers do not have the API
 */
export async function describeTransactions(
  cluster: Cluster,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Transaction | KtError>> {
  const send: Send<string, Described> = async (broker, asked) => {
    const { transactionStates } = await cluster.request('DescribeTransactions', { transactionalIds: asked }, { broker });
    return new Map(
      transactionStates.map(({ transactionalId, errorCode, topics, ...state }) => [
        transactionalId,
        {
          errorCode,
          transaction: {
            transactionalId,
            coordinator: broker,
            producerId: state.producerId,
            producerEpoch: state.producerEpoch,
            state: state.transactionState,
            timeoutMs: state.transactionTimeoutMs,
            startTime: state.transactionStartTimeMs < 0n ? null : Number(state.transactionStartTimeMs),
            partitions: partitionsOf(topics),
          },
        },
      ]),
    );
  };
  const answers = await perCoordinator(cluster, [...new Set(ids)], send, { type: 'transaction' });
  return new Map(
    ids.map((id) => {
      const answer = answers.get(id)!;
      return [id, answer instanceof KtError ? worded(answer, id) : answer.transaction];
    }),
  );
}

function partitionsOf(topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]) {
  return topics
    .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

function worded(error: KtError, id: string): KtError {
  if (error.code === 'TRANSACTIONAL_ID_NOT_FOUND')
    return new KtError('refused', `unknown transactional id ${id} (its coordinator has no transaction of it)`, {
      code: 'TRANSACTIONAL_ID_NOT_FOUND',
      hint: 'kt transactions list shows those that there are',
    });
  if (error.code !== 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED') return error;
  const needs = { 'transactional id': ['DESCRIBE', id] } as const;
  return refusedFor(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, `transactional id ${id}`, needs);
}
