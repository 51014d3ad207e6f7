/** Takes away the throttles that kt set, and says so. */
import type { Context } from '../../context.ts';
import type { OngoingReassignment } from '../../core/reassignments.ts';
import { removeThrottles } from '../../core/throttles.ts';
import { KtError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';

/** What is not allowed, or cannot be reached, is said; what the user asked for goes on. */
export async function endThrottles(
  cluster: Cluster,
  ongoing: readonly OngoingReassignment[],
  { note, warn, settings }: Pick<Context, 'note' | 'warn' | 'settings'>,
): Promise<void> {
  try {
    const { timeoutMs } = await settings();
    const busy = new Set(ongoing.map(({ topic }) => topic));
    const { topics, brokers, unreachable } = await removeThrottles(cluster, busy, timeoutMs);
    const done = [
      ...(brokers.length > 0 ? [`brokers ${brokers.join(', ')}`] : []),
      ...(topics.length > 0 ? [`topics ${topics.join(', ')}`] : []),
    ];
    if (done.length > 0) note(`throttle of a finished reassignment removed from ${done.join(' and ')}`);
    if (unreachable.length > 0)
      warn(
        `throttle not removed from brokers ${unreachable.join(', ')}, which are down: run kt partitions reassignments when they are back`,
      );
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'refused') throw error;
    warn(`throttle not removed: ${error.message}`);
  }
}
