/** Offsets at positions: exact times, and the newest record of a log from which records were deleted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topicOffsets } from '../../../../src/core/topics/offsets.ts';
import { compactJson } from '../../../../src/render/json.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

interface Listed {
  readonly start: bigint;
  readonly end: bigint;
  /** What the broker answers to max-timestamp. */
  readonly newest: readonly [offset: bigint, timestamp: bigint];
}

async function newest({ start, end, newest: [offset, timestamp] }: Listed) {
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    versions: { ListOffsets: 8 },
    answers: {
      ListOffsets: (body) => {
        const asked = body.topics[0].partitions[0].timestamp;
        const answer = asked === -3n ? { offset, timestamp } : { offset: asked === -2n ? start : end, timestamp: -1n };
        return { topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, errorCode: 0, leaderEpoch: 0, ...answer }] }] };
      },
    },
  });
  const { offsets, problems } = await topicOffsets(cluster, [{ topic: 'orders', partitions: undefined }], {
    at: 'max-timestamp',
  });
  return { json: compactJson(offsets.map(({ offset: at, timestamp: when }) => [at, when])), problems };
}

test('a time is told to the last digit, whatever unit the producer wrote, before 1970 too', async () => {
  const of = async (timestamp: bigint) => (await newest({ start: 0n, end: 5n, newest: [3n, timestamp] })).json;
  assert.equal(await of(1_795_766_984_000_000_123n), '[[3,1795766984000000123]]');
  assert.equal(await of(9_223_372_036_854_775_807n), '[[3,9223372036854775807]]');
  assert.equal(await of(-5n), '[[3,-5]]');
  assert.equal(await of(-1n), '[[3,null]]');
});

test('a log that was emptied has no newest record, though the broker still names one', async () => {
  const { json, problems } = await newest({ start: 900n, end: 900n, newest: [0n, 1_795_766_984_000n] });
  assert.deepEqual([json, problems], ['[[null,null]]', []]);
});

test('an offset that is deleted is never shown as the newest of those that are left', async () => {
  const { json, problems } = await newest({ start: 5n, end: 9n, newest: [3n, 1_795_766_984_000n] });
  assert.equal(json, '[[null,null]]');
  assert.deepEqual(
    problems.map(({ kind, message }) => [kind, message]),
    [['refused', 'max-timestamp of orders:0 (the broker names offset 3, which is deleted)']],
  );
});
