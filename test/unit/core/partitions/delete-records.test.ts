import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Position } from '../../../../src/base/position.ts';
import { deleteRecords, plannedDeletions, planRecordDeletion } from '../../../../src/core/partitions/delete-records.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

/** Three partitions with offsets 0–10, 5–8 and none, on two leaders. */
function world(errorCode = 0) {
  return fakeCluster({
    topics: () => ({ orders: [1, 2, 1] }),
    answers: {
      ListOffsets: offsetsAnswer({ 'orders-0': [0n, 10n], 'orders-1': [5n, 8n], 'orders-2': [3n, 3n] }),
      DeleteRecords: (body, target) => ({
        // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
        topics: body.topics.map(({ name, partitions }: any) => ({
          name,
          // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
          partitions: partitions.map(({ partitionIndex, offset }: any) => ({
            partitionIndex,
            lowWatermark: offset,
            errorCode: (target as { broker: number }).broker === 2 ? errorCode : 0,
          })),
        })),
      }),
    },
  });
}

async function planned(position: Position, partitions?: readonly number[]) {
  const plan = await planRecordDeletion(world(), { topic: 'orders', partitions }, position);
  return plannedDeletions(plan).partitions.map(
    ({ partition, status, records, startOffset }) => `${partition} ${status} ${records} ${startOffset}`,
  );
}

test('what goes depends on where each partition begins and ends', async () => {
  assert.deepEqual(await planned({ at: 'end' }), ['0 valid 10 10', '1 valid 3 8', '2 unchanged 0 3']);
  assert.deepEqual(await planned({ at: 'last', count: 2 }), ['0 valid 8 8', '1 valid 1 6', '2 unchanged 0 3']);
  assert.deepEqual(await planned({ at: 'beginning' }), ['0 unchanged 0 0', '1 unchanged 0 5', '2 unchanged 0 3']);
  // The fake leaders know no record that young: all are older.
  assert.deepEqual(await planned({ at: 'time', timestampMs: 1 }), ['0 valid 10 10', '1 valid 3 8', '2 unchanged 0 3']);
});

test('an offset past the end of a partition is refused for this one only', async () => {
  const plan = await planRecordDeletion(world(), { topic: 'orders', partitions: undefined }, { at: 'offset', offset: 9n });
  const { partitions } = plannedDeletions(plan);
  assert.deepEqual(
    partitions.map(({ status, error }) => [status, error?.code]),
    [['valid', undefined], ['failed', 'OFFSET_OUT_OF_RANGE'], ['failed', 'OFFSET_OUT_OF_RANGE']], // biome-ignore format: rows
  );
});

test('only the partitions that are named; one that is not there is a problem', async () => {
  assert.deepEqual(await planned({ at: 'end' }, [1]), ['1 valid 3 8']);
  const { problems } = await planRecordDeletion(world(), { topic: 'orders', partitions: [1, 7] }, { at: 'end' });
  assert.match(problems[0]!.message, /^topic orders has no partition 7 \(it has 3: 0 to 2\)$/);
});

test('leaders are asked once each for exactly what was planned; one that refuses hides nothing', async () => {
  const cluster = world(44);
  const plan = await planRecordDeletion(cluster, { topic: 'orders', partitions: undefined }, { at: 'end' });
  const { partitions } = await deleteRecords(cluster, plan);
  assert.deepEqual(
    partitions.map(({ status, records }) => [status, records]),
    [['deleted', 10n], ['failed', null], ['unchanged', 0n]], // biome-ignore format: rows
  );
  assert.match(partitions[1]!.error!.hint!, /--append-config cleanup\.policy=delete/);
  const sent = cluster.sent.filter(({ api }) => api === 'DeleteRecords');
  assert.deepEqual(
    sent.map(({ body, target }) => [target, body.topics[0].partitions]),
    [
      [{ broker: 1 }, [{ partitionIndex: 0, offset: 10n }]],
      [{ broker: 2 }, [{ partitionIndex: 1, offset: 8n }]],
    ],
  );
});

test('where not all followers were in time, it says that the records may be gone, and where to look', async () => {
  const cluster = world(7);
  const plan = await planRecordDeletion(cluster, { topic: 'orders', partitions: [1] }, { at: 'end' });
  const [outcome] = (await deleteRecords(cluster, plan)).partitions;
  assert.equal(outcome!.status, 'failed');
  assert.match(outcome!.error!.hint!, /^its leader may have deleted them, .*: kt topics offsets orders --at beginning shows/);
});
