import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import type { Position } from '../../../../src/base/position.ts';
import { resolvePositions } from '../../../../src/core/offsets/resolve.ts';
import { type Answerer, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

const ranges = { 'orders-0': [10n, 100n], 'orders-1': [0n, 3n] } as const;
const partitions = [{ topic: 'orders', partition: 0 }, { topic: 'orders', partition: 1 }]; // biome-ignore format: pairs

async function offsets(position: Position, answer: Answerer = offsetsAnswer(ranges)) {
  const cluster = fakeCluster({ topics: () => ({ orders: [1, 2] }), answers: { ListOffsets: answer } });
  const resolved = await resolvePositions(cluster, partitions, position, 'read_uncommitted', { timeoutMs: 1000 });
  return resolved.map(({ offset }) => offset);
}

test('beginning and end are the ends of each log', async () => {
  assert.deepEqual(await offsets({ at: 'beginning' }), [10n, 0n]);
  assert.deepEqual(await offsets({ at: 'end' }), [100n, 3n]);
});

test('the last N never begin before the log does', async () => {
  assert.deepEqual(await offsets({ at: 'last', count: 5 }), [95n, 0n]);
});

test('a time after the last record is the end', async () => {
  assert.deepEqual(await offsets({ at: 'time', timestampMs: 5 }), [100n, 3n]);
  const at42: Answerer = (body, target, tries) => {
    const answer = offsetsAnswer(ranges)(body, target, tries);
    if (body.topics[0].partitions[0].timestamp === 5n) answer.topics[0].partitions[0].offset = 42n;
    return answer;
  };
  assert.deepEqual(await offsets({ at: 'time', timestampMs: 5 }, at42), [42n, 42n]);
});

test('an offset outside of a partition names the partition and what it holds', async () => {
  await assert.rejects(offsets({ at: 'offset', offset: 50n }), (error) => {
    assert.ok(error instanceof KtError);
    assert.equal(error.kind, 'refused');
    assert.equal(error.code, 'OFFSET_OUT_OF_RANGE');
    assert.equal(error.message, 'offset 50 of partition orders:1 (the partition holds 0 to 3)');
    return true;
  });
});

test('under read_committed an offset inside an open transaction may be waited at', async () => {
  const answer: Answerer = (body) => offsetsAnswer({ 'orders-0': [0n, body.isolationLevel === 1 ? 5n : 9n] })(body, 'any', 1);
  const cluster = fakeCluster({ topics: () => ({ orders: [1] }), answers: { ListOffsets: answer } });
  const resolve = (offset: bigint) =>
    resolvePositions(cluster, [partitions[0]!], { at: 'offset', offset }, 'read_committed', { timeoutMs: 1000 });
  assert.deepEqual(await resolve(7n), [{ topic: 'orders', partition: 0, offset: 7n, startOffset: 0n, endOffset: 5n }]);
  await assert.rejects(resolve(10n), /the partition holds 0 to 9/);
});

test('a partition without leader is an error, not an offset', async () => {
  const cluster = fakeCluster({ topics: () => ({ orders: [-1] }) });
  const resolving = resolvePositions(cluster, [partitions[0]!], { at: 'end' }, 'read_committed', { timeoutMs: 1000 });
  await assert.rejects(resolving, (error) => error instanceof KtError && error.code === 'LEADER_NOT_AVAILABLE');
});
