/** Transactions that are open in a partition although no coordinator will ever end them (KIP-664). */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import { describeTransactions, type Transaction } from './describe.ts';
import { listTransactions } from './list.ts';
import { type ActiveProducer, activeProducers } from './producers.ts';

export interface HangingTransaction extends TopicPartition {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Where it begins: readers of committed records wait here. */
  readonly startOffset: bigint;
  /** When its producer last wrote to the partition, epoch ms. */
  readonly lastTimestamp: number;
  /** How long ago that was. */
  readonly durationMs: number;
}

export interface HangingTransactions {
  readonly transactions: readonly HangingTransaction[];
  /** Partitions that could not be looked at. */
  readonly problems: readonly KtError[];
}

/**
 * Looks in these partitions. A transaction hangs when nobody has written to it for so long, and no coordinator knows it, or its coordinator does
 * not know that it is in the partition.
 * @param longerThanMs more than the longest timeout of the cluster's transactions (transaction.max.timeout.ms, by default 15 minutes)
 * @throws KtError where a coordinator does not answer: its transactions would all look like hanging ones
 */
export async function hangingTransactions(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  longerThanMs: number,
): Promise<HangingTransactions> {
  const { producers, problems } = await activeProducers(cluster, partitions);
  const now = Date.now();
  const open = producers.filter(
    ({ currentTransactionStartOffset, lastTimestamp }) =>
      currentTransactionStartOffset !== null && now - lastTimestamp >= longerThanMs,
  );
  const known = await knownTransactions(cluster, open);
  const suspects = open.filter((producer) => !known.has(producerKey(producer)));
  const transactions = (await stillOpen(cluster, suspects)).map(
    ({ topic, partition, producerId, producerEpoch, lastTimestamp, currentTransactionStartOffset }) => ({
      ...{ topic, partition, producerId, producerEpoch, startOffset: currentTransactionStartOffset!, lastTimestamp },
      durationMs: now - lastTimestamp,
    }),
  );
  return { transactions, problems };
}

/** Without those that ended while their coordinators were asked. */
async function stillOpen(cluster: Cluster, suspects: readonly ActiveProducer[]): Promise<readonly ActiveProducer[]> {
  if (suspects.length === 0) return [];
  const partitions = [...new Map(suspects.map((each) => [partitionName(each), each])).values()];
  const { producers } = await activeProducers(cluster, partitions);
  const starts = new Map(producers.map((each) => [producerKey(each), each.currentTransactionStartOffset]));
  return suspects.filter((each) => starts.get(producerKey(each)) === each.currentTransactionStartOffset);
}

/** A producer in a partition, as text. */
export function producerKey(producer: TopicPartition & Pick<ActiveProducer, 'producerId'>): string {
  return `${partitionName(producer)} ${producer.producerId}`;
}

/**
 * The open transactions that their coordinators know to be in the partition, by producer and partition.
 * @throws KtError where a coordinator does not answer, or does not show a transaction
 */
export async function knownTransactions(
  cluster: Cluster,
  open: readonly ActiveProducer[],
): Promise<ReadonlyMap<string, Transaction>> {
  const producerIds = [...new Set(open.map(({ producerId }) => producerId))];
  if (producerIds.length === 0) return new Map();
  const { transactions, problems } = await listTransactions(cluster, { states: [], producerIds });
  if (problems[0]) throw problems[0];
  const ids = transactions.map(({ transactionalId }) => transactionalId);
  const known = new Map<string, Transaction>();
  for (const transaction of (await describeTransactions(cluster, ids)).values()) {
    if (transaction instanceof KtError) {
      if (transaction.code === 'TRANSACTIONAL_ID_NOT_FOUND') continue;
      throw transaction;
    }
    for (const partition of transaction.partitions)
      known.set(producerKey({ ...partition, producerId: transaction.producerId }), transaction);
  }
  return known;
}
