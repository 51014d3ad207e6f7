/** Partitions that a member is assigned and does not get on with: seen only by looking for a while. */
import { pause } from '../../base/pause.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { PartitionLag } from '../lag/compute.ts';
import type { LagOptions } from '../lag/options.ts';
import { measureLag } from '../lag/report.ts';
import { age, type Told } from './finding.ts';

const intervalMs = 1_000;

/**
 * Looks until each partition has had a commit or has no lag, at most for `watchMs`: consumers commit every 5 s unless told otherwise.
 * @param watched with lag and a member
 */
export async function whatStandsStill(
  cluster: Cluster,
  group: string,
  watched: readonly PartitionLag[],
  options: LagOptions,
  watchMs: number,
): Promise<readonly Told[]> {
  const deadline = performance.now() + watchMs;
  let still = watched;
  while (still.length > 0 && performance.now() < deadline) {
    await pause(Math.min(intervalMs, watchMs), cluster.signal);
    const { groups } = await measureLag(cluster, [group], { ...options, seconds: false });
    const now = new Map(groups[0]?.partitions.map((row) => [partitionName(row), row]));
    still = still.filter((before) => {
      const row = now.get(partitionName(before));
      return row !== undefined && row.committedOffset === before.committedOffset && row.memberId !== null && row.lag !== 0n;
    });
  }
  return still.map(({ topic, partition, lag, memberId, clientId, host, lagSeconds }) => ({
    target: partitionName({ topic, partition }),
    verdict: 'warn',
    found: `nothing was committed in ${age(watchMs)}, and ${lag} records wait${lagSeconds ? `, the oldest for ${age(lagSeconds * 1000)}` : ''}`,
    why: `member ${clientId || memberId} at ${host} has it: it is stuck on a record, slow, or commits seldom`,
    cure: `kt groups peek ${shellWord(group)} shows the record it is at; the log of the member says more`,
  }));
}
