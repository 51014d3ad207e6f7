/** Partitions grouped by topic, as most requests want them. */
import type { TopicPartition } from './cluster.ts';

/** The items of each partition, grouped by topic, in the order given. */
export function groupedByTopic<P extends TopicPartition>(
  items: readonly P[],
): readonly { readonly topic: string; readonly partitions: readonly P[] }[] {
  const topics = new Map<string, P[]>();
  for (const item of items) {
    if (!topics.get(item.topic)?.push(item)) topics.set(item.topic, [item]);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

/** As `groupedByTopic`, with partition numbers only. */
export function byTopic(
  partitions: readonly TopicPartition[],
): readonly { readonly topic: string; readonly partitions: readonly number[] }[] {
  return groupedByTopic(partitions).map(({ topic, partitions: items }) => ({
    topic,
    partitions: items.map(({ partition }) => partition),
  }));
}

/** `orders:0,1 payments:2`, the partitions of each topic in order. */
export function partitionNames(partitions: readonly TopicPartition[]): string {
  return byTopic(partitions)
    .map(({ topic, partitions: numbers }) => `${topic}:${[...numbers].sort((a, b) => a - b).join(',')}`)
    .join(' ');
}

/** `orders:0,1, users:2`, for sentences. */
export function partitionsInWords(partitions: readonly TopicPartition[]): string {
  return byTopic(partitions)
    .map(({ topic, partitions: numbers }) => `${topic}:${numbers.join(',')}`)
    .join(', ');
}
