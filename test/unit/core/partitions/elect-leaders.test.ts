/** Which partitions an election is planned for: those that are named, as everywhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectionsOf } from '../../../../src/commands/selections.ts';
import { planElection, plannedElections } from '../../../../src/core/partitions/elect-leaders.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

/** The preferred replica of each partition is broker 1. */
const world = () => fakeCluster({ topics: () => ({ orders: [2, 1, 2], 'orders-eu': [2] }) });

async function planned(topics: readonly string[], partitions: readonly number[] = []): Promise<readonly string[]> {
  const plan = await planElection(world(), { topics: selectionsOf(topics, partitions), election: 'preferred' });
  return plannedElections(plan).map(({ topic, partition, status }) => `${topic}:${partition} ${status}`);
}

test('without a topic only partitions that need an election are shown; of a named topic all are', async () => {
  assert.deepEqual(await planned([]), ['orders:0 valid', 'orders:2 valid', 'orders-eu:0 valid']);
  assert.deepEqual(await planned(['orders']), ['orders:0 valid', 'orders:1 not-needed', 'orders:2 valid']);
});

test('partitions are named behind a colon or with --partition', async () => {
  assert.deepEqual(await planned(['orders:2']), ['orders:2 valid']);
  assert.deepEqual(await planned(['orders:0,1']), ['orders:0 valid', 'orders:1 not-needed']);
  assert.deepEqual(await planned(['orders'], [2]), ['orders:2 valid']);
  assert.deepEqual(await planned(['orders:0', 'orders:2', 'orders-eu']), [
    'orders:0 valid',
    'orders:2 valid',
    'orders-eu:0 valid',
  ]);
  assert.deepEqual(await planned(['orders*:0']), ['orders:0 valid', 'orders-eu:0 valid']);
  assert.deepEqual(await planned(['orders:7']), ['orders:7 failed']);
  assert.throws(() => selectionsOf(['orders:0'], [1]), { kind: 'usage' });
});
