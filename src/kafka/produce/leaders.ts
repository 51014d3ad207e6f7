/** Where a partition's batches go: its present leader. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../cluster.ts';
import { refused } from '../wire/errors.ts';
import type { PartitionDelivery } from './delivery.ts';

/** Gives a partition its present leader, or says why it has none. */
export function locate(delivery: PartitionDelivery, metadata: Awaited<ReturnType<Cluster['metadata']>>): KtError | undefined {
  const topic = metadata.topics.get(delivery.topic);
  const found = topic?.partitions.find(({ partition }) => partition === delivery.partition);
  if (found && found.leader >= 0) {
    delivery.leader = found.leader;
    return undefined;
  }
  const leaderNotAvailable = 5;
  return refused(
    topic?.errorCode || found?.errorCode || leaderNotAvailable,
    `writing to ${delivery.topic} [${delivery.partition}]`,
    null,
  );
}
