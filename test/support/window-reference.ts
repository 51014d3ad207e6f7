/** Sales, and what windows over them come to, computed from all of them at once without anything that the engine has. */
import type { Event } from './aggregated.ts';

interface Sale {
  readonly shop?: unknown;
  readonly total?: unknown;
}

type Row = Record<string, unknown>;

export const windowKinds = [
  [],
  ['--window', '10s'],
  ['--window', '7s500ms'],
  ['--window', '10s', '--hop', '4s'],
  ['--window', '1m', '--hop', '7s'],
  ['--session', '3s'],
] as const;

const keys = ['Bern', 'Ulm', '', 7, 7.5, true, null, undefined, ['a', 1], { a: 1 }, '\0{"a":1}', 9_007_199_254_740_991];

/** The windows that a time is in. */
function startsOf(time: number, sizeMs: number, hopMs: number): readonly number[] {
  const starts: number[] = [];
  for (let start = Math.ceil((time - sizeMs + 1) / hopMs) * hopMs; start <= time; start += hopMs) starts.push(start);
  return starts;
}

function measured(windowStart: number | null, windowEnd: number | null, sales: readonly Sale[]): Row {
  const totals = sales.map(({ total }) => total).filter((total) => typeof total === 'number');
  return {
    windowStart,
    windowEnd,
    key: sales[0]!.shop ?? null,
    count: sales.length,
    total: totals.length > 0 ? totals.reduce((sum, total) => sum + total, 0) : null,
    // Numbers come before texts.
    least: totals.length > 0 ? Math.min(...totals) : sales.some(({ total }) => total === 'none') ? 'none' : null,
    kinds: new Set(sales.map(({ total }) => total).filter((total) => total !== null && total !== undefined)).size,
  };
}

/** What has to come out, without anything that the engine has. */
export function windowRows(words: readonly string[], events: readonly Event[]): readonly Row[] {
  const ms = { '10s': 10_000, '7s500ms': 7_500, '4s': 4_000, '1m': 60_000, '7s': 7_000, '3s': 3_000 };
  const [kind, size, , hop] = words as [string?, (keyof typeof ms)?, string?, (keyof typeof ms)?];
  const groups = new Map<string, Event[]>();
  const add = (name: string, event: Event) => groups.set(name, [...(groups.get(name) ?? []), event]);
  const keyOf = ({ value }: Event) => JSON.stringify((value as Sale).shop ?? null);
  if (kind === undefined) {
    for (const event of events) add(keyOf(event), event);
    return [...groups.values()].map((group) =>
      measured(
        null,
        null,
        group.map(({ value }) => value as Sale),
      ),
    );
  }
  if (kind === '--window') {
    const [sizeMs, hopMs] = [ms[size!], ms[hop ?? size!]];
    for (const event of events)
      for (const start of startsOf(event.timestamp, sizeMs, hopMs)) add(`${start} ${keyOf(event)}`, event);
    return [...groups].map(([name, group]) => {
      const start = Number(name.split(' ')[0]);
      return measured(
        start,
        start + sizeMs,
        group.map(({ value }) => value as Sale),
      );
    });
  }
  const gap = ms[size!];
  for (const event of events.toSorted((a, b) => a.timestamp - b.timestamp)) add(keyOf(event), event);
  return [...groups.values()].flatMap((group) => {
    const sessions: Event[][] = [];
    for (const event of group) {
      const last = sessions.at(-1);
      if (last && event.timestamp - last.at(-1)!.timestamp < gap) last.push(event);
      else sessions.push([event]);
    }
    return sessions.map((session) => {
      const [first, last] = [session[0]!.timestamp, session.at(-1)!.timestamp];
      return measured(
        first,
        last + gap,
        session.map(({ value }) => value as Sale),
      );
    });
  });
}

export function sorted(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

export function randomSales(random: () => number, count: number): readonly Event[] {
  return Array.from({ length: count }, () => {
    const shop = keys[Math.floor(random() * keys.length)];
    const total = random() < 0.1 ? ['none', null, undefined, true][Math.floor(random() * 4)] : Math.floor(random() * 4_000) / 4;
    return {
      partition: Math.floor(random() * 3),
      timestamp: 1_700_000_000_000 + Math.floor(random() * 90_000),
      value: { shop, total },
    };
  });
}

/** The measures that `windowRows` computes. */
export const saleMeasures = [
  '--count',
  '--sum',
  'total=value.total',
  '--min',
  'least=value.total',
  '--distinct',
  'kinds=value.total',
] as const;
