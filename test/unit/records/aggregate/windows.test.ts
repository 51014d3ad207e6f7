/** Windows beside a plain computation over all records: whatever the windows, keys and measures, and however records are spread and ordered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AggregateRow } from '../../../../src/records/aggregate/results.ts';
import { randomOf } from '../../../fuzz/random.ts';
import { aggregationOf, batchOf, type Event, rowsOf, specOf } from '../../../support/aggregated.ts';

interface Sale {
  readonly shop?: unknown;
  readonly total?: unknown;
}

type Row = Record<string, unknown>;

const windowKinds = [
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
function reference(words: readonly string[], events: readonly Event[]): readonly Row[] {
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

function sorted(rows: readonly (Row | AggregateRow)[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function randomEvents(random: () => number, count: number): readonly Event[] {
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

/** Batches of each partition in order, the partitions' taken in turns at random. */
function* randomBatches(random: () => number, events: readonly Event[]) {
  const queues = [0, 1, 2].map((partition) => events.filter((event) => event.partition === partition));
  const positions = [0, 0, 0];
  while (queues.some((queue, partition) => positions[partition]! < queue.length)) {
    const partition = Math.floor(random() * 3);
    const from = positions[partition]!;
    const taken = queues[partition]!.slice(from, from + 1 + Math.floor(random() * 20));
    if (taken.length === 0) continue;
    positions[partition] = from + taken.length;
    yield batchOf(taken, from);
  }
}

const measures = ['--count', '--sum', 'total=value.total', '--min', 'least=value.total', '--distinct', 'kinds=value.total'];

for (const words of windowKinds) {
  test(`read to the end: ${words.join(' ') || 'one window for all'}`, async () => {
    const random = randomOf(words.join().length);
    for (let turn = 0; turn < 25; turn++) {
      const events = randomEvents(random, Math.floor(random() * 300));
      const spec = await specOf('-e', '--by', 'value.shop', ...words, ...measures);
      const aggregation = aggregationOf(spec);
      for (const batch of randomBatches(random, events)) aggregation.add(batch);
      const rows = rowsOf(aggregation.closeAll(), spec, aggregation);
      assert.deepEqual(sorted(rows), sorted(reference(words, events)));
      const ends = rows.map(({ windowEnd }) => windowEnd ?? 0);
      assert.deepEqual(
        ends,
        ends.toSorted((a, b) => a - b),
        'in the order of their ends',
      );
    }
  });

  test(`followed, with a grace as long as the disorder, and windows kept where memory has no room: ${words.join(' ') || 'one window for all'}`, async () => {
    const random = randomOf(words.join().length + 1);
    for (const turn of [0, 1, 2, 3]) {
      const few = randomEvents(random, turn === 3 ? 2_000 : 400);
      const events = turn < 3 ? few : few.map((event, index) => ({ ...event, value: { shop: index % 700 } }));
      const spec = await specOf('--by', 'value.shop', ...words, '--count', '--grace', '90s');
      const aggregation = aggregationOf(spec, turn === 3 ? { memoryBytes: 300_000 } : {});
      const rows: AggregateRow[] = [];
      const ends = [0, 1, 2].map((partition) => events.filter((event) => event.partition === partition).length);
      for (const batch of randomBatches(random, events)) {
        aggregation.add(batch);
        const reach = ends.map((end, partition) => ({ topic: 'orders', partition, start: 0n, end: BigInt(end) }));
        rows.push(...rowsOf(aggregation.advance(reach), spec, aggregation));
      }
      rows.push(...rowsOf(aggregation.closeAll(), spec, aggregation));
      assert.equal(aggregation.account.late, 0);
      const counted = reference(words, events).map(({ windowStart, windowEnd, key, count }) => {
        return { windowStart, windowEnd, key, count };
      });
      assert.deepEqual(sorted(rows), sorted(counted));
    }
  });
}
