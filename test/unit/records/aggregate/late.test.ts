/** When windows close and which records are late: by the times of records over all partitions, never by the clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionReach } from '../../../../src/kafka/fetch/fetch.ts';
import { aggregationOf, batchOf, rowsOf, specOf } from '../../../support/aggregated.ts';

const minute = 60_000;

/** How far partitions go: where each ends, as far as that is known. */
function reach(...ends: readonly (number | undefined)[]): readonly PartitionReach[] {
  return ends.map((end, partition) => {
    return { topic: 'orders', partition, start: 0n, end: end === undefined ? undefined : BigInt(end) };
  });
}

/** An aggregation that is fed by partition and minutes. */
async function followed(...words: readonly string[]) {
  const spec = await specOf('--count', '--time', 'value.at', ...words);
  const late: number[] = [];
  const aggregation = aggregationOf(spec, { tracksChanges: true, onLate: ({ partition }) => void late.push(partition) });
  const positions = new Map<number, number>();
  return {
    aggregation,
    late,
    feed(partition: number, ...minutes: readonly number[]): void {
      const from = positions.get(partition) ?? 0;
      positions.set(partition, from + minutes.length);
      const events = minutes.map((at) => ({ partition, timestamp: 5, value: { at: at * minute, x: at } }));
      aggregation.add(batchOf(events, from));
    },
    /** The windows that have closed: their starts in minutes, and counts. */
    closed(of: readonly PartitionReach[]) {
      const rows = rowsOf(aggregation.advance(of), spec, aggregation);
      return rows.map(({ windowStart, count }) => [windowStart! / minute, count]);
    },
    all: () =>
      rowsOf(aggregation.closeAll(), spec, aggregation).map(({ windowStart, count }) => [windowStart! / minute, count]),
  };
}

test('a window closes when every partition has shown a time that is later by the grace', async () => {
  const { feed, closed } = await followed('--window', '1m', '--grace', '2m');
  feed(0, 0, 0.5, 9);
  assert.deepEqual(closed(reach(99, 99)), [], 'the other partition may hold anything');
  feed(1, 2.9);
  assert.deepEqual(closed(reach(99, 99)), []);
  feed(1, 3);
  assert.deepEqual(closed(reach(99, 99)), [[0, 2]]);
  feed(1, 20);
  assert.deepEqual(closed(reach(99, 99)), [
    [2, 1],
    [3, 1],
  ]);
});

test('a partition that was read to its end holds nothing back, and one whose end is not known does', async () => {
  const { feed, closed } = await followed('--window', '1m', '--grace', '0ms');
  feed(0, 0, 5);
  assert.deepEqual(closed(reach(99, undefined)), []);
  assert.deepEqual(closed(reach(99, 1)), [], 'it has a record, which was not read');
  assert.deepEqual(closed(reach(99, 0)), [[0, 1]], 'it is empty');
  feed(1, 6);
  assert.deepEqual(closed(reach(2, 1)), [[5, 1]], 'all were read: the highest time of all counts');
});

test('records that were deleted before they were read hold nothing back, once what was fetched before them was seen', async () => {
  const { feed, closed } = await followed('--window', '1m', '--grace', '0ms');
  feed(0, 0, 5);
  feed(1, 0.5, 0.6);
  const [first, second] = reach(2, 9) as [PartitionReach, PartitionReach];
  const deleted = (from: bigint, to: bigint) => [first, { ...second, deleted: { from, to } }];
  assert.deepEqual(closed(deleted(3n, 9n)), [], 'there is one more before them');
  assert.deepEqual(closed(deleted(2n, 8n)), [], 'there is one more behind them');
  assert.deepEqual(closed(deleted(2n, 9n)), [[0, 3]]);
});

test('a record is late when its window has closed, also within the same batch of records', async () => {
  const { feed, closed, aggregation, late } = await followed('--window', '1m', '--grace', '1m');
  feed(0, 0, 3, 0.5);
  assert.equal(aggregation.account.late, 0, 'nothing has closed while a batch is added');
  assert.deepEqual(closed(reach(9)), [[0, 2]]);
  feed(0, 0.9, 1.9, 2);
  assert.equal(aggregation.account.late, 2);
  assert.deepEqual(late, [0, 0]);
  assert.match(aggregation.account.problems().join(), /2 records were late/);
  assert.deepEqual(closed(reach(9)), []);
});

