/** Assignments of the consumer protocol (KIP-848), which name topics by id. */
import type { ClusterMetadata, TopicPartition } from '../cluster.ts';

/** Sorted by topic id and partition, so that equal assignments look the same. */
export type TopicIdPartitions = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];

export const nothing: TopicIdPartitions = [];

/** The same partitions with the names of their topics; undefined when the metadata lacks one. */
export function named(assigned: TopicIdPartitions, { topics }: ClusterMetadata): readonly TopicPartition[] | undefined {
  const names = new Map([...topics.values()].map(({ topic, topicId }) => [topicId, topic]));
  const partitions: TopicPartition[] = [];
  for (const { topicId, partitions: numbers } of assigned) {
    const topic = names.get(topicId);
    if (topic === undefined) return undefined;
    for (const partition of numbers) partitions.push({ topic, partition });
  }
  return partitions;
}

/** Sorts an assignment. */
export function inOrder(assigned: TopicIdPartitions): TopicIdPartitions {
  return assigned
    .map(({ topicId, partitions }) => ({ topicId, partitions: partitions.toSorted((one, other) => one - other) }))
    .sort((one, other) => (one.topicId < other.topicId ? -1 : 1));
}

/** Whether two sorted assignments are the same. */
export function isSame(one: TopicIdPartitions, other: TopicIdPartitions): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
