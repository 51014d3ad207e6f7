/** What a group's leader does besides reading: assigns the partitions, and notices when there are more of them. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../cluster.ts';
import { assignors } from './assignors.ts';
import { decodeSubscription, encodeAssignment } from './consumer-protocol.ts';
import type { PartitionCounts } from './subscribers.ts';

/** A member as JoinGroup names it to the leader. */
export interface JoinedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** Its ConsumerProtocolSubscription. */
  readonly metadata: Buffer;
}

/** How many partitions each topic has now; 0 for one that does not exist. */
async function partitionCounts(cluster: Cluster, topics: Iterable<string>): Promise<PartitionCounts> {
  const names = [...new Set(topics)];
  const metadata = await cluster.metadata(names);
  return new Map(names.map((topic) => [topic, metadata.topics.get(topic)?.partitions.length ?? 0]));
}

/**
 * Divides the partitions of every topic that a member asked for, with the assignor the group agreed on.
 * @returns each member's ConsumerProtocolAssignment, and the partition counts it rests on
 */
export async function assignPartitions(cluster: Cluster, assignorName: string, joined: readonly JoinedMember[]) {
  const assign = assignors.get(assignorName);
  if (assign === undefined) throw new KtError('bug', `the group chose the assignor ${assignorName}, which kt did not offer`);
  const members = joined.map(({ memberId, groupInstanceId, metadata }) => ({
    memberId,
    groupInstanceId,
    ...decodeSubscription(metadata),
  }));
  const counts = await partitionCounts(
    cluster,
    members.flatMap(({ topics }) => topics),
  );
  const assignments = [...assign(members, counts)].map(([memberId, partitions]) => ({
    memberId,
    assignment: encodeAssignment(partitions),
  }));
  return { assignments, counts };
}

/** Resolves once a topic has another number of partitions; rejects with the signal's reason. Failed metadata requests are repeated. */
export async function partitionsChanged(
  cluster: Cluster,
  counts: PartitionCounts,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await pause(intervalMs, signal);
    const now = await partitionCounts(cluster, counts.keys()).catch(() => counts);
    for (const [topic, count] of counts) if (now.get(topic) !== count) return;
  }
}
