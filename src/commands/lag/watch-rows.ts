/** The rows of watched lag: partitions, or what those of a topic or a group amount to; filtered and sorted. */
import { catchUpSeconds, someStandStill } from '../../core/lag/catch-up.ts';
import type { WatchedPartition, WatchSample } from '../../core/lag/watch.ts';

/** What a row stands for. */
export const levels = ['partition', 'topic', 'group'] as const;
export type Level = (typeof levels)[number];

export interface WatchRow {
  readonly group: string;
  /** Undefined for a whole group. */
  readonly topic: string | undefined;
  /** Undefined for more than one. */
  readonly partition: number | undefined;
  /** How many partitions it stands for. */
  readonly partitions: number;
  readonly lag: bigint | null;
  readonly lagSeconds: number | null | undefined;
  /** Oldest first; null where unknown. */
  readonly lags: readonly (bigint | null)[];
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly catchUpSeconds: number | null;
  /** Whether it takes longer, as the lag of some of its partitions does not fall. */
  readonly takesLonger: boolean;
  readonly clientId: string | null;
  readonly status: string | undefined;
}

/** What rows can be sorted by, in the order in which a key goes through them. */
export const sortings = ['lag', 'age', 'in', 'out', 'group', 'topic'] as const;
type Sorting = (typeof sortings)[number];

export interface Choice {
  readonly level: Level;
  /** Text that a row must have in its group, its partition or its member. */
  readonly filter: string;
  readonly sorting: Sorting;
  /** Whether the usual order, with the largest number first, is turned round. */
  readonly reversed: boolean;
}

/** The rows to show, all of them, in their order. */
export function watchRows({ lastSeen }: WatchSample, { level, filter, sorting, reversed }: Choice): readonly WatchRow[] {
  const partitions = lastSeen.groups.flatMap(({ group, partitions }) => partitions.map((each) => partitionRow(group, each)));
  const wanted = filter.toLowerCase();
  const kept = wanted === '' ? partitions : partitions.filter((row) => textOf(row).toLowerCase().includes(wanted));
  const rows = level === 'partition' ? kept : summed(kept, level);
  const direction = reversed ? -1 : 1;
  return rows.toSorted((a, b) => direction * orders[sorting](a, b) || byName(a, b));
}

function partitionRow(group: string, partition: WatchedPartition): WatchRow {
  const { topic, lag, lagSeconds, lags, inPerSecond, outPerSecond, catchUpSeconds, clientId, status } = partition;
  const rates = { inPerSecond, outPerSecond, catchUpSeconds, takesLonger: false };
  return { group, topic, partition: partition.partition, partitions: 1, lag, lagSeconds, lags, ...rates, clientId, status };
}

/** What a filter looks into. */
function textOf({ group, topic, partition, clientId }: WatchRow): string {
  return [group, `${topic}:${partition}`, clientId ?? ''].join('\n');
}

function summed(rows: readonly WatchRow[], level: 'topic' | 'group'): readonly WatchRow[] {
  const together = new Map<string, WatchRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(level === 'topic' ? [row.group, row.topic] : [row.group]);
    if (!together.get(key)?.push(row)) together.set(key, [row]);
  }
  return [...together.values()].map((parts) => sumOf(parts, level));
}

/** Sums; of ages the longest. When the lag is gone follows from the sums that are shown. */
function sumOf(rows: readonly WatchRow[], level: 'topic' | 'group'): WatchRow {
  const [{ group, topic, lags }] = rows as [WatchRow];
  const clients = new Set(rows.flatMap(({ clientId }) => clientId ?? []));
  const states = new Set(rows.flatMap(({ status }) => status ?? []));
  const flow = {
    lag: total(rows.map(({ lag }) => lag)),
    inPerSecond: sum(rows.map(({ inPerSecond }) => inPerSecond)),
    outPerSecond: sum(rows.map(({ outPerSecond }) => outPerSecond)),
  };
  return {
    group,
    topic: level === 'topic' ? topic : undefined,
    partition: undefined,
    partitions: rows.length,
    ...flow,
    lagSeconds: rows.some(({ lagSeconds }) => lagSeconds !== undefined)
      ? most(rows.map((row) => row.lagSeconds ?? null))
      : undefined,
    lags: lags.map((_, at) => total(rows.map((row) => row.lags.at(at - lags.length) ?? null))),
    catchUpSeconds: catchUpSeconds(flow),
    takesLonger: someStandStill(rows),
    clientId: clients.size > 1 ? `${clients.size} clients` : ([...clients][0] ?? null),
    status: states.size > 0 ? [...states].join(', ') : undefined,
  };
}

/** What is known of them in all; null where nothing is. */
function total(numbers: readonly (bigint | null)[]): bigint | null {
  const known = numbers.filter((each) => each !== null);
  return known.length === 0 ? null : known.reduce((all, each) => all + each, 0n);
}

function sum(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((each) => each !== null);
  return known.length === 0 ? null : known.reduce((all, each) => all + each, 0);
}

function most(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((each) => each !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The largest first; what is not known last. */
function descending(a: number | bigint | null | undefined, b: number | bigint | null | undefined): number {
  const [x, y] = [a ?? -1, b ?? -1];
  return x === y ? 0 : x > y ? -1 : 1;
}

const collator = new Intl.Collator('en', { numeric: true });

const orders: Readonly<Record<Sorting, (a: WatchRow, b: WatchRow) => number>> = {
  lag: (a, b) => descending(a.lag, b.lag),
  age: (a, b) => descending(a.lagSeconds, b.lagSeconds),
  in: (a, b) => descending(a.inPerSecond, b.inPerSecond),
  out: (a, b) => descending(a.outPerSecond, b.outPerSecond),
  group: (a, b) => collator.compare(a.group, b.group),
  topic: (a, b) => collator.compare(a.topic ?? '', b.topic ?? '') || (a.partition ?? 0) - (b.partition ?? 0),
};

/** So that rows of the same lag keep their places. */
function byName(a: WatchRow, b: WatchRow): number {
  return orders.group(a, b) || orders.topic(a, b);
}
