/** The connections that records come on, opened while it is asked where to begin. */
import type { Cluster, TopicPartition } from '../cluster.ts';
import { partitionName } from '../routing.ts';

/** Opens them to the partitions' leaders, as far as these are known: a round trip less later on, several with TLS and a login. */
export async function prepareFetch(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<void> {
  const wanted = new Set(partitions.map(partitionName));
  const { topics } = await cluster.cachedMetadata([...new Set(partitions.map(({ topic }) => topic))]);
  const leaders = new Set<number>();
  for (const [topic, found] of topics) {
    for (const { partition, leader } of found.partitions)
      if (leader >= 0 && wanted.has(partitionName({ topic, partition }))) leaders.add(leader);
  }
  cluster.prepareFetch(leaders);
}
