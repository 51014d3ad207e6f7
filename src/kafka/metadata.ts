/** The Metadata answer as plain values. */
import type { ClusterMetadata, PartitionMetadata, TopicMetadata } from './cluster.ts';
import type { ResponseBodies } from './wire/generated/types.ts';

/** Kafka's word for "not told": Int.MinValue. */
const untold = -(2 ** 31);
const none: readonly number[] = [];
const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Turns a Metadata response into what the rest of kt reads: topics by name, partitions sorted. */
export function metadataOf(response: ResponseBodies['Metadata']): ClusterMetadata {
  const topics = new Map<string, TopicMetadata>();
  for (const { name, topicId, isInternal, errorCode, partitions } of response.topics) {
    if (name === null) continue;
    topics.set(name, {
      topic: name,
      topicId: topicId === noTopicId ? null : topicId,
      internal: isInternal,
      errorCode,
      partitions: partitionsOf(partitions),
    });
  }
  return {
    clusterId: response.clusterId,
    controllerId: response.controllerId,
    brokers: response.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack })),
    topics,
    operations: response.clusterAuthorizedOperations === untold ? undefined : response.clusterAuthorizedOperations,
  };
}

type WirePartitions = ResponseBodies['Metadata']['topics'][number]['partitions'];

function partitionsOf(wire: WirePartitions): readonly PartitionMetadata[] {
  const partitions: PartitionMetadata[] = [];
  let isSorted = true;
  for (const { partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas, errorCode } of wire) {
    isSorted &&= partitions.length === 0 || partitions.at(-1)!.partition < partitionIndex;
    partitions.push({
      partition: partitionIndex,
      leader: leaderId,
      leaderEpoch,
      replicas: replicaNodes,
      // Of thousands of partitions nearly all are well: what says the same is kept once.
      isr: isSame(isrNodes, replicaNodes) ? replicaNodes : isrNodes,
      offline: offlineReplicas.length === 0 ? none : offlineReplicas,
      errorCode,
    });
  }
  return isSorted ? partitions : partitions.sort((a, b) => a.partition - b.partition);
}

function isSame(some: readonly number[], others: readonly number[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) if (some[index] !== others[index]) return false;
  return true;
}
