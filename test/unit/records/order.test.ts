/** Orders over all partitions: the newest records (`--last`), and the order of time (`--merge`). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression } from '../../../src/records/expression/compile.ts';
import { RecordFilter } from '../../../src/records/filter.ts';
import { RecordSource } from '../../../src/records/source/record-source.ts';
import type { ReadRequest } from '../../../src/records/source/request.ts';
import { fakeCluster, offsetsAnswer } from '../../support/fake-cluster.ts';
import { noEvents, readRequest } from '../../support/reading.ts';
import { batchOf } from '../kafka/batch/fixtures.ts';
import { type FakeLog, fakeLog, fetchAnswer } from '../kafka/fetch/fake-logs.ts';

const none = { key: undefined, value: undefined, headers: [], where: [] };

/** A log of one batch per value, a value's number its timestamp; `from` is the first offset. */
function logOf(values: readonly string[], from = 0n, end?: bigint): FakeLog {
  const batches = values.map((value, index) =>
    batchOf(from + BigInt(index), [value], { timestamp: Number(value.replace(/\D/g, '')) }),
  );
  return fakeLog(batches, { start: from, ...(end !== undefined && { end }) });
}

async function read(logs: Readonly<Record<string, FakeLog>>, wanted: Partial<ReadRequest>): Promise<string[]> {
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 1], other: [2] }),
    answers: {
      Fetch: fetchAnswer(logs),
      ListOffsets: offsetsAnswer(
        Object.fromEntries(Object.entries(logs).map(([name, { start, end }]) => [name, [start, end]])),
      ),
    },
  });
  const source = new RecordSource(cluster, readRequest(['orders', 'other'], wanted), noEvents);
  const values: string[] = [];
  for await (const records of source.batches()) {
    records.each(({ topic, bytes, valueStart, valueEnd }) => {
      values.push(`${topic === 'orders' ? '' : '+'}${bytes.toString('utf8', valueStart, valueEnd)}`);
    });
  }
  return values;
}

function threeLogs() {
  return {
    'orders-0': logOf(['1', '4', '7', '10']),
    'orders-1': logOf(['2', '3', '11', '12', '13'], 5n),
    'other-0': logOf(['5', '6', '9']),
  };
}

test('the newest records are found whatever partitions they lie in, oldest first', async () => {
  assert.deepEqual(await read(threeLogs(), { last: 4 }), ['10', '11', '12', '13']);
  assert.deepEqual(await read(threeLogs(), { last: 6 }), ['7', '+9', '10', '11', '12', '13']);
  assert.equal((await read(threeLogs(), { last: 100 })).length, 12);
  assert.deepEqual(await read(threeLogs(), { last: 0 }), []);
  assert.deepEqual(await read(threeLogs(), { last: 2, partitions: [0] }), ['+9', '10']);
});

test('within a partition the highest offsets are the newest, whatever their timestamps', async () => {
  const logs = { 'orders-0': logOf(['900', '1']), 'orders-1': logOf([]), 'other-0': logOf([]) };
  assert.deepEqual(await read(logs, { last: 1 }), ['1']);
  assert.deepEqual(await read(logs, { last: 2 }), ['900', '1']);
  // However far back the young record lies.
  const far = { ...logs, 'orders-0': logOf(['900', ...Array.from({ length: 150 }, () => '1')]) };
  assert.deepEqual(await read(far, { last: 2 }), ['1', '1']);
});

test('the newest are taken off the ends of the partitions, the latest time first, also from one that holds them all', async () => {
  const values = {
    'orders-0': Array.from({ length: 700 }, (_, index) => 10_000 + ((index * 7_919) % 5_000)),
    'orders-1': Array.from({ length: 300 }, (_, index) => index),
    'other-0': [20_000, 3, 15_000],
  };
  const logs = Object.fromEntries(Object.entries(values).map(([name, times]) => [name, logOf(times.map(String))]));
  for (const last of [1, 2, 150, 650, 702, 900])
    assert.deepEqual(await read(logs, { last }), newest(values, last), String(last));
});

/** The rule itself: of the last records of all partitions the one with the latest time is the newest, and so on. */
function newest(values: Readonly<Record<string, readonly number[]>>, count: number): string[] {
  const logs = Object.entries(values).map(([name, times]) => ({
    sign: name.startsWith('other') ? '+' : '',
    times: [...times],
  }));
  const taken: string[] = [];
  while (taken.length < count && logs.some(({ times }) => times.length > 0)) {
    const latest = Math.max(...logs.map(({ times }) => times.at(-1) ?? -1));
    const { sign, times } = logs.find((log) => log.times.at(-1) === latest)!;
    taken.unshift(`${sign}${times.pop()}`);
  }
  return taken;
}

test('further back is looked where the last offsets hold nothing that is wanted', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `${index < 3 ? 'a' : 'b'}${index}`);
  const logs = { ...threeLogs(), 'orders-0': logOf(many) };
  const filter = new RecordFilter({ ...none, value: /^a/ });
  assert.deepEqual(await read(logs, { last: 2, filter }), ['a1', 'a2']);
});

test('merged, records come in the order of time over all partitions', async () => {
  const inOrder = ['1', '2', '3', '4', '+5', '+6', '7', '+9', '10', '11', '12', '13'];
  assert.deepEqual(await read(threeLogs(), { merge: true }), inOrder);
  assert.deepEqual(await read(threeLogs(), { merge: true, maxRecords: 5 }), inOrder.slice(0, 5));
  const filter = new RecordFilter({
    ...none,
    where: [await compileExpression('--where', "topic === 'other' || partition === 0")],
  });
  assert.deepEqual(await read(threeLogs(), { merge: true, filter }), ['1', '4', '+5', '+6', '7', '+9', '10']);
});

test('merged, a partition keeps its own order, and the same time is no tie', async () => {
  const logs = { 'orders-0': logOf(['9', '1', '8']), 'orders-1': logOf(['2', '2', '2']), 'other-0': logOf(['2']) };
  assert.deepEqual(await read(logs, { merge: true }), ['2', '2', '2', '+2', '9', '1', '8']);
});

test('merged, a partition whose last offsets were compacted away holds nobody up', async () => {
  const logs = { ...threeLogs(), 'orders-1': logOf(['2', '3'], 5n, 50n) };
  assert.deepEqual(await read(logs, { merge: true }), ['1', '2', '3', '4', '+5', '+6', '7', '+9', '10']);
});
