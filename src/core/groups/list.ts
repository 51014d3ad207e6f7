/** The groups of a cluster, as their coordinators list them: ListGroups, once per broker. */

import { isEnding, KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { counted } from '../../base/units.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode, refused } from '../../kafka/wire/errors.ts';
import { coverageOf, nobody, unproven, unserved } from './coverage.ts';

/** The kinds of groups there are (KIP-848, KIP-932, KIP-1071). */
export const groupTypes = ['classic', 'consumer', 'share', 'streams'] as const;

/** Every state a group of any type can be in, as the brokers write them. */
export const groupStates = [
  'Stable',
  'Empty',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'NotReady',
  'Dead',
] as const;

export interface ListedGroup {
  readonly group: string;
  /** `Unknown` before Kafka 2.6. */
  readonly state: string;
  readonly type: string;
  /** `consumer` for groups that read records; empty for offsets committed without members; `connect` and others. */
  readonly protocolType: string;
  /** Broker id. */
  readonly coordinator: number;
}

export interface ListedGroups {
  /** By name. */
  readonly groups: readonly ListedGroup[];
  /** Brokers that did not answer, whose groups are missing from the list. */
  readonly problems: readonly KtError[];
}

/** Only groups in this state and of this type; absent: all. */
export interface GroupFilter {
  readonly state?: string | undefined;
  readonly type?: string | undefined;
}

/** Whether a filter lets a group through. */
export function passes({ state, type }: Pick<ListedGroup, 'state' | 'type'>, filter: GroupFilter): boolean {
  return (filter.state === undefined || filter.state === state) && (filter.type === undefined || filter.type === type);
}

/** How groups are listed. */
export interface Listing extends GroupFilter {
  /** Whether to make sure that no group is left out because its coordinator is moving; otherwise what brokers list right now is enough. */
  readonly whole: boolean;
  /** How long coordinators that move are waited for; default the cluster's timeout. */
  readonly timeoutMs?: number | undefined;
}

/**
 * All groups that this user may see and that pass the filter; brokers too old to filter list all of theirs.
 * A broker that cannot be reached does not hide the others' groups; it is a problem of the list, as is everything else that may be missing.
 */
export async function listGroups(cluster: Cluster, listing: Listing): Promise<ListedGroups> {
  const deadline = performance.now() + (listing.timeoutMs ?? cluster.timeoutMs);
  let lostBroker = false;
  for (;;) {
    const { groups, problems, moving, leaderless } = await listOnce(cluster, listing);
    const lost = problems.some(({ kind }) => kind === 'connection');
    // A broker that has just stopped soon leaves the list of brokers; one that stays silent is waited for only once.
    const isPassing = listing.whole && (moving > 0 || (lost && !lostBroker));
    if (!isPassing || performance.now() + movingPauseMs > deadline) {
      const gaps = [
        ...(moving > 0 ? [gapError(moving, 'moving')] : []),
        ...(leaderless > 0 ? [gapError(leaderless, 'lost')] : []),
      ];
      return { groups, problems: [...problems, ...gaps] };
    }
    lostBroker ||= lost;
    await pause(movingPauseMs, cluster.signal);
  }
}

interface Listed extends ListedGroups {
  /** Partitions whose coordinator was missing at some time; a broker that reports it for itself counts as one. */
  readonly moving: number;
  readonly leaderless: number;
}

async function listOnce(cluster: Cluster, listing: Listing): Promise<Listed> {
  const coverage = listing.whole ? await coverageOf(cluster) : nobody;
  const { probes, led, notReady, leaderless } = coverage;
  const { brokers } = await cluster.cachedMetadata([]);
  const problems: KtError[] = [];
  let moving = notReady;
  const perBroker = await Promise.all(
    brokers.map(async ({ id }) => {
      try {
        // A broker handles the requests of a connection in order, so these can go out together.
        const [held, before, listed, after] = await Promise.all([
          unproven(cluster, id, coverage),
          unserved(cluster, id, coverage),
          groupsOn(cluster, id, listing),
          unserved(cluster, id, coverage),
        ]);
        moving += Math.max(held, before, after, listed === 'loading' ? 1 : 0);
        return listed === 'loading' ? [] : listed;
      } catch (error) {
        if (!(error instanceof KtError) || isEnding(error)) throw error;
        // A broker that coordinates no groups has none to list.
        const isIdle = led !== undefined && !led.has(id) && !probes.has(id);
        if (!isIdle || error.kind !== 'connection') problems.push(error);
        return [];
      }
    }),
  );
  for (const [id, names] of probes) if (!brokers.some((broker) => broker.id === id)) moving += names.length;
  // A group that is moving may be on two lists.
  const groups = new Map(perBroker.flat().map((group) => [group.group, group]));
  return {
    groups: [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1)),
    problems,
    moving,
    leaderless,
  };
}

function gapError(count: number, how: 'moving' | 'lost'): KtError {
  const partitions = `${counted(count, 'partition')} of __consumer_offsets`;
  const why = how === 'moving' ? `the coordinator of ${partitions} is moving` : `${partitions} without a leader`;
  return new KtError('connection', `groups that cannot be listed (${why})`, {
    code: 'COORDINATOR_NOT_AVAILABLE',
    hint:
      how === 'moving'
        ? 'run it again in a moment'
        : 'kt topics describe __consumer_offsets --unavailable shows which, kt cluster health why',
  });
}

const movingPauseMs = 100;
/** From these versions on a broker filters by state (KIP-518, Kafka 2.6) and by type (KIP-848, Kafka 3.8). */
const statesVersion = 4;
const typesVersion = 5;

/**
 * One broker's groups; `loading` while it has just become their coordinator.
 * @throws KtError `connection`, `refused`
 */
export async function groupsOn(
  cluster: Cluster,
  broker: number,
  { state, type }: GroupFilter,
): Promise<readonly ListedGroup[] | 'loading'> {
  const version = state === undefined && type === undefined ? 0 : await cluster.apiVersion('ListGroups', broker);
  const filter = {
    ...(state !== undefined && version >= statesVersion ? { statesFilter: [state] } : {}),
    ...(type !== undefined && version >= typesVersion ? { typesFilter: [type] } : {}),
  };
  const { errorCode, groups } = await cluster.request('ListGroups', filter, { broker });
  if (errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) return 'loading';
  // A broker answers this where there is no offsets topic yet: it has no groups.
  if (errorCode === ErrorCode.COORDINATOR_NOT_AVAILABLE) return [];
  if (errorCode !== 0) throw refused(errorCode, `groups of broker ${broker}`);
  return groups.map(({ groupId, groupState, groupType, protocolType }) => ({
    group: groupId,
    state: groupState || 'Unknown',
    type: (groupType || 'classic').toLowerCase(),
    protocolType,
    coordinator: broker,
  }));
}
