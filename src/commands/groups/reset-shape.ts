/** How the plan of a group's offsets looks, and what became of it: `groups reset-offsets` and `groups copy`. */
import type { Column, TableShape, Tone } from '../../cli/shape.ts';
import type { ResetReport } from '../../core/groups/reset.ts';
import { type PartitionReset, totalsOf } from '../../core/groups/reset-plan.ts';

type Row = PartitionReset & { readonly group: string };

const tones: Readonly<Record<PartitionReset['status'], Tone>> = { planned: 'dim', reset: 'good', left: 'dim', failed: 'bad' };

/** A plan whose partitions all have a target has no status to tell, and needs the room for notes. */
function columnsOf(partitions: readonly PartitionReset[]): readonly Column<Row>[] {
  const told = partitions.some(({ status }) => status !== 'planned');
  return columns.map((column) => (column.header === 'STATUS' ? { ...column, wide: !told } : column));
}

const columns: readonly Column<Row>[] = [
  { header: 'GROUP', get: ({ group }) => group, wide: true },
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'OLDEST', get: ({ startOffset }) => startOffset },
  { header: 'NEWEST', get: ({ endOffset }) => endOffset },
  { header: 'CURRENT', get: ({ committedOffset }) => committedOffset },
  { header: 'TARGET', get: ({ targetOffset }) => targetOffset, tone: () => 'strong' },
  { header: 'RE-READ', get: ({ reread }) => reread, unit: 'count', tone: ({ reread }) => (reread ? 'warn' : undefined) },
  { header: 'SKIP', get: ({ skipped }) => skipped, unit: 'count', tone: ({ skipped }) => (skipped ? 'bad' : undefined) },
  { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
  { header: 'NOTE', get: ({ note }) => note, tone: ({ note }) => (note ? 'warn' : undefined) },
];

/**
 * A plan, or what became of it.
 * @param next what a plan says to do next
 */
export function resetShape(next: string): TableShape<ResetReport> {
  const shape: TableShape<ResetReport> = {
    kind: 'table',
    tables: [columns],
    blocks(report) {
      const { group, state, executed, partitions } = report;
      const { reread, skipped } = totalsOf(partitions);
      return [
        {
          heading: [
            ['group', group, 'strong'],
            ['state', state ?? (executed ? 'did not exist' : 'does not exist')],
            ['records to re-read', reread, reread > 0n ? 'warn' : 'dim', 'count'],
            ['records to skip', skipped, skipped > 0n ? 'bad' : 'dim', 'count'],
          ],
          columns: columnsOf(partitions),
          rows: partitions.map((partition) => ({ group, ...partition })),
        },
        { columns: [], rows: [], footer: closing(report, next) },
      ];
    },
    formats: {
      markdown: async (report) => (await import('../plan-markdown.ts')).planMarkdown('Offsets', shape.blocks(report)),
    },
    names: ({ partitions }) => [...new Set(partitions.map(({ topic }) => topic))],
    json: (report) => ({
      group: report.group,
      state: report.state,
      type: report.type,
      executed: report.executed,
      ...totalsOf(report.partitions),
      partitions: report.partitions,
    }),
    problems: ({ problems, active }) => [...problems, ...(active ? [active] : [])],
    fields: {
      group: 'name of the group',
      state: 'state of the group; null when it does not exist and the reset creates it',
      type: 'classic, consumer, share or streams; null when it does not exist',
      executed: 'whether the offsets were set; false for a plan',
      reread:
        'records that the group will read again, over all partitions; transaction markers and compacted offsets count too',
      skipped: 'records that the group will never read, over all partitions',
      'partitions[].topic': 'name of the topic',
      'partitions[].partition': 'number of the partition',
      'partitions[].startOffset': 'the first offset of the log (OLDEST)',
      'partitions[].endOffset': 'the offset after the last record of the log (NEWEST)',
      'partitions[].committedOffset': 'the committed offset before (CURRENT); null where the group never committed',
      'partitions[].targetOffset': 'the new offset (TARGET); null where it is left alone',
      'partitions[].reread': 'records that are read again; null where the group never committed',
      'partitions[].skipped': 'records that are never read; null where the group never committed',
      'partitions[].status': 'planned, reset, left (alone) or failed',
      'partitions[].note': 'absent, or a remark: an offset clamped to the log, why it is left alone',
      'partitions[].error': 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
  };
  return shape;
}

function closing({ group, state, executed, partitions }: ResetReport, next: string): string {
  const reset = partitions.filter(({ status }) => status === 'reset').length;
  if (executed) return `offsets set: ${reset} of ${partitions.length} partitions`;
  const made = state === null ? `; it would create group ${group}, which does not exist` : '';
  return `this is a plan, nothing was changed${made}: ${next}`;
}
