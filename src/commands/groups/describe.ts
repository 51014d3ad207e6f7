/** `kt groups describe`: a group's members, what each is assigned, and where the group stands. */

import { variadicArgument } from '../../cli/define.ts';
import type { Block, Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type Member, spread } from '../../core/groups/describe.ts';
import type { GroupPosition } from '../../core/groups/positions.ts';
import type { Task } from '../../core/groups/streams.ts';
import type { GroupLag } from '../../core/lag/compute.ts';
import { type LagReport, reportLag } from '../../core/lag/report.ts';
import { byTopic, partitionNames } from '../../kafka/by-topic.ts';
import { noteIfPartial } from '../visibility.ts';
import { lagColumns, lagFields, lagTone, transactionsHeading } from './lag-rows.ts';

const memberColumns: readonly Column<Member & { readonly group: string }>[] = [
  { header: 'GROUP', get: ({ group }) => group, wide: true },
  { header: 'MEMBER-ID', get: ({ memberId }) => memberId },
  { header: 'INSTANCE-ID', get: ({ groupInstanceId }) => groupInstanceId },
  { header: 'CLIENT-ID', get: ({ clientId }) => clientId },
  { header: 'HOST', get: ({ host }) => host },
  { header: 'PARTITIONS', get: ({ assignment }) => assignment.length },
  { header: 'ASSIGNMENT', get: ({ assignment }) => partitionNames(assignment) || null },
  { header: 'TASKS', get: ({ tasks = [] }) => tasksText(tasks), wide: true },
];

const shows: TableShape<LagReport> = {
  kind: 'table',
  tables: [memberColumns, lagColumns],
  blocks: ({ groups, positions }) => groups.flatMap((lag) => blocks(lag, positions.get(lag.group)!)),
  names: ({ groups }) => groups.map(({ group }) => group),
  json: ({ groups, positions }) => groups.map((lag) => json(lag, positions.get(lag.group)!)),
  problems: ({ problems }) => problems,
  fields: {
    group: 'name of the group',
    state: 'state of the group: Stable, Empty, …',
    type: 'classic, consumer, share or streams',
    coordinator: 'broker id of its coordinator',
    protocolType: 'consumer for groups that read records; connect and others',
    protocol: 'the assignor the members agreed on, or the broker uses; empty without members',
    lag: 'sum of the known lag of its partitions; null where it has some, and none is known',
    'members[].memberId': 'id the coordinator gave the member',
    'members[].groupInstanceId': 'group.instance.id of a static member, or null',
    'members[].clientId': 'its client id',
    'members[].host': 'address it connects from',
    skew: 'most partitions that a member has minus the fewest; null without members',
    'members[].partitionCount': 'number of partitions it is assigned',
    'members[].assignment[].topic': 'topic it is assigned partitions of',
    'members[].assignment[].partitions': 'numbers of these partitions',
    'members[].tasks[].subtopology': 'only in streams groups: the part of the topology that the task runs',
    'members[].tasks[].partition': 'number of the partition that the task reads of each topic of its subtopology',
    'members[].tasks[].role': 'active, standby (keeps a copy of the state) or warmup (will become one of the two)',
    ...lagFields,
  },
};

export const groupsDescribe = command({
  name: 'groups describe',
  summary: 'Describe groups: members, assignment and offsets',
  description:
    'Works for groups of the classic and the new protocol (KIP-848), for share groups and for streams groups (KIP-1071). For checks in scripts, see kt lag.',
  args: {
    groups: variadicArgument('group|pattern', 'a group name, a glob or a regular expression', true, { complete: 'group' }),
  },
  options: {},
  shows,
  examples: [
    { line: 'kt groups describe billing', does: 'show who reads what in a group' },
    { line: 'kt groups describe billing -o json', does: 'the same for a script' },
  ],
  async run(context, { groups }) {
    const report = await reportLag(await context.clusterOnDemand(), groups, { topics: [], uncommitted: 'count' });
    await noteIfPartial(context, 'groups', groups);
    return report;
  },
});

function blocks(lag: GroupLag, position: GroupPosition): readonly Block[] {
  const { group, protocol, members } = position;
  return [
    {
      heading: [
        ['group', group.group, 'strong'],
        ['state', group.state, group.state === 'Stable' ? 'good' : 'dim'],
        ['type', group.type],
        ['coordinator', group.coordinator],
        ['protocol type', group.protocolType],
        ['protocol', protocol],
        ['members', members.length],
        ...(members.length > 1 ? [['partitions per member', spreadText(members)] as const] : []),
        ['lag', lag.lag, lagTone(lag.lag)],
        ...transactionsHeading(lag.partitions),
      ],
      columns: memberColumns,
      hidesEmpty: true,
      rows: members.map((member) => ({ group: group.group, ...member })),
    },
    {
      columns: lagColumns,
      hidesEmpty: true,
      rows: lag.partitions.map((partition) => ({ group: group.group, ...partition })),
    },
  ];
}

function json(lag: GroupLag, { group, protocol, members }: GroupPosition) {
  const { partitions, ...summary } = lag;
  return {
    ...summary,
    protocolType: group.protocolType,
    protocol,
    skew: spread(members)?.skew ?? null,
    members: members.map(({ assignment, ...member }) => ({
      ...member,
      partitionCount: assignment.length,
      assignment: byTopic(assignment),
    })),
    partitions,
  };
}

/** `2 to 5, skew 3`. */
function spreadText(members: readonly Member[]): string {
  const { fewest, most, skew } = spread(members)!;
  return skew === 0 ? `${most} each` : `${fewest} to ${most}, skew ${skew}`;
}

/** Kafka Streams calls a task by its subtopology and partition: `0_1 1_0 standby 1_1`. */
function tasksText(tasks: readonly Task[]): string | null {
  const texts = tasks.map(({ subtopology, partition, role }) => {
    const name = `${subtopology}_${partition}`;
    return role === 'active' ? name : `${role} ${name}`;
  });
  return texts.join(' ') || null;
}