test('of windows that overlap a late record misses only those that have closed', async () => {
  const { feed, closed, aggregation, all } = await followed('--window', '10m', '--hop', '5m', '--grace', '0ms');
  feed(0, 1, 11);
  assert.deepEqual(closed(reach(9)), [
    [-5, 1],
    [0, 1],
  ]);
  feed(0, 7);
  assert.equal(aggregation.account.late, 1);
  assert.deepEqual(all(), [
    [5, 2],
    [10, 1],
  ]);
});

test('a late record is welcome to a session that is open', async () => {
  const { feed, closed, aggregation, all } = await followed('--session', '5m', '--grace', '0ms');
  feed(0, 0, 10, 12);
  assert.deepEqual(closed(reach(9)), [[0, 1]]);
  feed(0, 8);
  assert.equal(aggregation.account.late, 0, 'it is less than 5 minutes before one');
  feed(0, 4);
  assert.deepEqual([aggregation.account.late, all()], [0, [[4, 4]]], 'and so on');
});

test('a record between two sessions makes them one, of which only the whole is told', async () => {
  const { feed, aggregation, all } = await followed('--session', '5m');
  feed(0, 0, 6);
  aggregation.takeChanges();
  feed(0, 3);
  const { changed, moved } = aggregation.takeChanges();
  assert.deepEqual(
    changed.map(({ start, end }) => [start / minute, end / minute]),
    [[0, 11]],
  );
  assert.deepEqual(
    moved.map(({ start }) => start / minute),
    [6],
  );
  assert.deepEqual(all(), [[0, 3]]);
});

test('read to the end, only what comes after a former end is late', async () => {
  const first = await followed('-e', '--window', '1m');
  first.feed(0, 0, 5, 1);
  assert.deepEqual(first.all(), [
    [0, 1],
    [1, 1],
    [5, 1],
  ]);
  const { closedThrough, highestTime, watermark } = first.aggregation;
  assert.deepEqual([closedThrough, highestTime], [6 * minute, 5 * minute]);
  assert.deepEqual([...watermark.times], [['orders:0', 5 * minute]]);
  first.feed(0, 5.5, 6);
  assert.deepEqual([first.aggregation.account.late, first.all()], [1, [[6, 1]]]);
});

test('records without a time, and expressions that fail, are told', async () => {
  const spec = await specOf('--time', 'value.at', '--by', 'value.x.trim()', '--window', '1m', '--sum', 'value.x');
  const aggregation = aggregationOf(spec);
  const values = [{ at: 'tomorrow' }, {}, { at: '2026-01-01T00:00:00Z', x: 7 }, { at: '2026-01-01', x: 'a' }, { at: 5 }];
  aggregation.add(batchOf(values.map((value) => ({ partition: 0, timestamp: 1, value }))));
  assert.deepEqual(aggregation.account.problems(), [
    '--by failed on 1 record, which was left out (first: orders:0 at offset 2: a number has no trim())',
    '2 records have no time, and belong to no window',
    '--sum value.x: 1 value is left out: no number (first: "a")',
  ]);
  assert.deepEqual(aggregation.account.notes(), ['--sum value.x: 1 record has no such value']);
});

test('results that no number holds are null, and --value that fails on one is told', async () => {
  const spec = await specOf('-e', '--sum', 'value', '--value', 'sum.trim()');
  const aggregation = aggregationOf(spec);
  aggregation.add(batchOf([1.5e308, 1.5e308].map((value) => ({ partition: 0, timestamp: 1, value }))));
  assert.deepEqual(rowsOf(aggregation.closeAll(), spec, aggregation), []);
  assert.deepEqual(aggregation.account.problems(), [
    '--value failed on 1 result, which is left out (first: its value is undefined)',
    '1 result is null: no number is large enough',
  ]);
});

test('what JSON has no number for is neither a key nor a result', async () => {
  const spec = await specOf('-e', '--by', '[value.a / value.b]', '--sum', 'value.a', '--value', '({ mean: sum / 0 })');
  const aggregation = aggregationOf(spec);
  const values = [
    { a: 1, b: 2 },
    { a: 0, b: 0 },
  ];
  aggregation.add(batchOf(values.map((value) => ({ partition: 0, timestamp: 1, value }))));
  assert.deepEqual(rowsOf(aggregation.closeAll(), spec, aggregation), []);
  assert.deepEqual(aggregation.account.problems(), [
    '--by failed on 1 record, which was left out (first: orders:0 at offset 1: the key holds NaN)',
    '--value failed on 1 result, which is left out (first: its value holds Infinity, which JSON has not)',
  ]);
});
