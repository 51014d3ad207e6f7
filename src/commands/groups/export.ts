/** `kt groups export`: a group's offsets, to be kept or given to a group again. */

import { argument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type ExportedOffset, exportOffsets } from '../../core/groups/export.ts';
import { partitionName } from '../../kafka/routing.ts';

export const groupsExport = command({
  name: 'groups export',
  summary: "Print a group's offsets, for kt groups reset-offsets --from-file",
  description:
    'The table, -o json and -o csv can all be read back. For a share group the offset is its start offset: everything before it is acknowledged.',
  args: { group: argument('group', 'the name of a group', { complete: 'group' }) },
  options: {},
  shows: rows<ExportedOffset>({
    columns: [
      { header: 'GROUP', get: ({ group }) => group, wide: true },
      { header: 'TOPIC', get: ({ topic }) => topic },
      { header: 'PARTITION', get: ({ partition }) => partition },
      { header: 'OFFSET', get: ({ offset }) => offset },
    ],
    name: partitionName,
    fields: {
      group: 'name of the group',
      topic: 'name of the topic',
      partition: 'number of the partition',
      offset: 'the next offset the group reads',
    },
  }),
  examples: [
    { line: 'kt groups export billing -o csv > billing.csv', does: "save a group's offsets" },
    {
      line: 'kt groups export billing | kt groups reset-offsets audit --from-file -',
      does: 'plan the same offsets for another group',
    },
  ],
  async run({ cluster }, { group }) {
    return exportOffsets(await cluster(), group);
  },
});
