/** The Metadata answer as plain values. */
import type { ClusterMetadata, TopicMetadata } from './cluster.ts';
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
      partitions: partitions
        .map((partition) => ({
          partition: partition.partitionIndex,
          leader: partition.leaderId,
          leaderEpoch: partition.leaderEpoch,
          replicas: partition.replicaNodes,
          // Of thousands of partitions nearly all are well: what says the same is kept once.
          isr: isSame(partition.isrNodes, partition.replicaNodes) ? partition.replicaNodes : partition.isrNodes,
          offline: partition.offlineReplicas.length === 0 ? none : partition.offlineReplicas,
          errorCode: partition.errorCode,
        }))
        .sort((a, b) => a.partition - b.partition),
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

function isSame(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
