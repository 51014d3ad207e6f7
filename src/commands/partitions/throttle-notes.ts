/** Takes away the throttles that kt set, and says so. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Context } from '../../context.ts';
import { type OngoingReassignment, ongoingReassignments } from '../../core/partitions/reassignments.ts';
import { graceSeconds, removeThrottles } from '../../core/partitions/throttles.ts';
import type { Cluster } from '../../kafka/cluster.ts';

/**
 * Removing a throttle that is not allowed, or not possible, is warned of; what the user asked for goes on.
 * @param own the throttle that this kt set; another's young one is waited for without it, and left alone with it
 * @returns the reassignments that were going on when it was decided: none of them, and no throttle of kt's is left
 * @throws KtError `refused` where the reassignments may not be seen
 */
export async function endThrottles(
  cluster: Cluster,
  { note, warn, signal }: Pick<Context, 'note' | 'warn' | 'signal'>,
  own?: number,
): Promise<readonly OngoingReassignment[]> {
  let ongoing = await ongoingReassignments(cluster);
  const remove = () => removeThrottles(cluster, new Set(ongoing.map(({ topic }) => topic)), own);
  try {
    let removed = await remove();
    if (removed.tooYoung && own === undefined) {
      note(`a throttle was set just now: checking again in ${graceSeconds} s whether its reassignment has started`);
      await pause(graceSeconds * 1000, signal);
      ongoing = await ongoingReassignments(cluster);
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
  return ongoing;
}
