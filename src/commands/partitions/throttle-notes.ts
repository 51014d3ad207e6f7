/** Takes away the throttles that kt set, and says so. */
import type { Context } from '../../context.ts';
import { ongoingReassignments } from '../../core/reassignments.ts';
import { graceSeconds, removeThrottles } from '../../core/throttles.ts';
import { KtError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { pause } from '../../pause.ts';

/**
 * What is not allowed, or cannot be reached, is said; what the user asked for goes on.
 * @param own the throttle that this kt set; another's young one is waited for without it, and left alone with it
 */
export async function endThrottles(
  cluster: Cluster,
  { note, warn, settings, signal }: Pick<Context, 'note' | 'warn' | 'settings' | 'signal'>,
  own?: number,
): Promise<void> {
  try {
    const { timeoutMs } = await settings();
    const remove = async () => {
      const busy = new Set((await ongoingReassignments(cluster, timeoutMs)).map(({ topic }) => topic));
      return removeThrottles(cluster, busy, { timeoutMs, own });
    };
    let removed = await remove();
    if (removed.tooYoung && own === undefined) {
      note(`a throttle was set just now: looking again in ${graceSeconds} s whether its reassignment has begun`);
      await pause(graceSeconds * 1000, signal);
      removed = await remove();
    }
    const { topics, brokers, unreachable } = removed;
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
