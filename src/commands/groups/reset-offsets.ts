/** `kt groups reset-offsets`: a plan of where a group would go on reading, and with --execute that very plan carried out. */
import { argument, command, flag, option, repeatable } from '../../cli/define.ts';
import { finiteDuration, text } from '../../cli/options.ts';
import type { Column, TableShape, Tone } from '../../cli/shape.ts';
import type { Context } from '../../context.ts';
import { type ResetReport, resetOffsets } from '../../core/groups-reset.ts';
import { type PartitionReset, type ResetTarget, totalsOf } from '../../core/groups-reset-plan.ts';
import { usageError } from '../../errors.ts';
import { offsetsFrom, resetPosition, shift, topicPartitions } from './words.ts';

type Row = PartitionReset & { readonly group: string };

const tones: Readonly<Record<PartitionReset['status'], Tone>> = { planned: 'dim', reset: 'good', left: 'dim', failed: 'bad' };

const columns: readonly Column<Row>[] = [
  { header: 'GROUP', get: ({ group }) => group, wide: true },
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'OLDEST', get: ({ startOffset }) => startOffset },
  { header: 'NEWEST', get: ({ endOffset }) => endOffset },
  { header: 'CURRENT', get: ({ committedOffset }) => committedOffset },
  { header: 'TARGET', get: ({ targetOffset }) => targetOffset, tone: () => 'strong' },
  { header: 'RE-READ', get: ({ reread }) => reread, tone: ({ reread }) => (reread ? 'warn' : undefined) },
  { header: 'SKIP', get: ({ skipped }) => skipped, tone: ({ skipped }) => (skipped ? 'bad' : undefined) },
  { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
  { header: 'NOTE', get: ({ note }) => note, tone: () => 'warn' },
];

const shows: TableShape<ResetReport> = {
  kind: 'table',
  blocks(report) {
    const { group, state, executed, partitions } = report;
    const { reread, skipped } = totalsOf(partitions);
    return [
      {
        heading: [
          ['group', group, 'strong'],
          ['state', state ?? (executed ? 'did not exist' : 'does not exist')],
          ['records to re-read', reread, reread > 0n ? 'warn' : 'dim'],
          ['records to skip', skipped, skipped > 0n ? 'bad' : 'dim'],
        ],
        columns,
        rows: partitions.map((partition) => ({ group, ...partition })),
      },
      { columns: [], rows: [], footer: closing(report) },
    ];
  },
  names: ({ partitions }) => [...new Set(partitions.map(({ topic }) => topic))],
  json: ({ problems: _, ...report }) => ({
    group: report.group,
    state: report.state,
    type: report.type,
    executed: report.executed,
    ...totalsOf(report.partitions),
    partitions: report.partitions,
  }),
  problems: ({ problems }) => problems,
  fields: {
    group: 'name of the group',
    state: 'state of the group; null when it does not exist, and the reset makes it',
    type: 'classic, consumer, share or streams; null when it does not exist',
    executed: 'whether offsets were set: false is a plan',
    reread: 'records that the group reads again, over all partitions; a transaction’s end and compacted offsets count too',
    skipped: 'records that the group never reads, over all partitions',
    'partitions[].topic': 'name of the topic',
    'partitions[].partition': 'number of the partition',
    'partitions[].startOffset': 'the first offset of the log (OLDEST)',
    'partitions[].endOffset': 'the offset after the last record of the log (NEWEST)',
    'partitions[].committedOffset': 'where the group stood (CURRENT); null where it never committed',
    'partitions[].targetOffset': 'where it is set to (TARGET); null where it is left alone',
    'partitions[].reread': 'records that are read again; null where the group never committed',
    'partitions[].skipped': 'records that are never read; null where the group never committed',
    'partitions[].status': 'planned, reset, left (alone) or failed',
    'partitions[].note': 'absent, or what is special: an offset clamped to the log, why it is left alone',
    'partitions[].error': 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
};

export const groupsResetOffsets = command({
  name: 'groups reset-offsets',
  summary: 'Set where a group goes on reading: a plan, or with --execute the deed',
  description: [
    'Without --execute nothing is changed. The group must have no members. Without --topic all partitions of the topics the group has committed offsets of are reset; a group that does not exist is made only when --topic or --from-file says for what.',
    'Positions: beginning, end, an offset, -N (N before the end), @TIME (the first record of that time or later), -1h (an hour ago) or current. An offset outside of the log becomes the log’s start or end, with a note. Works for groups of the classic and the new protocol (KIP-848) and for share groups.',
    '--from-file takes what kt groups export prints, this command’s own plan (-o json or csv), and the CSV of kafka-consumer-groups --reset-offsets --export; - is stdin.',
  ].join('\n\n'),
  args: { group: argument('group', 'the name of a group', { complete: 'group' }) },
  options: {
    to: option('--to <position>', 'set to this position', resetPosition),
    shift: option('--shift <count>', 'so many records on from the committed offset, or back: -100', shift),
    byDuration: option('--by-duration <duration>', 'back to the records of so long ago', finiteDuration),
    fromFile: option('--from-file <file>', 'set to the offsets in this file', text, { complete: 'file' }),
    topic: repeatable('--topic <topic[:p,…]>', 'only this topic, or these partitions of it', topicPartitions, {
      complete: 'topic',
    }),
    execute: flag('--execute', 'set the offsets'),
  },
  shows,
  examples: [
    { line: 'kt groups reset-offsets billing --to beginning', does: 'show what reading everything again would mean' },
    { line: 'kt groups reset-offsets billing --to @2026-01-31T09:30:00Z --execute', does: 'go back to a time' },
    { line: 'kt groups reset-offsets billing --topic orders:3 --shift 1 --execute', does: 'skip one record of one partition' },
    { line: 'kt groups reset-offsets billing --from-file offsets.csv --execute', does: 'set the offsets of a file' },
  ],
  async run(context, { group }, options) {
    const to = await targetOf(context, group, options);
    const { timeoutMs } = await context.settings();
    return resetOffsets(await context.cluster(), { group, to, topics: options.topic, execute: options.execute, timeoutMs });
  },
});

interface TargetOptions {
  readonly to: ResetTarget | undefined;
  readonly shift: bigint | undefined;
  readonly byDuration: number | undefined;
  readonly fromFile: string | undefined;
}

async function targetOf(context: Context, group: string, options: TargetOptions): Promise<ResetTarget> {
  const { to, shift: by, byDuration, fromFile } = options;
  const given = Object.entries({ '--to': to, '--shift': by, '--by-duration': byDuration, '--from-file': fromFile }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length !== 1) {
    const what = given.length === 0 ? 'no target' : `${given.map(([flag]) => flag).join(' and ')} (more than one target)`;
    throw usageError(what, 'say where to with one of --to, --shift, --by-duration and --from-file');
  }
  if (to) return to;
  if (by !== undefined) return { at: 'shift', by };
  if (byDuration !== undefined) return { at: 'time', timestampMs: Date.now() - byDuration };
  return { at: 'given', offsets: await offsetsFrom(context, fromFile!, group) };
}

function closing({ group, state, executed, partitions }: ResetReport): string {
  const count = (status: PartitionReset['status']) => partitions.filter((each) => each.status === status).length;
  if (executed) return `offsets set: ${count('reset')} of ${partitions.length} partitions`;
  const made = state === null ? `; it would make group ${group}, which does not exist` : '';
  return `a plan, nothing was changed${made}: --execute sets the offsets`;
}
