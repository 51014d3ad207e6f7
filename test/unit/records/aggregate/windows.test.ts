/** Windows beside a plain computation over all records: whatever the windows, keys and measures, and however records are spread and ordered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WindowMemory } from '../../../../src/records/aggregate/open-windows.ts';
import type { AggregateRow } from '../../../../src/records/aggregate/results.ts';
import { SessionWindows } from '../../../../src/records/aggregate/session-windows.ts';
import { WindowArchive } from '../../../../src/records/aggregate/window-archive.ts';
import { WindowState } from '../../../../src/records/aggregate/window-state.ts';
import { randomOf } from '../../../fuzz/random.ts';
import { aggregationOf, batchOf, type Event, rowsOf, specOf } from '../../../support/aggregated.ts';
import { randomSales, saleMeasures, sorted, windowKinds, windowRows } from '../../../support/window-reference.ts';

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

for (const words of windowKinds) {
  test(`read to the end: ${words.join(' ') || 'one window for all'}`, async () => {
    const random = randomOf(words.join().length);
    for (let turn = 0; turn < 25; turn++) {
      const hasLittleMemory = turn === 24;
      const events = randomSales(random, hasLittleMemory ? 2_000 : Math.floor(random() * 300));
      const spec = await specOf('-e', '--by', 'value.shop', ...words, ...saleMeasures);
      const aggregation = aggregationOf(spec, hasLittleMemory ? { memoryBytes: 50_000 } : {});
      for (const batch of randomBatches(random, events)) aggregation.add(batch);
      const rows = rowsOf(aggregation.closeAll(), spec, aggregation);
      assert.deepEqual(sorted(rows), sorted(windowRows(words, events)));
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
      const few = randomSales(random, turn === 3 ? 2_000 : 400);
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
      const counted = windowRows(words, events).map(({ windowStart, windowEnd, key, count }) => {
        return { windowStart, windowEnd, key, count };
      });
      assert.deepEqual(sorted(rows), sorted(counted));
    }
  });
}

test('one key may have any number of sessions', async () => {
  const spec = await specOf('-e', '--session', '1s', '--count');
  const aggregation = aggregationOf(spec, { memoryBytes: 1 << 30 });
  const count = 200_000;
  const events = Array.from({ length: count }, (_, index) => ({ partition: 0, timestamp: index * 5_000, value: {} }));
  aggregation.add(batchOf(events));
  assert.equal([...aggregation.closeAll()].length, count);
});

test('sessions that become one take the memory of one', async () => {
  const { measures } = await specOf('-e', '--session', '10s', '--count');
  const memory = new WindowMemory(measures, { memoryBytes: 8_000, tracksChanges: false });
  const windows = new SessionWindows(10_000, memory);
  const add = (seconds: number): boolean => windows.add(seconds * 1_000, null, [1], Number.NEGATIVE_INFINITY);
  for (let turn = 0; turn < 100; turn++) {
    add(turn * 20);
    add(turn * 20 + 10);
    add(turn * 20 + 5);
    if (turn > 0) add(turn * 20 - 5);
    assert.equal(memory.isFilling, false);
  }
  assert.deepEqual(
    [...windows.close(Number.POSITIVE_INFINITY)].map(({ start, end }) => [start, end]),
    [[0, 2_000_000]],
  );
});

test('the archive is asked about a key once, not for each of its records', async (t) => {
  const { measures } = await specOf('-e', '--session', '10s', '--count');
  const memory = new WindowMemory(measures, { memoryBytes: 8_000, tracksChanges: false });
  t.after(() => memory.archive.end());
  const asked = t.mock.method(memory.archive, 'lastEnd');
  const put = t.mock.method(memory.archive, 'putSessions');
  const windows = new SessionWindows(10_000, memory);
  const add = (seconds: number): boolean => windows.add(seconds * 1_000, 'a', [1], Number.NEGATIVE_INFINITY);
  let sessions = 0;
  for (; put.mock.callCount() === 0; sessions++) add(sessions * 20);
  asked.mock.resetCalls();
  const last = (sessions - 1) * 20;
  for (let record = 0; record < 100; record++) add(last);
  assert.equal(asked.mock.callCount(), 1);
  add(5);
  const closed = [...windows.close(Number.POSITIVE_INFINITY)].map(({ start, end }) => [start, end]);
  assert.equal(closed.length, sessions);
  assert.deepEqual(closed[0], [0, 15_000], 'a record that is late finds its session in the archive');
});

test('the archive forgets a key when the last of its sessions has closed, however many keys come', async (t) => {
  const { measures } = await specOf('-e', '--session', '10s', '--count');
  const archive = new WindowArchive(measures, 0);
  t.after(() => archive.end());
  const session = (key: string, end: number) => WindowState.empty(end - 10_000, end, key, measures);
  archive.putSessions('short', [session('short', 10_000), session('short', 40_000)]);
  archive.putSessions('long', [session('long', 30_000), session('long', 90_000)]);
  assert.deepEqual(
    [...archive.close(50_000)].map(({ key, end }) => [key, end]),
    [
      ['short', 10_000],
      ['long', 30_000],
      ['short', 40_000],
    ],
  );
  assert.equal(archive.lastEnd('short'), Number.NEGATIVE_INFINITY);
  assert.equal(archive.lastEnd('long'), 90_000);
  assert.deepEqual(
    archive.takeSessions('long').map(({ end }) => end),
    [90_000],
  );
  // Without a database all of these would not go into the memory of the archive, the least that there is.
  for (let minute = 1; minute <= 60; minute++) {
    const end = minute * 60_000;
    for (let user = minute * 2_000; user < (minute + 1) * 2_000; user++)
      archive.putSessions(`user-${user}`, [session(`user-${user}`, end)]);
    archive.putSessions('always', [session('always', end + 60_000)]);
    assert.equal([...archive.close(end)].length, minute === 1 ? 2_000 : 2_001);
  }
});
