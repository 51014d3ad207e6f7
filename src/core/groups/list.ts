/** The groups of a cluster, as their coordinators list them: ListGroups, once per broker. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode, refused } from '../../kafka/wire/errors.ts';
import { coordinatorLists, type ListingOptions } from '../cluster/coordinator-lists.ts';

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
export interface Listing extends GroupFilter, ListingOptions {}

/**
 * All groups that this user may see and that pass the filter; brokers too old to filter list all of theirs.
 * A broker that cannot be reached does not hide the others' groups; it is a problem of the list, as is everything else that may be missing.
 */
export async function listGroups(cluster: Cluster, listing: Listing): Promise<ListedGroups> {
  const { items, problems } = await coordinatorLists(cluster, 'group', (broker) => groupsOn(cluster, broker, listing), listing);
  // A group that is moving may be on two lists.
  const groups = new Map(items.map((group) => [group.group, group]));
  return { groups: [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1)), problems };
}

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
