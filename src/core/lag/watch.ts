/** Lag over time: a sample per interval, with rates from the samples before. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { GroupLag, PartitionLag } from './compute.ts';
import { LagHistory } from './history.ts';
import type { LagOptions } from './options.ts';
import { measureLag } from './report.ts';
import type { LagSample } from './verdicts.ts';

/** Records per second over the last few samples; null where unknown. */
interface Rates {
  /** Written by producers. */
  readonly inPerSecond: number | null;
  /** Committed by the group. */
  readonly outPerSecond: number | null;
  /** Seconds until the lag is gone at these rates; 0 without lag, null when it does not fall. */
  readonly catchUpSeconds: number | null;
}

export type WatchedPartition = PartitionLag &
  Rates & { /** Oldest first; null where unknown. */ readonly lags: readonly (bigint | null)[] };
type WatchedGroup = Omit<GroupLag, 'partitions'> & { readonly partitions: readonly WatchedPartition[] };

export interface WatchSample {
  /** Epoch ms. */
  readonly timestamp: number;
  /** As they are now; empty when the cluster did not answer. */
  readonly groups: readonly WatchedGroup[];
  readonly problems: readonly KtError[];
  /** The groups last seen, and when. */
  readonly lastSeen: { readonly timestamp: number; readonly groups: readonly WatchedGroup[] };
}

/** As many as the sparkline shows. */
const keptSamples = 30;
/** Rates are averaged over this many samples, because offsets advance in steps. */
const rateSamples = 6;

/**
 * Yields samples until the signal is aborted; while the cluster does not answer, samples hold a problem.
 * @throws KtError `refused` at the first sample, when there is nothing to watch
 */
export async function* watchLag(
  cluster: Cluster,
  texts: readonly string[],
  options: LagOptions,
  intervalMs: number,
  signal: AbortSignal,
): AsyncGenerator<WatchSample> {
  const history = new LagHistory(keptSamples);
  let lastSeen: WatchSample['lastSeen'] = { timestamp: Date.now(), groups: [] };
  const start = performance.now();
  for (let looks = 0; ; ) {
    const { timestamp, groups, problems } = await look(cluster, texts, options);
    if (looks === 0 && groups.length === 0 && problems.length > 0) throw problems[0];
    history.add(timestamp, groups);
    const watched = groups.map((group) => watchedGroup(group, history));
    if (groups.length > 0 || problems.length === 0) lastSeen = { timestamp, groups: watched };
    yield { timestamp, groups: watched, problems, lastSeen };
    looks = Math.max(looks + 1, Math.ceil((performance.now() - start) / intervalMs));
    const waiting = start + looks * intervalMs - performance.now();
    await pause(Math.max(0, waiting), AbortSignal.any([signal, cluster.signal]));
  }
}

async function look(cluster: Cluster, texts: readonly string[], options: LagOptions) {
  try {
    const { groups, problems } = await measureLag(cluster, texts, options);
    return { timestamp: Date.now(), groups, problems };
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
    return { timestamp: Date.now(), groups: [], problems: [error] };
  }
}

function watchedGroup(group: GroupLag, history: LagHistory): WatchedGroup {
  const partitions = group.partitions.map((row) => {
    const samples = history.of(group.group, row);
    return { ...row, ...ratesOf(samples), lags: samples.map(({ lag }) => lag) };
  });
  return { ...group, partitions };
}

/** Rates between the first and the last of the newest samples that count. */
export function ratesOf(samples: readonly LagSample[]): Rates {
  const seen = samples.slice(-rateSamples).filter(({ lag, endOffset }) => lag !== null && endOffset !== null);
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) return { inPerSecond: null, outPerSecond: null, catchUpSeconds: null };
  const seconds = (last.atMs - first.atMs) / 1000;
  const perSecond = (before: bigint | null, after: bigint | null) =>
    before === null || after === null || seconds <= 0 ? null : Math.round((Number(after - before) / seconds) * 10) / 10;
  const inPerSecond = perSecond(first.endOffset, last.endOffset);
  const outPerSecond = perSecond(first.committedOffset, last.committedOffset);
  const gain = inPerSecond === null || outPerSecond === null ? 0 : outPerSecond - inPerSecond;
  const catchUpSeconds = last.lag === 0n ? 0 : gain > 0 ? Math.round(Number(last.lag) / gain) : null;
  return { inPerSecond, outPerSecond, catchUpSeconds };
}
