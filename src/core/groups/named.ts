/** One group by its exact name, for commands that change it: whether it exists, and whether it has members. */

import { KtError, usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Member } from './describe.ts';
import { type GroupPosition, groupPositions } from './positions.ts';

export interface NamedGroup {
  readonly group: string;
  /** Undefined when there is no such group. */
  readonly position: GroupPosition | undefined;
  /** The error to throw where the group must exist. */
  readonly missing: KtError | undefined;
}

/**
 * Looks a group up. Whether it exists is known from ListGroups and OffsetFetch: DescribeGroups calls a group Dead both if it does not exist
 * and if it uses KIP-848.
 * @throws KtError `usage` for a pattern, `refused` without permission, `connection` when its coordinator cannot be asked
 */
export async function namedGroup(cluster: Cluster, group: string): Promise<NamedGroup> {
  const { groups, problems } = await groupPositions(cluster, [group]);
  const position = groups.find((each) => each.group.group === group);
  if (position) return { group, position, missing: undefined };
  if (groups.length > 0)
    throw usageError(`'${group}' (a pattern; this command takes one group)`, `kt groups list ${shellWord(group)} shows them`);
  const missing = problems[0];
  if (missing?.code !== 'GROUP_ID_NOT_FOUND') throw missing ?? new KtError('bug', `no answer about group ${group}`);
  return { group, position: undefined, missing };
}

/** States of a group without members; brokers before Kafka 2.6 list `Unknown`. */
const inactive: ReadonlySet<string> = new Set(['Empty', 'Dead', 'Unknown']);
/** Types of groups from which static members can be removed (KIP-345). */
export const removableTypes: ReadonlySet<string> = new Set(['classic', 'consumer']);
const shownMembers = 5;

/** Why a group's offsets cannot be changed now, naming its members; undefined when it has none. */
export function activeError({ group: { group, state, type }, members }: GroupPosition): KtError | undefined {
  if (inactive.has(state) && members.length === 0) return undefined;
  const shown = members.slice(0, shownMembers).map(memberInWords);
  const others = members.length > shown.length ? [`and ${members.length - shown.length} more`] : [];
  const count = members.length === 1 ? '1 member' : `${members.length} members`;
  const who = members.length === 0 ? `it is ${state}` : `it is ${state} with ${count}: ${[...shown, ...others].join(', ')}`;
  const statics = removableTypes.has(type) ? members.flatMap(({ groupInstanceId }) => groupInstanceId ?? []) : [];
  const name = shellWord(group);
  const onlyStatic = members.length > 0 && statics.length === members.length;
  const dead =
    statics.length > 0
      ? `; if static members died, remove them: kt groups remove-members ${name} ${selecting(onlyStatic, statics)}`
      : '';
  return new KtError('refused', `group ${group} is active (${who})`, {
    code: 'NON_EMPTY_GROUP',
    hint: `stop its members, then run it again: kt groups describe ${name} shows who is left${dead}`,
  });
}

/** Options that choose the static members, all of them or up to `shownMembers`. */
function selecting(onlyStatic: boolean, ids: readonly string[]): string {
  if (onlyStatic) return '--all';
  return ids
    .slice(0, shownMembers)
    .map((id) => `--instance-id ${shellWord(id)}`)
    .join(' ');
}

/** `app-1 at 10.0.0.1`. */
function memberInWords({ clientId, host, groupInstanceId }: Member): string {
  return `${clientId || 'a client without id'}${groupInstanceId === null ? '' : ` (instance ${groupInstanceId})`} at ${host}`;
}
