/** TxnOffsetCommit: a group's next offsets, sent to its coordinator as part of a producer's transaction (KIP-447). */
import type { Cluster } from '../cluster.ts';
import { GroupCoordinator } from '../group/coordinator.ts';
import { type CommitFailure, failuresOf, type GroupMetadata, type Offsets, offsetsByTopic } from '../group/offsets.ts';

/** From the next version on, the broker adds the group to the transaction by itself (KIP-890). */
const lastVersionOfAdded = 4;

interface TransactionalProducer {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/**
 * Sends the offsets of a group that AddOffsetsToTxn put into the transaction. They count once that is committed.
 * @returns the partitions whose offset the coordinator refused
 * @throws KtError `refused` or `connection` when no coordinator takes them within `giveUpMs`
 */
export async function commitInTransaction(
  cluster: Cluster,
  producer: TransactionalProducer,
  { group, memberId, generationId, groupInstanceId }: GroupMetadata,
  offsets: Offsets,
  giveUpMs: number,
): Promise<readonly CommitFailure[]> {
  const response = await new GroupCoordinator(cluster, group).ask(
    'TxnOffsetCommit',
    { ...producer, groupId: group, generationId, memberId, groupInstanceId, topics: offsetsByTopic(offsets) },
    {
      signal: cluster.signal,
      giveUpMs,
      passing: 'retriable',
      maxVersion: lastVersionOfAdded,
      codes: (answer) => failuresOf(answer).map(({ code }) => code),
    },
  );
  return failuresOf(response);
}
