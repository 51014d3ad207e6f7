/** How many bytes partitions take on their leaders' disks. */
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { type Answer, partitionName, perLeader, type Routed, type Send } from '../../kafka/routing.ts';
import { directoriesOn } from '../cluster/log-dirs.ts';

interface LogSize extends Answer {
  readonly bytes: bigint;
}

/** @returns the size of each partition's log on its leader, by `partitionName`, or why it is not known */
export function logSizes(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<Routed<LogSize>> {
  const send: Send<TopicPartition, LogSize> = async (broker, asked) => {
    const sizes = new Map<string, LogSize>();
    for (const { topics } of await directoriesOn(cluster, broker, byTopic(asked))) {
      for (const { topic, partitions: logs } of topics) {
        for (const { partition, bytes, future } of logs) {
          // A future log is a copy on its way to another directory: it does not serve the partition yet.
          if (!future) sizes.set(partitionName({ topic, partition }), { errorCode: 0, bytes });
        }
      }
    }
    return sizes;
  };
  return perLeader(cluster, partitions, send);
}
