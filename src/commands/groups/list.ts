/** `kt groups list`: the groups there are, from one request per broker. */
import { command, option } from '../../cli/define.ts';
import { choice } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { groupStates, groupTypes, type ListedGroups, listGroups } from '../../core/groups.ts';

const shows: TableShape<ListedGroups> = {
  kind: 'table',
  blocks: ({ groups }) => [
    {
      columns: [
        { header: 'GROUP', get: ({ group }) => group, tone: () => 'strong' },
        { header: 'STATE', get: ({ state }) => state, tone: ({ state }) => (state === 'Stable' ? 'good' : 'dim') },
        { header: 'TYPE', get: ({ type }) => type },
        { header: 'PROTOCOL-TYPE', get: ({ protocolType }) => protocolType, wide: true },
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
    coordinator: 'broker id of its coordinator',
  },
};

export const groupsList = command({
  name: 'groups list',
  summary: 'List consumer groups and share groups',
  args: {},
  options: {
    state: option('--state <state>', 'only groups in this state', choice(groupStates), { choices: groupStates }),
    type: option('--type <type>', 'only groups of this type', choice(groupTypes), { choices: groupTypes }),
  },
  shows,
  examples: [
    { line: 'kt groups list', does: 'list all groups' },
    { line: 'kt groups list --state Empty -o name', does: 'names only, of the groups that have no members' },
  ],
  async run({ cluster }, _args, { state, type }) {
    const { groups, problems } = await listGroups(await cluster());
    const wanted = groups.filter((group) => (!state || group.state === state) && (!type || group.type === type));
    return { groups: wanted, problems };
  },
});
