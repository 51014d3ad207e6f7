/** Stories of partitions as commands name them: the same notation, and the same error, everywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { loadRegexFor } from '../../../../src/base/regex/plain.ts';
import { selectionsOf, topicPartitions } from '../../../../src/commands/selections.ts';
import { selectPartitions } from '../../../../src/core/partitions/selection.ts';
import { partitionNames } from '../../../../src/kafka/by-topic.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

// As main does for the words of a command line.
await loadRegexFor(['(a+)+']);

const world = () =>
  fakeCluster({ topics: () => ({ orders: [1, 2, 3], 'orders-eu': [1], __state: [1] }), internal: ['__state'] });

async function chosen(...words: string[]) {
  const { partitions, problems } = await selectPartitions(world(), words.map(topicPartitions));
  return [partitionNames(partitions), ...problems.map(({ kind, code, message }) => `${kind} ${code} ${message}`)];
}

test('a topic is all of its partitions, or those behind the colon', async () => {
  assert.deepEqual(await chosen('orders'), ['orders:0,1,2']);
  assert.deepEqual(await chosen('orders:2,0'), ['orders:0,2']);
  assert.deepEqual(await chosen('orders:1', 'orders-eu', 'orders:2'), ['orders:1,2 orders-eu:0']);
});

test('a pattern finds topics but no internal ones; its own colons are no partitions', async () => {
  assert.deepEqual(await chosen('orders*:0'), ['orders:0 orders-eu:0']);
  assert.deepEqual(await chosen('/orders(?:-eu)?/'), ['orders:0,1,2 orders-eu:0']);
  assert.deepEqual(await chosen('*', '__state:0'), ['__state:0 orders:0,1,2 orders-eu:0']);
});

test('all that is asked for is looked up in one request', async () => {
  const cluster = world();
  await selectPartitions(cluster, ['orders:0', 'orders-eu'].map(topicPartitions));
  assert.equal(cluster.metadataRequests.length, 1);
});

test('a partition that a topic does not have is refused by name, and hides no other', async () => {
  const unknown = 'refused UNKNOWN_TOPIC_OR_PARTITION topic';
  assert.deepEqual(await chosen('orders:1,99'), ['orders:1', `${unknown} orders has no partition 99 (it has 3: 0 to 2)`]);
  assert.deepEqual(await chosen('orders-eu:1'), ['', `${unknown} orders-eu has no partition 1 (it has 1: 0)`]);
});

for (const value of ['orders:', ':3', 'orders:x', 'orders:1,', 'orders:-1'])
  test(`${value} is a usage error`, () => {
    assert.throws(
      () => topicPartitions(value),
      (error) => error instanceof KtError && error.kind === 'usage',
    );
  });

test('--partition picks partitions of the topics that name none', () => {
  assert.deepEqual(selectionsOf(['orders'], [1]), [{ topic: 'orders', partitions: [1] }]);
  assert.deepEqual(selectionsOf(['orders:0'], []), [{ topic: 'orders', partitions: [0] }]);
  assert.throws(() => selectionsOf(['orders:0'], [1]), /--partition with orders:0 \(both name partitions\)/);
});
