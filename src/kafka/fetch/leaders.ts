/** Partitions without a leader: a look at the metadata for new leaders, and for topics that were deleted. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, ClusterMetadata } from '../cluster.ts';
import { ErrorCode, errorOf, refused } from '../wire/errors.ts';
import { loseLeader, type PartitionFetchState } from './partition-state.ts';

/** A broker that has just started may not know its topics yet, so a topic counts as deleted only when it stays unknown this long. */
const doubtMs = 3_000;
/** LEADER_NOT_AVAILABLE */

/**
 * Gives each partition the leader it has now, if any.
 * @returns topics that were deleted
 */
export async function findLeaders(cluster: Cluster, lost: readonly PartitionFetchState[]): Promise<ReadonlySet<string>> {
  const deleted = new Set<string>();
  const metadata = await metadataOf(cluster, lost);
  if (!metadata) return deleted;
  for (const state of lost) {
    const topic = metadata.topics.get(state.topic);
    const isUnknown = topic?.errorCode !== undefined && errorOf(topic.errorCode).name === 'UNKNOWN_TOPIC_OR_PARTITION';
    state.unknownAt = isUnknown ? (state.unknownAt ?? performance.now()) : undefined;
    if (isUnknown && performance.now() - state.unknownAt! < doubtMs) continue;
    if (isUnknown || (topic?.topicId && state.topicId && topic.topicId !== state.topicId)) {
      deleted.add(state.topic);
      continue;
    }
    const found = topic?.partitions.find(({ partition }) => partition === state.partition);
    if (found && found.leader >= 0 && metadata.brokers.some(({ id }) => id === found.leader)) {
      state.leader = found.leader;
      state.leaderEpoch = found.leaderEpoch;
    } else {
      loseLeader(state, refused(found?.errorCode || ErrorCode.LEADER_NOT_AVAILABLE, `${state.topic}:${state.partition}`, null));
    }
  }
  return deleted;
}

/** Undefined when no broker answers. */
async function metadataOf(cluster: Cluster, lost: readonly PartitionFetchState[]): Promise<ClusterMetadata | undefined> {
  try {
    return await cluster.metadata([...new Set(lost.map(({ topic }) => topic))]);
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
    for (const state of lost) loseLeader(state, error);
    return undefined;
  }
}
