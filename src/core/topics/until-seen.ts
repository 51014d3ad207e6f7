/** Waits until the broker knows what the controller has just done: brokers lag slightly behind it. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';

const pauseMs = 20;
const longestMs = 2_000;

/** Checks until `isThere` is true, for at most two seconds. The change itself is done: failing to check it is no error. */
export async function untilSeen(cluster: Cluster, isThere: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + Math.min(cluster.timeoutMs, longestMs);
  try {
    while (performance.now() < deadline) {
      if (await isThere()) return;
      await pause(pauseMs, cluster.signal);
    }
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
  }
}
