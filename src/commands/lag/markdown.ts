/** A report on lag as Markdown, for the summary of a CI job: what failed first, then the partitions that are behind. */
import { counted } from '../../base/units.ts';
import type { GroupLag, PartitionLag } from '../../core/lag/compute.ts';
import { transactionInWords } from '../../core/lag/open-transaction.ts';
import type { LagReport } from '../../core/lag/report.ts';
import { markdownText } from '../markdown-text.ts';

/** Of all groups; more rows than these are only counted: GitHub shows 1 MiB of a summary. */
const shownRows = 1_000;

export function lagMarkdown({ groups, problems }: LagReport): string {
  const title = problems.length === 0 ? 'Lag: ok' : `Lag: ${counted(problems.length, 'problem')}`;
  const failures = problems.map(({ message }) => `- :x: ${markdownText(message)}`);
  let room = shownRows;
  const sections = groups.map((lag) => {
    const rows = telling(lag.partitions);
    const shown = rows.slice(0, room);
    room -= shown.length;
    return section(lag, rows, shown);
  });
  return `${[`### ${title}`, ...(failures.length > 0 ? [failures.join('\n')] : []), ...sections].join('\n\n')}\n`;
}

/** The partitions with something to tell, those that lag most first. */
function telling(partitions: readonly PartitionLag[]): readonly PartitionLag[] {
  const tells = ({ lag, status, verdict }: PartitionLag) =>
    lag === null || lag > 0n || status !== undefined || (verdict !== undefined && verdict !== 'ok');
  return partitions.filter(tells).sort((a, b) => Number((b.lag ?? 0n) - (a.lag ?? 0n)));
}

function section(
  { group, state, type, lag, partitions }: GroupLag,
  rows: readonly PartitionLag[],
  shown: readonly PartitionLag[],
): string {
  const quiet = partitions.length - rows.length;
  const notes = [
    ...(rows.length > shown.length ? [`${counted(rows.length - shown.length, 'more partition')} not shown`] : []),
    ...(quiet > 0 ? [`${counted(quiet, 'partition')} caught up`] : []),
  ];
  return [
    `**${markdownText(group)}** (${type}, ${state}): lag ${lag ?? 'unknown'}`,
    ...(shown.length > 0 ? [table(shown)] : []),
    ...(notes.length > 0 ? [`${notes.join(', ')}.`] : []),
  ].join('\n\n');
}

function table(rows: readonly PartitionLag[]): string {
  const columns: readonly (readonly [header: string, align: '---' | '---:', get: (row: PartitionLag) => unknown])[] = [
    ['Topic', '---', ({ topic }) => topic],
    ['Partition', '---:', ({ partition }) => partition],
    ['Committed', '---:', ({ committedOffset }) => committedOffset],
    ['End', '---:', ({ endOffset }) => endOffset],
    ['Lag', '---:', ({ lag }) => lag],
    ...(rows.some(({ lagSeconds }) => lagSeconds !== undefined)
      ? [['Seconds', '---:', ({ lagSeconds }: PartitionLag) => lagSeconds] as const]
      : []),
    ...(rows.some(({ verdict }) => verdict !== undefined)
      ? [['Verdict', '---', ({ verdict }: PartitionLag) => verdict] as const]
      : []),
    ['Client', '---', ({ clientId }) => clientId],
    ['Status', '---', statusInWords],
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([header]) => header)),
    line(columns.map(([, align]) => align)),
    ...rows.map((row) => line(columns.map(([, , get]) => markdownText(String(get(row) ?? '-'))))),
  ].join('\n');
}

function statusInWords({ status, lost, transaction }: PartitionLag): string | undefined {
  if (lost !== undefined) return `${status}, ${lost} lost`;
  return transaction ? `${status}, ${transactionInWords(transaction)}` : status;
}
