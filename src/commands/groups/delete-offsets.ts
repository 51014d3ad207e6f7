/** `kt groups delete-offsets`: what a group has committed for some topics is shown, confirmed and forgotten. */

import { type KtError, usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { argument, flag, repeatable } from '../../cli/define.ts';
import type { Column, TableShape, Tone } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  deleteOffsets,
  type OffsetDeletionOutcome,
  plannedOffsetDeletions,
  planOffsetsDeletion,
} from '../../core/groups/delete-offsets.ts';
import { partitionNames } from '../../kafka/by-topic.ts';
import { topicPartitions } from '../selections.ts';

interface Deleted {
  readonly offsets: readonly OffsetDeletionOutcome[];
  readonly problems: readonly KtError[];
}

const tones: Readonly<Record<OffsetDeletionOutcome['status'], Tone>> = { deleted: 'good', valid: 'dim', failed: 'bad' };

const columns: readonly Column<OffsetDeletionOutcome>[] = [
  { header: 'GROUP', get: ({ group }) => group },
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'COMMITTED-OFFSET', get: ({ committedOffset }) => committedOffset },
  { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
];

const shows: TableShape<Deleted> = {
  kind: 'table',
  tables: [columns],
  blocks: ({ offsets }) => [{ columns, rows: offsets }],
  names: ({ offsets }) => [...new Set(offsets.map(({ topic }) => topic))],
  json: ({ offsets }) => offsets,
  problems: ({ offsets, problems }) => [...problems, ...offsets.flatMap(({ error }) => error ?? [])],
  fields: {
    group: 'name of the group',
    topic: 'name of the topic',
    partition: 'number of the partition',
    committedOffset: 'the offset that was deleted',
    status: 'deleted, valid (with --dry-run: would be deleted) or failed',
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
};

export const groupsDeleteOffsets = command({
  name: 'groups delete-offsets',
  summary: "Delete a group's committed offsets of topics",
  description:
    'Offsets of other topics stay. The group may have members, as long as they do not read these topics. The topics need not exist any more. What would be deleted is shown and has to be confirmed; without a terminal, add --yes. Offsets of a share group can only be deleted for whole topics.',
  args: { group: argument('group', 'the name of a group', { complete: 'group' }) },
  options: {
    topic: repeatable('--topic <topic[:p,…]>', 'the offsets of this topic, or of these partitions of it', topicPartitions, {
      complete: 'topic',
    }),
    dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing'),
  },
  shows,
  examples: [
    {
      line: 'kt groups delete-offsets billing --topic orders',
      does: 'delete the offsets of a topic that the group no longer reads',
    },
    { line: 'kt groups delete-offsets billing --topic orders:0,3 --dry-run', does: 'show the offsets of two partitions' },
  ],
  async run({ cluster, confirm, note }, { group }, { topic, dryRun }) {
    if (topic.length === 0) throw usageError('no --topic', `kt groups delete ${shellWord(group)} deletes the whole group`);
    const connected = await cluster();
    const plan = await planOffsetsDeletion(connected, group, topic);
    const { offsets, problems } = plan;
    if (dryRun || offsets.length === 0) return { offsets: plannedOffsetDeletions(plan), problems };
    note(partitionNames(offsets));
    const what = offsets.length === 1 ? 'this offset' : `these ${offsets.length} offsets`;
    await confirm(`Delete ${what} of group ${group}`, { count: offsets.length, byPattern: false });
    return { offsets: await deleteOffsets(connected, plan), problems };
  },
});
