/** How many bytes partitions take on their leaders' disks: DescribeLogDirs. */
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName, perLeader, type Routed, type Send } from '../../kafka/routing.ts';
import { refused } from '../../kafka/wire/errors.ts';

interface LogSize {
  readonly errorCode: number;
  readonly bytes: bigint;
}

/** @returns the size of each partition's log on its leader, by `partitionName`, or why it is not known */
export function logSizes(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<Routed<LogSize>> {
  const send: Send<TopicPartition, LogSize> = async (broker, asked) => {
    const { errorCode, results } = await cluster.request('DescribeLogDirs', { topics: byTopic(asked) }, { broker });
    if (errorCode !== 0) throw refused(errorCode, `log directories of broker ${broker}`);
    const sizes = new Map<string, LogSize>();
    for (const { topics } of results) {
      for (const { name, partitions: logs } of topics) {
        for (const { partitionIndex, partitionSize, isFutureKey } of logs) {
          // A future log is a copy on its way to another directory: it does not serve the partition yet.
          if (!isFutureKey)
            sizes.set(partitionName({ topic: name, partition: partitionIndex }), { errorCode: 0, bytes: partitionSize });
        }
      }
    }
    return sizes;
  };
  return perLeader(cluster, partitions, send);
}
