/** Lists of which every coordinator has a part: asked for again while a coordinator moves, so that nothing is left out unseen. */
import { isEnding, KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { counted } from '../../base/units.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { brokerProblems } from './brokers.ts';
import { coverageOf, homeOf, type Kept, nobody, unproven, unserved } from './coverage.ts';

export interface ListingOptions {
  /** Whether to make sure that nothing is left out because its coordinator is moving; otherwise what brokers list right now is enough. */
  readonly whole: boolean;
  /** How long coordinators that move are waited for; default the cluster's timeout. */
  readonly timeoutMs?: number | undefined;
}

export interface CoordinatorLists<T> {
  /** What all brokers list; while it moves, something may be on two lists. */
  readonly items: readonly T[];
  /** Brokers that did not answer, and whatever else may be missing. */
  readonly problems: readonly KtError[];
}

/** One broker's list; `loading` while it has just become coordinator. */
export type AskBroker<T> = (broker: number) => Promise<readonly T[] | 'loading'>;

const movingPauseMs = 100;
/** A broker that has just stopped soon leaves the list of brokers, and one that was restarted answers again; any other is not waited for. */
const lostMs = 1_000;

/**
 * The lists of all brokers. One that cannot be reached does not hide those of the others; it is a problem of the list, as is everything else
 * that may be missing.
 */
export async function coordinatorLists<T>(
  cluster: Cluster,
  kept: Kept,
  ask: AskBroker<T>,
  { whole, timeoutMs = cluster.timeoutMs }: ListingOptions,
): Promise<CoordinatorLists<T>> {
  const deadline = performance.now() + timeoutMs;
  let lostAt: number | undefined;
  for (;;) {
    const { items, problems, moving, leaderless } = await listOnce(cluster, kept, ask, whole);
    const now = performance.now();
    const isLost = problems.some(({ kind }) => kind === 'connection');
    if (isLost) lostAt ??= now;
    const isPassing = whole && (moving > 0 || (isLost && now - lostAt! < lostMs));
    if (!isPassing || now + movingPauseMs > deadline) {
      const gaps = [
        ...(moving > 0 ? [gapError(kept, moving, 'moving')] : []),
        ...(leaderless > 0 ? [gapError(kept, leaderless, 'lost')] : []),
      ];
      return { items, problems: [...problems, ...gaps] };
    }
    await pause(movingPauseMs, cluster.signal);
  }
}

interface ListedOnce<T> extends CoordinatorLists<T> {
  /** Partitions whose coordinator was missing at some time; a broker that reports it for itself counts as one. */
  readonly moving: number;
  readonly leaderless: number;
}

async function listOnce<T>(cluster: Cluster, kept: Kept, ask: AskBroker<T>, whole: boolean): Promise<ListedOnce<T>> {
  const coverage = whole ? await coverageOf(cluster, kept) : nobody(kept);
  const { probes, led, notReady, leaderless } = coverage;
  const { brokers } = await cluster.cachedMetadata([]);
  const failures = new Map<number, KtError>();
  let moving = notReady;
  const perBroker = await Promise.all(
    brokers.map(async ({ id }) => {
      try {
        // A broker handles the requests of a connection in order, so these can go out together.
        const [held, before, listed, after] = await Promise.all([
          unproven(cluster, id, coverage),
          unserved(cluster, id, coverage),
          ask(id),
          unserved(cluster, id, coverage),
        ]);
        moving += Math.max(held, before, after, listed === 'loading' ? 1 : 0);
        return listed === 'loading' ? [] : listed;
      } catch (error) {
        if (!(error instanceof KtError) || isEnding(error)) throw error;
        // A broker that coordinates nothing has nothing to list.
        const isIdle = led !== undefined && !led.has(id) && !probes.has(id);
        if (!isIdle || error.kind !== 'connection') failures.set(id, error);
        return [];
      }
    }),
  );
  for (const [id, names] of probes) if (!brokers.some((broker) => broker.id === id)) moving += names.length;
  return { items: perBroker.flat(), problems: brokerProblems(failures), moving, leaderless };
}

function gapError(kept: Kept, count: number, how: 'moving' | 'lost'): KtError {
  const topic = homeOf(kept);
  const partitions = `${counted(count, 'partition')} of ${topic}`;
  const why = how === 'moving' ? `the coordinator of ${partitions} is moving` : `${partitions} without a leader`;
  return new KtError('connection', `${kept}s that cannot be listed (${why})`, {
    code: 'COORDINATOR_NOT_AVAILABLE',
    hint:
      how === 'moving'
        ? 'run it again in a moment'
        : `kt topics describe ${topic} --unavailable shows which, kt cluster health why`,
  });
}
