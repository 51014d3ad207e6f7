/** `kt groups remove-members`: the members that are to go, shown and confirmed, with an outcome for each. */
import { usageError } from '../../base/errors.ts';
import { argument, flag, repeatable } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import { rows, type Tone } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  type MemberRemoval,
  type MemberRemovalOutcome,
  planMemberRemoval,
  plannedRemovals,
  removeMembers,
} from '../../core/groups/remove-members.ts';

const tones: Readonly<Record<MemberRemovalOutcome['status'], Tone>> = {
  removed: 'good',
  absent: 'warn',
  valid: 'dim',
  failed: 'bad',
};

export const groupsRemoveMembers = command({
  name: 'groups remove-members',
  summary: 'Remove members from a group, such as static members that died',
  description:
    'A static member (group.instance.id) that died keeps its partitions until its session times out, which may be 30 minutes, and until then the offsets of the group cannot be reset. --instance-id removes such members, --all every member. A member that still runs joins again. Works for classic and consumer groups; a dynamic member of the newer protocol (KIP-848) can only leave by itself. Who would be removed is shown and has to be confirmed; without a terminal, add --yes.',
  args: { group: argument('group', 'the name of a group', { complete: 'group' }) },
  options: {
    instanceId: repeatable('--instance-id <id>', 'remove the static member with this group.instance.id', text),
    all: flag('--all', 'remove every member'),
    dryRun: flag('--dry-run', 'show who would be removed, and remove nobody'),
  },
  shows: rows<MemberRemovalOutcome>({
    columns: [
      { header: 'GROUP', get: ({ group }) => group, wide: true },
      { header: 'MEMBER-ID', get: ({ memberId }) => memberId },
      { header: 'INSTANCE-ID', get: ({ groupInstanceId }) => groupInstanceId },
      { header: 'CLIENT-ID', get: ({ clientId }) => clientId },
      { header: 'HOST', get: ({ host }) => host },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
    ],
    name: ({ groupInstanceId, memberId }) => groupInstanceId ?? memberId ?? '',
    fields: {
      group: 'name of the group',
      memberId: 'id of the member, or null where there is none',
      groupInstanceId: 'group.instance.id of a static member, or null',
      clientId: 'client.id of the member, or null',
      host: 'where it connected from, or null',
      status:
        'removed, absent (there is no such member, or it left meanwhile), valid (with --dry-run: would be removed) or failed',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    { line: 'kt groups remove-members billing --instance-id pod-3', does: 'remove a static member that died' },
    { line: 'kt groups remove-members billing --all --dry-run', does: 'show which members would be removed' },
  ],
  async run({ cluster, note, confirm }, { group }, { instanceId, all, dryRun }) {
    if (all === instanceId.length > 0)
      throw usageError(all ? '--all with --instance-id' : 'no member', 'give --instance-id for each member, or --all');
    const connected = await cluster();
    const plan = await planMemberRemoval(connected, group, all ? 'all' : instanceId);
    if (plan.members.length === 0 && plan.failed.length === 0) note(`group ${group} has no members`);
    if (dryRun || plan.members.length === 0) return plannedRemovals(plan);
    for (const { memberId, groupInstanceId, clientId, host } of plan.members)
      note(`${groupInstanceId ?? memberId}: ${clientId || 'a client without id'} at ${host}`);
    await confirm(`Remove ${inWords(plan)}`, { count: plan.members.length, byPattern: false });
    return removeMembers(connected, plan);
  },
});

function inWords({ group, members }: MemberRemoval): string {
  return `${members.length === 1 ? '1 member' : `${members.length} members`} of group ${group}`;
}
