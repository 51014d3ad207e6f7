/** Ends an open transaction from outside: through its coordinator, or, where it hangs, with a marker in its partition (KIP-664). */
import { KtError, usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { CoordinatorClient } from '../../kafka/coordinator-client.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { partitionName } from '../../kafka/routing.ts';
import { transactionRefusal } from '../../kafka/transactions/refusal.ts';
import { leftOut } from '../../kafka/wire/errors.ts';
import type { Transaction } from './describe.ts';
import { knownTransactions, producerKey } from './hanging.ts';
import { type ActiveProducer, activeProducers } from './producers.ts';

/** States in which there is something to abort. */
const openStates: ReadonlySet<string> = new Set(['Ongoing', 'PrepareAbort', 'PrepareEpochFence']);

/** Whether a transaction is open, so that it can be aborted. */
export function isOpen({ state }: Transaction): boolean {
  return openStates.has(state);
}

/**
 * Has the coordinator abort a transaction, as a new producer with the transactional id would (InitProducerId): the old producer is fenced.
 * Resolves when the markers are written.
 * @returns why it was refused
 */
export async function abortTransaction(
  cluster: Cluster,
  { transactionalId, timeoutMs }: Transaction,
): Promise<KtError | undefined> {
  const refusal = (code: number) => transactionRefusal(code, transactionalId);
  const coordinator = new CoordinatorClient(cluster, { transactionalId }, refusal);
  const { errorCode } = await coordinator.ask(
    'InitProducerId',
    { transactionalId, transactionTimeoutMs: timeoutMs, producerId: -1n, producerEpoch: -1 },
    { signal: cluster.signal, giveUpMs: cluster.timeoutMs, codes: (response) => [response.errorCode] },
  );
  return errorCode === 0 ? undefined : refusal(errorCode);
}

/**
 * The producer whose transaction begins at an offset and hangs there.
 * @throws KtError `refused` when none begins there; `usage` when its coordinator knows it, and can abort all of it
 */
export async function hangingProducer(cluster: Cluster, place: TopicPartition, startOffset: bigint): Promise<ActiveProducer> {
  const { producers, problems } = await activeProducers(cluster, [place]);
  if (problems[0]) throw problems[0];
  const producer = producers.find((each) => each.currentTransactionStartOffset === startOffset);
  const what = `transaction at ${partitionName(place)} offset ${startOffset}`;
  if (!producer)
    throw new KtError('refused', `no ${what} (none that is open begins there)`, {
      hint: `kt producers ${shellWord(partitionName(place))} shows where open transactions begin`,
    });
  const transaction = (await knownTransactions(cluster, [producer])).get(producerKey(producer));
  if (transaction)
    throw usageError(
      `${what} (it does not hang: transactional id ${transaction.transactionalId}, ${transaction.state})`,
      `kt transactions abort ${shellWord(transaction.transactionalId)} aborts it in all of its partitions`,
    );
  return producer;
}

/**
 * Writes the marker that aborts a producer's transaction in one partition (WriteTxnMarkers).
 * @returns why it was refused
 */
export async function abortInPartition(
  cluster: Cluster,
  { topic, partition, producerId, producerEpoch, coordinatorEpoch }: ActiveProducer,
): Promise<KtError | undefined> {
  const { topics } = await cluster.metadata([topic]);
  const broker = topics.get(topic)?.partitions.find((each) => each.partition === partition)?.leader ?? -1;
  const { markers } = await cluster.request(
    'WriteTxnMarkers',
    {
      markers: [
        {
          ...{ producerId, producerEpoch, transactionResult: false },
          topics: [{ name: topic, partitionIndexes: [partition] }],
          // As Kafka's own tool does for a partition in which no coordinator has written a marker yet.
          coordinatorEpoch: coordinatorEpoch ?? 0,
        },
      ],
    },
    broker < 0 ? 'any' : { broker },
  );
  const errorCode = markers[0]?.topics[0]?.partitions[0]?.errorCode ?? leftOut;
  if (errorCode === 0) return undefined;
  const what = `transaction in ${partitionName({ topic, partition })} not aborted`;
  return refusedFor(errorCode, what, { cluster: ['CLUSTER_ACTION'] });
}
