/** How a sample of watched lag looks: on a screen the rows that the keys ask for, with their trend; as JSON everything. */
import { localTime } from '../../base/local-time.ts';
import { counted, formatDuration } from '../../base/units.ts';
import type { Live } from '../../cli/live.ts';
import type { Block, Column } from '../../cli/shape.ts';
import type { WatchSample } from '../../core/lag/watch.ts';
import { catchUp, never, trendBars } from '../top/numbers.ts';
import { firstView, keysHelp, lastFirst, pressed, type WatchView } from './watch-keys.ts';
import { type Level, type WatchRow, watchRows } from './watch-rows.ts';

const shownBars = 20;

/** A bar per sample, from nothing to the highest of them; a gap where the lag was not known. */
export function sparkline(lags: readonly (bigint | null)[]): string {
  const shown = lags.slice(-shownBars);
  return trendBars(
    shown.map((lag) => (lag === null ? null : Number(lag))),
    shown.length,
  );
}

const placeColumns: Readonly<Record<Level, readonly Column<WatchRow>[]>> = {
  partition: [
    { header: 'TOPIC', get: ({ topic }) => topic, rank: 1 },
    { header: 'PARTITION', get: ({ partition }) => partition, rank: 2 },
  ],
  topic: [
    { header: 'TOPIC', get: ({ topic }) => topic, rank: 1 },
    { header: 'PARTITIONS', get: ({ partitions }) => partitions, rank: 2 },
  ],
  group: [{ header: 'PARTITIONS', get: ({ partitions }) => partitions, rank: 2 }],
};

const group: Column<WatchRow> = { header: 'GROUP', get: (row) => row.group };
const lag: Column<WatchRow> = {
  header: 'LAG',
  get: (row) => row.lag,
  unit: 'count',
  tone: (row) => (row.lag !== null && row.lag > 0n ? 'warn' : undefined),
};
const seconds: Column<WatchRow> = { header: 'SECONDS', get: ({ lagSeconds }) => lagSeconds, unit: 'seconds', rank: 5 };
const others: readonly Column<WatchRow>[] = [
  { header: 'TREND', get: ({ lags }) => sparkline(lags), rank: 6, keepsEnd: true },
  { header: 'IN/S', get: ({ inPerSecond }) => inPerSecond, unit: 'count', rank: 8 },
  { header: 'OUT/S', get: ({ outPerSecond }) => outPerSecond, unit: 'count', rank: 7 },
  {
    header: 'CATCH-UP',
    get: (row) => catchUp(row, row.takesLonger),
    tone: (row) => (catchUp(row, row.takesLonger) === never ? 'bad' : undefined),
    rank: 3,
  },
  { header: 'MEMBER', get: ({ clientId }) => clientId, rank: 9 },
  { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => (status ? 'warn' : undefined), rank: 4 },
];

/** Lines of a screen that are no row: the heading's, the table's header, the footer. */
const otherLines = 6;

/** How many rows fit on a screen. */
function roomOf({ problems }: WatchSample, lines: number): number {
  return Math.max(1, lines - otherLines - (problems.length > 0 ? 1 : 0));
}

/** `watchRows`, which keeps what it made last: a key and the drawing after it ask for the same rows, and so does scrolling. */
function keptRows(): typeof watchRows {
  let last: { readonly sample: WatchSample; readonly choice: string; readonly rows: readonly WatchRow[] } | undefined;
  return (sample, { level, filter, sorting, reversed }) => {
    const choice = JSON.stringify([level, filter, sorting, reversed]);
    if (last?.sample !== sample || last.choice !== choice)
      last = { sample, choice, rows: watchRows(sample, { level, filter, sorting, reversed }) };
    return last.rows;
  };
}

export function lagLive(samples: Live<WatchSample>['live']): Live<WatchSample, WatchView> {
  const rowsOf = keptRows();
  return {
    live: samples,
    json,
    screen: {
      view: firstView,
      press: (view, key, sample, lines) => pressed(view, key, rowsOf(sample, view).length, roomOf(sample, lines)),
      blocks: (sample, lines, view) => [block(sample, rowsOf(sample, view), lines, view)],
    },
  };
}

function block(sample: WatchSample, rows: readonly WatchRow[], lines: number, view: WatchView): Block {
  const { timestamp, problems, lastSeen } = sample;
  const room = roomOf(sample, lines);
  const first = Math.min(view.first, lastFirst(rows.length, room));
  const total = rows.reduce((sum, row) => sum + (row.lag ?? 0n), 0n);
  const groups = new Set(rows.map((row) => row.group)).size;
  const age = timestamp - lastSeen.timestamp;
  const hasAges = rows.some(({ lagSeconds }) => lagSeconds !== undefined);
  return {
    heading: [
      ['time', `${localTime(lastSeen.timestamp)}${age > 0 ? ` (${formatDuration(age)} ago)` : ''}`, age > 0 ? 'bad' : 'dim'],
      ['lag', `${total.toLocaleString('en-US')} in ${counted(groups, 'group')}`, total > 0n ? 'warn' : 'good'],
      ...(problems.length > 0 ? [['problem', problems[0]!.message, 'bad'] as const] : []),
    ],
    columns: [group, ...placeColumns[view.level], lag, ...(hasAges ? [seconds] : []), ...others],
    rows: rows.slice(first, first + room),
    footer: `${standing(view, first, Math.min(room, rows.length - first), rows.length)}\n${view.typing ? 'Enter keeps the filter · Esc takes it away' : keysHelp}`,
  };
}

/** `1-12 of 30 partitions by lag`, and the filter. */
function standing(
  { level, sorting, reversed, filter, typing }: WatchView,
  first: number,
  shown: number,
  count: number,
): string {
  const range = shown < count ? `${first + 1}-${first + shown} of ` : '';
  const which = typing || filter !== '' ? ` with /${filter}${typing ? '_' : ''}` : '';
  return `${range}${count} ${level}${count === 1 ? '' : 's'}${which} by ${sorting}${reversed ? ', reversed' : ''}`;
}

function json({ timestamp, groups, problems }: WatchSample): unknown {
  return {
    timestamp,
    groups: groups.map((group) => ({ ...group, partitions: group.partitions.map(({ lags: _, ...row }) => row) })),
    errors: problems.map(({ kind, code, message }) => ({ kind, code, message })),
  };
}
