/** `groups list`: the groups with their number of members, in one ListGroups per broker and one describe request per coordinator. */
import { KtError } from '../../base/errors.ts';
import { namePatternAmong } from '../../base/name-pattern.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ApiName } from '../../kafka/wire/generated/types.ts';
import { whatBrings } from '../../kafka/wire/releases.ts';
import { describeMembers } from './describe.ts';
import { type GroupFilter, type ListedGroup, listGroups, passes } from './list.ts';

interface GroupOverview {
  readonly group: string;
  readonly state: string;
  readonly type: string;
  readonly protocolType: string;
  /** The assignor; empty without members, null where it is unknown. */
  readonly protocol: string | null;
  /** How many; null where it is unknown. */
  readonly members: number | null;
  /** Broker id. */
  readonly coordinator: number;
}

export interface GroupOverviews {
  /** By name. */
  readonly groups: readonly GroupOverview[];
  readonly problems: readonly KtError[];
}

/** The API that a cluster with groups of a type has. */
const describeApis: Readonly<Record<string, ApiName>> = {
  share: 'ShareGroupDescribe',
  streams: 'StreamsGroupDescribe',
};

/**
 * The groups whose name matches and that pass the filter.
 * @throws KtError `usage` for an invalid regular expression, `refused` for share or streams groups where Kafka is too old for them
 */
export async function overviewGroups(cluster: Cluster, text: string | undefined, filter: GroupFilter): Promise<GroupOverviews> {
  const since = filter.type === undefined ? undefined : describeApis[filter.type];
  // An empty list would look as if there were none at the moment.
  if (since && (await cluster.apiVersion(since)) < 0) {
    throw new KtError('refused', `groups of type ${filter.type} (this Kafka does not have them)`, {
      code: 'UNSUPPORTED_VERSION',
      hint: whatBrings(since),
    });
  }
  const listed = await listGroups(cluster, { ...filter, whole: true });
  const names = new Set(listed.groups.map(({ group }) => group));
  const pattern = text === undefined ? undefined : namePatternAmong(text, names);
  // Before Kafka 2.6 the list has no state; the description has.
  const possible = listed.groups.filter(
    (group) => (pattern?.matches(group.group) ?? true) && (group.state === 'Unknown' || passes(group, filter)),
  );
  const known = new Map(possible.map(({ group, coordinator }) => [group, coordinator]));
  const described = await describeMembers(cluster, possible, { known });
  const problems = [...listed.problems];
  const groups = possible.flatMap((listing: ListedGroup): GroupOverview[] => {
    const answer = described.get(listing.group);
    if (answer instanceof KtError) problems.push(answer);
    const told = answer instanceof KtError ? undefined : answer;
    const { group, type, protocolType, coordinator } = listing;
    const state = listing.state === 'Unknown' && told ? told.state : listing.state;
    if (!passes({ state, type }, filter)) return [];
    return [
      {
        group,
        state,
        type,
        protocolType,
        protocol: told?.protocol ?? null,
        members: told?.members.length ?? null,
        coordinator,
      },
    ];
  });
  return { groups, problems };
}
