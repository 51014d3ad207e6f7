/** Waits until the broker knows what the controller has just done: brokers lag slightly behind it. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';

const pauseMs = 20;
/** A broker that is short of CPU or disk can lag for seconds; one that never catches up must not hold a command for long. */
const longestMs = 10_000;
/** A busy broker takes seconds for thousands of new partitions. */
const longestMsEach = 2;

/**
 * Checks until `isThere` is true, for at most ten seconds and a little for each change. The change itself is done: failing to check it is no error.
 * @param changes how many there are: partitions, for example
 */
export async function untilSeen(cluster: Cluster, isThere: () => Promise<boolean>, changes = 0): Promise<void> {
  const deadline = performance.now() + Math.min(cluster.timeoutMs, longestMs + longestMsEach * changes);
  try {
    while (performance.now() < deadline) {
      if (await isThere()) return;
      await pause(pauseMs, cluster.signal);
    }
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
  }
}
