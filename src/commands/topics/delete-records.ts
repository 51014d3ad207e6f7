/** `kt topics delete-records`: the oldest records of a topic, shown and confirmed, an outcome per partition out. */

import { usageError } from '../../base/errors.ts';
import { requireNames } from '../../base/name-pattern.ts';
import { counted } from '../../base/units.ts';
import { argument, flag, option, repeatable } from '../../cli/define.ts';
import { position, wholeNumber } from '../../cli/options.ts';
import type { Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  deleteRecords,
  plannedDeletions,
  planRecordDeletion,
  type RecordDeletion,
  type RecordDeletions,
} from '../../core/partitions/delete-records.ts';
import { partitionName } from '../../kafka/routing.ts';
import { selectionsOf } from '../selections.ts';
import { errorsOf, outcomeColumns } from './outcome.ts';

const [topicColumn, statusColumn] = outcomeColumns<RecordDeletion>();
const columns: readonly Column<RecordDeletion>[] = [
  topicColumn!,
  { header: 'PARTITION', get: ({ partition }) => partition },
  statusColumn!,
  { header: 'RECORDS', get: ({ records }) => records, unit: 'count' },
  { header: 'START-OFFSET', get: ({ startOffset }) => startOffset },
];

const shows: TableShape<RecordDeletions> = {
  kind: 'table',
  tables: [columns],
  blocks: ({ partitions }) => [{ columns, rows: partitions }],
  names: ({ partitions }) => partitions.map(partitionName),
  json: ({ partitions }) => partitions,
  problems: ({ partitions, problems }) => [...problems, ...errorsOf(partitions)],
  fields: {
    topic: 'name of the topic',
    partition: 'number of the partition',
    status: 'deleted, unchanged (nothing before the position), valid (with --dry-run) or failed',
    records: 'number of offsets deleted; null when it failed',
    startOffset: 'the first offset now (with --dry-run: afterwards); null when it failed',
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
};

export const topicsDeleteRecords = command({
  name: 'topics delete-records',
  summary: 'Delete the oldest records of a topic',
  description:
    'Deletes the records before a position: an offset, end (all records), -N (all but the last N), @TIME or a time ago such as -1h (everything older). What would be deleted is shown and has to be confirmed; without a terminal, add --yes. Records written in the meantime stay.',
  args: { topic: argument('topic', 'name of the topic; orders:0,3 for some partitions', { complete: 'topic' }) },
  options: {
    before: option('--before <position>', 'the first record to keep: an offset, end, -N, @TIME or -1h', position),
    partition: repeatable('-p, --partition <n>', 'only this partition', wholeNumber),
    dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing'),
  },
  shows,
  examples: [
    {
      line: 'kt topics delete-records orders --before @2026-01-31',
      does: 'delete everything from before that day, after a confirmation',
    },
    { line: 'kt topics delete-records orders --before end --dry-run', does: 'show how many records a topic holds' },
    { line: 'kt topics delete-records orders --before 4200 -p 3 --yes', does: 'delete up to an offset, in a script' },
  ],
  async run({ cluster, note, confirm }, { topic: given }, { before, partition, dryRun }) {
    if (!before) throw usageError('--before (not given)', 'say which record to keep: --before end deletes all records');
    const [selection] = selectionsOf([given], partition);
    const { topic } = selection!;
    requireNames('topics delete-records', [topic]);
    const connected = await cluster();
    const plan = await planRecordDeletion(connected, selection!, before);
    if (dryRun || plan.doomed.length === 0) return plannedDeletions(plan);
    let records = 0n;
    for (const { partition: number, before: stays, startOffset } of plan.doomed) {
      note(
        `${partitionName({ topic, partition: number })}: ${counted(stays - startOffset, 'record')}, offsets ${startOffset} to ${stays - 1n}`,
      );
      records += stays - startOffset;
    }
    await confirm(`Delete ${counted(records, 'record')} of topic ${topic}`, { count: 1, byPattern: false });
    return deleteRecords(connected, plan);
  },
});
