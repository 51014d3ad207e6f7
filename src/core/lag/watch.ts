/** Lag over time: a sample per interval, with rates from the samples before. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { catchUpSeconds } from './catch-up.ts';
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
  /** As the function of this name says. */
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

/**
 * Rates between the first and the last of the newest samples that count; of what is committed, since the first with a committed offset. An
 * end offset that went back means a topic made anew: the samples before it do not count.
 */
export function ratesOf(samples: readonly LagSample[]): Rates {
  const known = samples.slice(-rateSamples).filter(({ lag, endOffset }) => lag !== null && endOffset !== null);
  const anew = known.findLastIndex(({ endOffset }, index) => index > 0 && endOffset! < known[index - 1]!.endOffset!);
  const seen = known.slice(Math.max(0, anew));
  const inPerSecond = perSecond(seen, ({ endOffset }) => endOffset);
  const outPerSecond = perSecond(seen, ({ committedOffset }) => committedOffset);
  return {
    inPerSecond,
    outPerSecond,
    catchUpSeconds: catchUpSeconds({ lag: seen.at(-1)?.lag ?? null, inPerSecond, outPerSecond }),
  };
}

/** From the first sample that has an offset to the last sample; null with no time between them, or if the last has none. */
function perSecond(samples: readonly LagSample[], offsetOf: (sample: LagSample) => bigint | null): number | null {
  const first = samples.find((sample) => offsetOf(sample) !== null);
  const last = samples.at(-1);
  if (!first || !last || last.atMs <= first.atMs) return null;
  const [before, after] = [offsetOf(first)!, offsetOf(last)];
  return after === null ? null : Math.round((Number(after - before) / (last.atMs - first.atMs)) * 10_000) / 10;
}
