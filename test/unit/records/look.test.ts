/** Looking for the nearest records: steps that grow, as far as it takes and no further. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Look, lookForRecords } from '../../../src/records/look.ts';
import { fakeCluster, offsetsAnswer } from '../../support/fake-cluster.ts';
import { batchOf } from '../kafka/batch/fixtures.ts';
import { fakeLog, fetchAnswer } from '../kafka/fetch/fake-logs.ts';

/** A log of 100 offsets of which every tenth holds a record. */
const log = fakeLog(
  Array.from({ length: 10 }, (_, at) => batchOf(BigInt(at * 10), ['x'])),
  { end: 100n },
);

/** The offsets found in `[0, 100)`, in the order they came, and the lowest and highest offset that was asked for. */
async function look(wanted: Look) {
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    answers: { Fetch: fetchAnswer({ 'orders-0': log }), ListOffsets: offsetsAnswer({ 'orders-0': [0n, 100n] }) },
  });
  const found: number[] = [];
  const options = { isolation: 'read_committed', signal: new AbortController().signal, warn: () => {} } as const;
  const range = { topic: 'orders', partition: 0, start: 0n, end: 100n };
  await lookForRecords(cluster, [range], wanted, options, (record, partition) => {
    assert.equal(partition, 'orders:0');
    found.push(record.offset);
  });
  const fetches = cluster.sent.filter(({ api }) => api === 'Fetch');
  const asked = fetches.flatMap(({ body }) =>
    body.topics.flatMap(({ partitions }: { partitions: { fetchOffset: bigint }[] }) =>
      partitions.map(({ fetchOffset }) => Number(fetchOffset)),
    ),
  );
  return { found, lowest: Math.min(...asked), highest: Math.max(...asked) };
}

test('back from the end, a step that finds too little is followed by a larger one', async () => {
  const { found, lowest } = await look({ direction: 'back', count: 3, leastOffsets: 10, growth: 2 });
  // 90 to 99, then 70 to 89.
  assert.deepEqual(found, [90, 70, 80]);
  assert.equal(lowest, 70);
});

test('ahead from the start, it stops behind the step that gives enough', async () => {
  const { found, highest } = await look({ direction: 'ahead', count: 3, leastOffsets: 10, growth: 2 });
  // 0 to 9, then 10 to 29.
  assert.deepEqual(found, [0, 10, 20]);
  assert.ok(highest < 30);
});

test('a range that holds fewer records than wanted is read whole', async () => {
  for (const direction of ['back', 'ahead'] as const) {
    const { found } = await look({ direction, count: 50, leastOffsets: 10, growth: 3 });
    assert.equal(found.length, 10);
    assert.equal(new Set(found).size, 10);
  }
});
