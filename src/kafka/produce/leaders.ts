/** Where a partition's batches go: its present leader. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../cluster.ts';
import { ErrorCode, refused } from '../wire/errors.ts';
import type { PartitionDelivery } from './delivery.ts';

/** Between two questions for leaders: an election takes that long at least. */
const retryMs = 100;

/**
 * Asks, after a pause, for the leaders of the partitions that have something to send and have none.
 * @returns why the others still have none
 */
export async function findLeaders(
  cluster: Cluster,
  deliveries: () => readonly PartitionDelivery[],
  signal: AbortSignal,
): Promise<ReadonlyMap<PartitionDelivery, KtError>> {
  await pause(retryMs, signal);
  const lost = deliveries().filter(({ leader, waiting, open }) => leader === undefined && (waiting.length > 0 || open));
  const metadata = await cluster.metadata([...new Set(lost.map(({ topic }) => topic))]).catch((error: unknown) => {
    if (error instanceof KtError && error.kind === 'connection') return error;
    throw error;
  });
  const problems = new Map<PartitionDelivery, KtError>();
  for (const delivery of lost) {
    const problem = metadata instanceof KtError ? metadata : locate(delivery, metadata);
    if (problem) problems.set(delivery, problem);
  }
  return problems;
}

/** Gives a partition its present leader, or says why it has none. */
function locate(delivery: PartitionDelivery, metadata: Awaited<ReturnType<Cluster['metadata']>>): KtError | undefined {
  const topic = metadata.topics.get(delivery.topic);
  const found = topic?.partitions.find(({ partition }) => partition === delivery.partition);
  if (found && found.leader >= 0) {
    delivery.leader = found.leader;
    return undefined;
  }
  return refused(
    topic?.errorCode || found?.errorCode || ErrorCode.LEADER_NOT_AVAILABLE,
    `writing to ${delivery.topic}:${delivery.partition}`,
    null,
  );
}
