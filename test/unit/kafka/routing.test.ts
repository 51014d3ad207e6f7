import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import type { TopicPartition } from '../../../src/kafka/cluster.ts';
import { partitionName, perCoordinator, perLeader } from '../../../src/kafka/routing.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';

const notLeader = 6;
const notCoordinator = 16;
const fine = (items: readonly TopicPartition[]) => new Map(items.map((item) => [partitionName(item), { errorCode: 0 }]));
const partitions = (count: number) => Array.from({ length: count }, (_, partition) => ({ topic: 'orders', partition }));

test('partitions are asked for in one request per leader, all leaders at the same time', async () => {
  const cluster = fakeCluster({ topics: () => ({ orders: [1, 2, 1, 2] }) });
  const asked: [number, number[]][] = [];
  let running = 0;
  let most = 0;
  const results = await perLeader(
    cluster,
    partitions(4),
    async (broker, items) => {
      asked.push([broker, items.map(({ partition }) => partition)]);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return fine(items);
    },
    { timeoutMs: 1000 },
  );
  assert.deepEqual(asked, [[1, [0, 2]], [2, [1, 3]]]); // biome-ignore format: two leaders
  assert.equal(most, 2);
  assert.equal(results.size, 4);
});

test('only partitions whose leader moved are asked for again, at the new leader', async () => {
  let leader = 1;
  const cluster = fakeCluster({ topics: () => ({ orders: [1, leader] }) });
  const asked: [number, number[]][] = [];
  const results = await perLeader(
    cluster,
    partitions(2),
    async (broker, items) => {
      asked.push([broker, items.map(({ partition }) => partition)]);
      leader = 3;
      return new Map(
        items.map((item) => [partitionName(item), { errorCode: item.partition === 1 && broker === 1 ? notLeader : 0 }]),
      );
    },
    { timeoutMs: 1000 },
  );
  assert.deepEqual(asked, [[1, [0, 1]], [3, [1]]]); // biome-ignore format: two tries
  assert.deepEqual([...results.values()], [{ errorCode: 0 }, { errorCode: 0 }]);
});

test('a lost connection counts as a moved leader, and the others keep their answers', async () => {
  let lost = false;
  const cluster = fakeCluster({ topics: () => ({ orders: [1, lost ? 1 : 2] }) });
  const results = await perLeader(
    cluster,
    partitions(2),
    async (broker, items) => {
      if (broker === 2) {
        lost = true;
        throw new KtError('connection', 'gone');
      }
      return fine(items);
    },
    { timeoutMs: 1000 },
  );
  assert.deepEqual([...results.values()], [{ errorCode: 0 }, { errorCode: 0 }]);
});

test('what is still without its leader at the deadline has its last error, and only that', async () => {
  const cluster = fakeCluster({ topics: () => ({ orders: [1, 2] }) });
  const results = await perLeader(
    cluster,
    partitions(2),
    async (broker, items) => new Map(items.map((item) => [partitionName(item), { errorCode: broker === 2 ? notLeader : 0 }])),
    { timeoutMs: 200 },
  );
  assert.deepEqual(results.get('orders:0'), { errorCode: 0 });
  const error = results.get('orders:1');
  assert.ok(error instanceof KtError);
  assert.equal(error.code, 'NOT_LEADER_OR_FOLLOWER');
  assert.match(error.message, /partition orders:1/);
});

test('a partition without leader, an unknown partition and an unknown topic fail at once and without a request', async () => {
  const cluster = fakeCluster({ topics: () => ({ orders: [-1] }) });
  const asked = [{ topic: 'orders', partition: 0 }, { topic: 'orders', partition: 7 }, { topic: 'nope', partition: 0 }]; // biome-ignore format: one line
  const results = await perLeader(cluster, asked, () => assert.fail('nobody to ask'), { timeoutMs: 60_000 });
  const codes = [...results].map(([name, result]) => [name, result instanceof KtError ? result.code : '']);
  assert.deepEqual(Object.fromEntries(codes), {
    'orders:0': 'LEADER_NOT_AVAILABLE',
    'orders:7': 'UNKNOWN_TOPIC_OR_PARTITION',
    'nope:0': 'UNKNOWN_TOPIC_OR_PARTITION',
  });
});

test('an error that no other leader cures is not tried again', async () => {
  const cluster = fakeCluster({ topics: () => ({ orders: [1] }) });
  let tries = 0;
  const results = await perLeader(
    cluster,
    partitions(1),
    async () => new Map([['orders:0', { errorCode: 29, tries: ++tries }]]),
    {
      timeoutMs: 5000,
    },
  );
  assert.equal((results.get('orders:0') as KtError).code, 'TOPIC_AUTHORIZATION_FAILED');
  assert.equal(tries, 1);
});

test('Ctrl-C ends the wait for a leader', async () => {
  const controller = new AbortController();
  const reason = new KtError('interrupted', 'interrupted');
  const cluster = fakeCluster({ topics: () => ({ orders: [1] }), signal: controller.signal });
  const routed = perLeader(
    cluster,
    partitions(1),
    async () => {
      setImmediate(() => controller.abort(reason));
      return new Map([['orders:0', { errorCode: notLeader }]]);
    },
    { timeoutMs: 60_000 },
  );
  await assert.rejects(routed, reason);
});

test('groups are asked for at their coordinators, and again at the new one when it moved', async () => {
  let moved = false;
  const lookUps: [readonly string[], boolean][] = [];
  const cluster = fakeCluster({
    coordinators: (groups, fresh) => {
      lookUps.push([groups, fresh]);
      return new Map(groups.map((group) => [group, group === 'b' && moved ? 3 : 1]));
    },
  });
  const asked: [number, readonly string[]][] = [];
  const results = await perCoordinator(
    cluster,
    ['a', 'b'],
    async (broker, groups) => {
      asked.push([broker, groups]);
      moved = true;
      return new Map(groups.map((group) => [group, { errorCode: group === 'b' && broker === 1 ? notCoordinator : 0 }]));
    },
    { timeoutMs: 1000 },
  );
  assert.deepEqual(asked, [[1, ['a', 'b']], [3, ['b']]]); // biome-ignore format: two tries
  assert.deepEqual(lookUps, [[['a', 'b'], false], [['b'], true]]); // biome-ignore format: two look-ups
  assert.equal(results.size, 2);
});

test('coordinators that are known are not looked up', async () => {
  const cluster = fakeCluster({ coordinators: () => assert.fail('known already') });
  const known = new Map([['a', 2]]);
  const results = await perCoordinator(cluster, ['a'], async (broker) => new Map([['a', { errorCode: 0, broker }]]), {
    timeoutMs: 1000,
    known,
  });
  assert.deepEqual(results.get('a'), { errorCode: 0, broker: 2 });
});

test('a group the cluster refuses to look up does not hide the others', async () => {
  const denied = new KtError('refused', 'denied', { code: 'GROUP_AUTHORIZATION_FAILED' });
  const cluster = fakeCluster({
    coordinators: (groups) => {
      if (groups.includes('secret')) throw denied;
      return new Map(groups.map((group) => [group, 1]));
    },
  });
  const send = async (_broker: number, groups: readonly string[]) => new Map(groups.map((group) => [group, { errorCode: 0 }]));
  const results = await perCoordinator(cluster, ['open', 'secret'], send, { timeoutMs: 1000 });
  assert.deepEqual([results.get('open'), results.get('secret')], [{ errorCode: 0 }, denied]);
});
