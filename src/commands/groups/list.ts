/** `kt groups list`: the groups there are, and how many members each has. */

import { option, optionalArgument } from '../../cli/define.ts';
import { choice } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { groupStates, groupTypes } from '../../core/groups/list.ts';
import { type GroupOverviews, overviewGroups } from '../../core/groups/overview.ts';
import { noteIfPartial } from '../visibility.ts';

const shows: TableShape<GroupOverviews> = {
  kind: 'table',
  isList: true,
  blocks: ({ groups }) => [
    {
      columns: [
        { header: 'GROUP', get: ({ group }) => group, tone: () => 'strong' },
        { header: 'STATE', get: ({ state }) => state, tone: ({ state }) => (state === 'Stable' ? 'good' : 'dim') },
        { header: 'TYPE', get: ({ type }) => type },
        { header: 'PROTOCOL-TYPE', get: ({ protocolType }) => protocolType, wide: true },
        { header: 'PROTOCOL', get: ({ protocol }) => protocol },
        { header: 'MEMBERS', get: ({ members }) => members },
        { header: 'COORDINATOR', get: ({ coordinator }) => coordinator },
      ],
      rows: groups,
    },
  ],
  names: ({ groups }) => groups.map(({ group }) => group),
  json: ({ groups }) => groups,
  problems: ({ problems }) => problems,
  fields: {
    group: 'name of the group',
    state: 'state of the group: Stable, Empty, …',
    type: 'classic, consumer, share or streams',
    protocolType:
      'consumer for groups that read records; empty when offsets were committed without members; connect and others',
    protocol:
      'the assignor the members agreed on, or the broker uses; empty without members, null where the cluster does not say',
    members: 'number of members, or null where the cluster does not say',
    coordinator: 'broker id of its coordinator',
  },
};

export const groupsList = command({
  name: 'groups list',
  summary: 'List consumer, share and streams groups',
  description:
    'Brokers filter by state since Kafka 2.6 and by type since Kafka 3.8; for older brokers kt filters. Before Kafka 3.8 every group is listed as classic. Patterns work as in kt topics list.',
  args: { pattern: optionalArgument('pattern', 'a group name, a glob or a regular expression', { complete: 'group' }) },
  options: {
    state: option('--state <state>', 'only groups in this state', choice(groupStates)),
    type: option('--type <type>', 'only groups of this type', choice(groupTypes)),
  },
  shows,
  examples: [
    { line: 'kt groups list', does: 'list all groups' },
    { line: 'kt groups list --state Empty -o name', does: 'only the names of groups without members' },
    { line: "kt groups list 'billing-*' --type share", does: 'the share groups whose names begin with billing-' },
  ],
  async run(context, { pattern }, { state, type }) {
    const listed = await overviewGroups(await context.clusterOnDemand(), pattern, { state, type });
    await noteIfPartial(context, 'groups');
    return listed;
  },
});
