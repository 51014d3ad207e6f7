/** `groups remove-members`: finds members of a group, then has them leave with LeaveGroup, as an administrator may since KIP-345. */
import { KtError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { GroupCoordinator } from '../../kafka/group/coordinator.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { errorOf, leftOut } from '../../kafka/wire/errors.ts';
import type { Member } from './describe.ts';
import { namedGroup, removableTypes } from './named.ts';

export interface MemberRemoval {
  readonly group: string;
  /** Members that can be removed. */
  readonly members: readonly Member[];
  /** Instance ids that no member has, and members that the protocol cannot remove. */
  readonly failed: readonly MemberRemovalOutcome[];
}

export interface MemberRemovalOutcome {
  readonly group: string;
  readonly memberId: string | null;
  /** `group.instance.id` of a static member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  /** `absent`: no such member, with an error where it was named; `valid`: a dry run that would have removed it. */
  readonly status: 'removed' | 'absent' | 'valid' | 'failed';
  readonly error?: KtError;
}

/** From this version on LeaveGroup takes a list of members, also by group instance id (KIP-345). */
const memberListVersion = 3;
/** ConsumerGroupDescribe's number for a member that speaks the newer protocol; unknown before its version 1 (KIP-1099). */
const newerProtocol = 1;

/**
 * The members with these group instance ids, or all members.
 * @throws KtError `refused` for an unknown group, a type that LeaveGroup does not know, and brokers that are too old
 */
export async function planMemberRemoval(
  cluster: Cluster,
  group: string,
  instanceIds: readonly string[] | 'all',
): Promise<MemberRemoval> {
  const { position, missing } = await namedGroup(cluster, group);
  if (!position) throw missing;
  const { type } = position.group;
  if (!removableTypes.has(type)) throw wrongType(group, type);
  if ((await cluster.apiVersion('LeaveGroup')) < memberListVersion) throw tooOld(group);
  const { members } = position;
  const chosen = instanceIds === 'all' ? members : members.filter((each) => instanceIds.includes(each.groupInstanceId ?? ''));
  const stubborn = type === 'consumer' ? await dynamicOfNewerProtocol(cluster, group) : new Set<string>();
  const removable = chosen.filter(({ memberId }) => !stubborn.has(memberId));
  const kept = chosen.filter(({ memberId }) => stubborn.has(memberId));
  return {
    group,
    members: removable,
    failed: [
      ...kept.map((member) => outcomeOf(group, member, 'failed', onlyByItself(group, member))),
      ...(instanceIds === 'all' ? [] : absentOutcomes(group, members, instanceIds)),
    ],
  };
}

function wrongType(group: string, type: string): KtError {
  return new KtError(
    'refused',
    `members of group ${group} cannot be removed (Kafka has no way to remove those of a ${type} group)`,
    {
      code: 'UNSUPPORTED_VERSION',
      hint: 'stop them; a member that crashed leaves when its session times out',
    },
  );
}

function tooOld(group: string): KtError {
  return new KtError('refused', `members of group ${group} cannot be removed (this Kafka is too old for it)`, {
    code: 'UNSUPPORTED_VERSION',
    hint: 'Kafka 2.4 brought it (KIP-345)',
  });
}

/** The ids of dynamic members that speak the newer protocol (KIP-848), in which only the member itself can say that it leaves. */
async function dynamicOfNewerProtocol(cluster: Cluster, group: string): Promise<ReadonlySet<string>> {
  const body = { groupIds: [group], includeAuthorizedOperations: false };
  const { groups } = await cluster.request('ConsumerGroupDescribe', body, { group });
  const members = groups.flatMap((each) => each.members);
  return new Set(
    members
      .filter(({ instanceId, memberType }) => instanceId === null && memberType === newerProtocol)
      .map(({ memberId }) => memberId),
  );
}

function onlyByItself(group: string, { memberId }: Member): KtError {
  const why = 'a dynamic member of the newer protocol, KIP-848, can only leave by itself';
  return new KtError('refused', `member ${memberId} of group ${group} not removed (${why})`, {
    code: 'UNSUPPORTED_VERSION',
    hint: 'stop it; after a crash it is gone when its session times out (group.consumer.session.timeout.ms)',
  });
}

function absentOutcomes(
  group: string,
  members: readonly Member[],
  instanceIds: readonly string[],
): readonly MemberRemovalOutcome[] {
  const known = members.flatMap(({ groupInstanceId }) => groupInstanceId ?? []);
  const nobody = { memberId: null, clientId: null, host: null };
  return [...new Set(instanceIds)]
    .filter((id) => !known.includes(id))
    .map((groupInstanceId) => {
      const near = nearest(groupInstanceId, known);
      const error = new KtError('refused', `group ${group} has no member with instance id ${groupInstanceId}`, {
        code: 'UNKNOWN_MEMBER_ID',
        hint: near ? `did you mean ${near}?` : `kt groups describe ${shellWord(group)} shows its members`,
      });
      return outcomeOf(group, { ...nobody, groupInstanceId }, 'absent', error);
    });
}

/** The outcomes of a plan that is not carried out. */
export function plannedRemovals({ group, members, failed }: MemberRemoval): readonly MemberRemovalOutcome[] {
  return [...members.map((member) => outcomeOf(group, member, 'valid')), ...failed];
}

/** Carries out a plan in one request; one member that stays does not keep the others. @throws KtError `connection`, or the coordinator's refusal */
export async function removeMembers(
  cluster: Cluster,
  { group, members, failed }: MemberRemoval,
): Promise<readonly MemberRemovalOutcome[]> {
  if (members.length === 0) return failed;
  const { errorCode: all, members: answers } = await new GroupCoordinator(cluster, group).ask(
    'LeaveGroup',
    {
      groupId: group,
      members: members.map(({ memberId, groupInstanceId }) => ({
        // A static member is named by its instance id alone: it may have got another member id meanwhile.
        memberId: groupInstanceId === null ? memberId : '',
        groupInstanceId,
        reason: 'removed by an administrator with kt',
      })),
    },
    { signal: cluster.signal, giveUpMs: cluster.timeoutMs, codes: ({ errorCode }) => [errorCode] },
  );
  const codeOf = ({ memberId, groupInstanceId }: Member): number => {
    if (all !== 0) return all;
    const answer = answers.find((each) =>
      groupInstanceId === null ? each.memberId === memberId : each.groupInstanceId === groupInstanceId,
    );
    return answer?.errorCode ?? leftOut;
  };
  const outcomes = members.map((member) => {
    const code = codeOf(member);
    if (code === 0) return outcomeOf(group, member, 'removed');
    // It has left meanwhile.
    if (errorOf(code).name === 'UNKNOWN_MEMBER_ID') return outcomeOf(group, member, 'absent');
    const what = `member ${member.groupInstanceId ?? member.memberId} of group ${group} not removed`;
    return outcomeOf(group, member, 'failed', refusedFor(code, what, { group: ['READ', group] }));
  });
  return [...outcomes, ...failed];
}

function outcomeOf(
  group: string,
  {
    memberId,
    groupInstanceId,
    clientId,
    host,
  }: Pick<MemberRemovalOutcome, 'memberId' | 'groupInstanceId' | 'clientId' | 'host'>,
  status: MemberRemovalOutcome['status'],
  error?: KtError,
): MemberRemovalOutcome {
  return { group, memberId, groupInstanceId, clientId, host, status, ...(error ? { error } : {}) };
}
