/** How a sample of watched lag looks: on a screen the partitions that lag most, with their trend; as JSON everything. */
import { formatDuration } from '../../base/units.ts';
import type { Block, Column, Live } from '../../cli/shape.ts';
import type { WatchedPartition, WatchSample } from '../../core/lag/watch.ts';

type Row = WatchedPartition & { readonly group: string };

const bars = '▁▂▃▄▅▆▇█';
const shownBars = 20;

/** A bar per sample, from nothing to the highest of them; a gap where the lag was not known. */
export function sparkline(lags: readonly (bigint | null)[]): string {
  const shown = lags.slice(-shownBars);
  const highest = shown.reduce<bigint>((most, lag) => (lag !== null && lag > most ? lag : most), 1n);
  return shown
    .map((lag) => {
      if (lag === null) return ' ';
      if (lag === 0n) return bars[0]!;
      return bars[1 + Number(((lag < 0n ? 0n : lag) * 6n) / highest)]!;
    })
    .join('');
}

const columns: readonly Column<Row>[] = [
  { header: 'GROUP', get: ({ group }) => group },
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'LAG', get: ({ lag }) => lag, unit: 'count', tone: ({ lag }) => (lag !== null && lag > 0n ? 'warn' : undefined) },
  {
    header: 'SECONDS',
    get: ({ lagSeconds }) => lagSeconds,
    unit: 'seconds',
  },
  { header: 'TREND', get: ({ lags }) => sparkline(lags) },
  { header: 'IN/S', get: ({ inPerSecond }) => inPerSecond, unit: 'count' },
  { header: 'OUT/S', get: ({ outPerSecond }) => outPerSecond, unit: 'count' },
  {
    header: 'CATCH-UP',
    get: ({ lag, catchUpSeconds }) =>
      catchUpSeconds !== null ? formatDuration(catchUpSeconds * 1000) : lag === null ? null : 'never',
    tone: ({ catchUpSeconds }) => (catchUpSeconds === null ? 'bad' : undefined),
  },
  { header: 'MEMBER', get: ({ clientId }) => clientId },
  { header: 'STATUS', get: ({ status }) => status, tone: () => 'warn' },
];

/** Lines of a screen that are no partition: the heading's, the table's header, the footer. */
const otherLines = 5;

export function lagLive(samples: Live<WatchSample>['live']): Live<WatchSample> {
  return { live: samples, blocks: (sample, lines) => [block(sample, lines)], json };
}

function block({ timestamp, problems, lastSeen }: WatchSample, lines: number): Block {
  const all = lastSeen.groups.flatMap(({ group, partitions }) => partitions.map((row): Row => ({ group, ...row })));
  const rows = [...all].sort((a, b) => Number((b.lag ?? -1n) - (a.lag ?? -1n)));
  const total = rows.reduce((sum, { lag }) => sum + (lag ?? 0n), 0n);
  const room = Math.max(1, lines - otherLines - (problems.length > 0 ? 1 : 0));
  const age = timestamp - lastSeen.timestamp;
  return {
    heading: [
      [
        'time',
        `${new Date(lastSeen.timestamp).toISOString()}${age > 0 ? ` (${formatDuration(age)} ago)` : ''}`,
        age > 0 ? 'bad' : 'dim',
      ],
      [
        'lag',
        `${total} in ${lastSeen.groups.length} group${lastSeen.groups.length === 1 ? '' : 's'}`,
        total > 0n ? 'warn' : 'good',
      ],
      ...(problems.length > 0 ? [['problem', problems[0]!.message, 'bad'] as const] : []),
    ],
    columns: rows.some(({ lagSeconds }) => lagSeconds !== undefined)
      ? columns
      : columns.filter(({ header }) => header !== 'SECONDS'),
    rows: rows.slice(0, room),
    footer: `${rows.length > room ? `${rows.length - room} more partitions; ` : ''}q quits`,
  };
}

function json({ timestamp, groups, problems }: WatchSample): unknown {
  return {
    timestamp,
    groups: groups.map((group) => ({ ...group, partitions: group.partitions.map(({ lags: _, ...row }) => row) })),
    errors: problems.map(({ kind, code, message }) => ({ kind, code, message })),
  };
}
