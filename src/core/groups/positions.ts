/** Members and committed offsets of groups, in one request of each kind per coordinator. */
import { KtError } from '../../base/errors.ts';
import { isPattern } from '../../base/name-pattern.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import type { Routed, RoutingOptions } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { mayBePartial } from '../cluster/visibility.ts';
import { describeMembers, type GroupMembers, type Member } from './describe.ts';
import { type ListedGroup, type ListedGroups, listGroups } from './list.ts';
import { type Committed, type Coordinators, type GroupCommits, listGroupOffsets, listShareGroupOffsets } from './offsets.ts';
import { selectGroups, unknownGroup } from './select.ts';

/** A group with everything that its lag depends on, except the logs. */
export interface GroupPosition {
  readonly group: ListedGroup;
  /** The assignor; empty without members, and for a streams group. */
  readonly protocol: string;
  readonly members: readonly Member[];
  readonly commits: readonly Committed[];
  /** Topics that a share or streams group reads but has not started to read. */
  readonly unread?: readonly string[];
}

export interface GroupPositions {
  /** By name. */
  readonly groups: readonly GroupPosition[];
  readonly problems: readonly KtError[];
}

const nothing: Routed<GroupCommits> = new Map();

/** @param texts names and patterns; none: all groups. A name or pattern without a group is a problem */
export async function groupPositions(
  cluster: Cluster,
  texts: readonly string[],
  { timeoutMs }: RoutingOptions = {},
): Promise<GroupPositions> {
  // Named groups need not wait for the coordinators of others, unless one seems to be missing.
  const named = texts.length > 0 && !texts.some(isPattern);
  let listed = await listGroups(cluster, { whole: !named, timeoutMs });
  const isPartial = !named && (await mayBePartial(cluster, 'groups'));
  let selected = selectGroups(listed.groups, texts, isPartial);
  if (named && selected.unlisted.length > 0) {
    listed = await listGroups(cluster, { whole: true, timeoutMs });
    selected = selectGroups(listed.groups, texts);
  }
  const options: Coordinators = {
    timeoutMs,
    known: new Map(selected.groups.map(({ group, coordinator }) => [group, coordinator])),
  };
  const share = selected.groups.filter(({ type }) => type === 'share').map(({ group }) => group);
  // Ask for unlisted groups too: only this tells a missing permission from a missing group.
  const others = [...selected.groups.filter(({ type }) => type !== 'share').map(({ group }) => group), ...selected.unlisted];
  const [members, commits, startOffsets] = await Promise.all([
    describeMembers(cluster, selected.groups, options),
    others.length > 0 ? listGroupOffsets(cluster, others, options) : nothing,
    share.length > 0 ? listShareGroupOffsets(cluster, share, options) : nothing,
  ]);
  const problems: KtError[] = [...selected.problems];
  const found: GroupPosition[] = [];
  for (const group of selected.unlisted) {
    const answer = commits.get(group);
    // While a coordinator moves, its groups may be on no broker's list; offsets prove that a group exists.
    if (answer && !(answer instanceof KtError) && answer.commits.length > 0) found.push(unlistedPosition(group, answer));
    else problems.push(unlistedGroup(group, answer, listed));
  }
  // A broker that did not answer may have groups that are wanted: all groups, or those matching a pattern.
  if (texts.length === 0 || texts.some(isPattern)) problems.push(...listed.problems);
  const groups = selected.groups.flatMap((group): GroupPosition[] => {
    const committed = (group.type === 'share' ? startOffsets : commits).get(group.group);
    const described = members.get(group.group);
    const undescribed = described instanceof KtError ? [described] : [];
    if (committed instanceof KtError) {
      problems.push(...undescribed, committed);
      return [];
    }
    const { commits: offsets = [], unread = [] } = committed ?? {};
    // A coordinator that has just taken over a group may not know its members yet.
    const isSettling = offsets.length > 0 && undescribed[0]?.code === 'GROUP_ID_NOT_FOUND';
    if (!isSettling) problems.push(...undescribed);
    const sources = described instanceof KtError ? [] : (described?.sources ?? []);
    const begun = new Set(offsets.map(({ topic }) => topic));
    const ahead = [...unread, ...sources.filter((topic) => !begun.has(topic))];
    return [{ ...positionOf(group, described, offsets), ...(ahead.length > 0 ? { unread: ahead } : {}) }];
  });
  return { groups: [...groups, ...found], problems };
}

function unlistedPosition(group: string, { commits }: GroupCommits): GroupPosition {
  const listedGroup = { group, state: 'Unknown', type: 'classic', protocolType: 'consumer', coordinator: -1 };
  return { group: listedGroup, commits, members: [], protocol: '' };
}

function positionOf(
  group: ListedGroup,
  described: GroupMembers | KtError | undefined,
  commits: readonly Committed[],
): GroupPosition {
  if (described === undefined || described instanceof KtError) return { group, commits, members: [], protocol: '' };
  // DescribeGroups reports a group of another type as dead; the list has its real state.
  const state = described.state === 'Dead' ? group.state : described.state;
  return { group: { ...group, state }, commits, members: described.members, protocol: described.protocol };
}

function unlistedGroup(group: string, answer: GroupCommits | KtError | undefined, listed: ListedGroups): KtError {
  if (answer instanceof KtError && answer.code === 'GROUP_AUTHORIZATION_FAILED') {
    return refusedFor(ErrorCode.GROUP_AUTHORIZATION_FAILED, `group ${group}`, { group: ['DESCRIBE', group] });
  }
  if (answer instanceof KtError && answer.code !== 'GROUP_ID_NOT_FOUND') return answer;
  const names = listed.groups.map((each) => each.group);
  return listed.problems[0] ?? unknownGroup(group, `unknown group ${group} (the cluster has no group of that name)`, names);
}
