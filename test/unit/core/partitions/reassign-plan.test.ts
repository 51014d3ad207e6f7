/** What every plan of a reassignment promises, whatever the cluster looks like. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  changed,
  difference,
  type PlannedPartition,
  type PlanRequest,
  planReassignment,
} from '../../../../src/core/partitions/reassign-plan.ts';

const topic = 'orders';
const partitionsOf = (...replicas: number[][]) => replicas.map((each, partition) => ({ topic, partition, replicas: each }));
const without = (...ids: number[]): PlanRequest['brokers'] => ids.map((id) => ({ id, rack: null }));
const to = (plan: readonly PlannedPartition[]) => plan.map((each) => each.to);

const clusters = fc
  .record({
    racks: fc.array(fc.constantFrom(null, 'a', 'b', 'c'), { minLength: 2, maxLength: 7 }),
    sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 }),
    factor: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    seed: fc.infiniteStream(fc.nat(1000)),
    target: fc.integer({ min: 1, max: 7 }),
  })
  .map(({ racks, sizes, factor, seed, target }) => {
    const brokers = racks.map((rack, id) => ({ id, rack }));
    const targets = brokers.slice(0, Math.max(1, Math.min(target, brokers.length)));
    const partitions = sizes.map((size, partition) => {
      const ids = brokers.map(({ id }) => id);
      const replicas = Array.from(
        { length: Math.min(size, targets.length) },
        () => ids.splice(seed.next().value! % ids.length, 1)[0]!,
      );
      return { topic, partition, replicas };
    });
    return { brokers: targets, partitions, replicationFactor: factor && Math.min(factor, targets.length) };
  });

/** How many replicas the racks of one partition hold at most. A broker without a rack is one by itself. */
function fullestRack(replicas: readonly number[], brokers: PlanRequest['brokers']): number {
  const racks = replicas.map((id) => brokers.find((broker) => broker.id === id)?.rack ?? `broker ${id}`);
  return Math.max(...racks.map((rack) => racks.filter((each) => each === rack).length));
}

/** The lowest that is possible: racks filled evenly. */
function leastFullest(count: number, brokers: PlanRequest['brokers']): number {
  const racks = brokers.map(({ id, rack }) => rack ?? `broker ${id}`);
  const sizes = [...new Set(racks)].map((rack) => racks.filter((each) => each === rack).length);
  for (let share = 1; ; share++) if (sizes.reduce((sum, size) => sum + Math.min(size, share), 0) >= count) return share;
}

test('every partition gets the wanted number of replicas, each on another target broker', () => {
  fc.assert(
    fc.property(clusters, ({ brokers, partitions, replicationFactor }) => {
      const plan = planReassignment(partitions, { brokers, replicationFactor });
      for (const [index, { from, to: replicas }] of plan.entries()) {
        assert.deepEqual(from, partitions[index]!.replicas);
        assert.equal(replicas.length, replicationFactor ?? from.length);
        assert.equal(new Set(replicas).size, replicas.length);
        for (const replica of replicas) assert.ok(brokers.some(({ id }) => id === replica));
      }
    }),
  );
});

test('racks are spread as evenly as their brokers allow', () => {
  fc.assert(
    fc.property(clusters, ({ brokers, partitions, replicationFactor }) => {
      for (const { to: replicas } of planReassignment(partitions, { brokers, replicationFactor }))
        assert.equal(fullestRack(replicas, brokers), leastFullest(replicas.length, brokers));
    }),
  );
});

test('a plan applied to its own result changes nothing', () => {
  fc.assert(
    fc.property(clusters, ({ brokers, partitions, replicationFactor }) => {
      const plan = planReassignment(partitions, { brokers, replicationFactor });
      const after = plan.map(({ to: replicas }, index) => ({ ...partitions[index]!, replicas }));
      assert.deepEqual(changed(planReassignment(after, { brokers, replicationFactor })), []);
    }),
  );
});

test('without racks replicas and leaders are spread to within one', () => {
  fc.assert(
    fc.property(clusters, ({ brokers, partitions, replicationFactor }) => {
      const rackless = brokers.map(({ id }) => ({ id, rack: null }));
      const plan = to(planReassignment(partitions, { brokers: rackless, replicationFactor }));
      const counts = (ids: readonly number[]) => rackless.map(({ id }) => ids.filter((each) => each === id).length);
      const replicas = counts(plan.flat());
      assert.ok(Math.max(...replicas) - Math.min(...replicas) <= 1, `replicas ${replicas}`);
      const factor = replicationFactor ?? 1;
      if (factor === rackless.length) {
        const leaders = counts(plan.map(([leader]) => leader!));
        assert.ok(Math.max(...leaders) - Math.min(...leaders) <= 1, `leaders ${leaders}`);
      }
    }),
  );
});

test('only what must move is moved: replicas on brokers that are not targets, and those above their share', () => {
  fc.assert(
    fc.property(clusters, ({ brokers, partitions }) => {
      const rackless = brokers.map(({ id }) => ({ id, rack: null }));
      const plan = planReassignment(partitions, { brokers: rackless });
      const total = plan.flatMap((each) => each.to).length;
      const share = Math.floor(total / rackless.length);
      const held = rackless.map(({ id }) => partitions.filter(({ replicas }) => replicas.includes(id)).length);
      const displaced = total - held.reduce((sum, count) => sum + count, 0);
      const missing = held.reduce((sum, count) => sum + Math.max(0, share - count), 0);
      const surplus = held.reduce((sum, count) => sum + Math.max(0, count - share), 0);
      const added = plan.reduce((sum, each) => sum + difference(each).adding.length, 0);
      assert.ok(added >= Math.max(missing, displaced), 'no plan could do with fewer');
      // A displaced replica may have only a full broker to go to, which then gives another one away.
      assert.ok(added <= 2 * displaced + surplus, `${added} moved, ${displaced} displaced, ${surplus} above their share`);
    }),
  );
});

test('a cluster that is spread already is left alone', () => {
  assert.deepEqual(changed(planReassignment(partitionsOf([1, 2], [2, 3], [3, 1]), { brokers: without(1, 2, 3) })), []);
});

test('a new broker takes its share of replicas and leaders, and nothing else moves', () => {
  const plan = planReassignment(partitionsOf([1, 2], [2, 1], [1, 2]), { brokers: without(1, 2, 3) });
  assert.equal(plan.flatMap((each) => difference(each).adding).length, 2);
  assert.deepEqual(new Set(plan.flatMap((each) => difference(each).adding)), new Set([3]));
  assert.equal(new Set(plan.map((each) => each.to[0])).size, 3);
});

test('a broker that is taken out loses its replicas, and only those move', () => {
  const plan = planReassignment(partitionsOf([1, 2], [2, 3], [3, 1], [4, 3]), { brokers: without(1, 2, 3) });
  assert.deepEqual(
    plan.map((each) => difference(each)),
    [
      { adding: [], removing: [] },
      { adding: [], removing: [] },
      { adding: [], removing: [] },
      { adding: [plan[3]!.to.find((id) => id !== 3)!], removing: [4] },
    ],
  );
});

test('a higher replication factor adds replicas and moves none; a lower one takes them from the fullest racks', () => {
  const racks = [
    { id: 1, rack: 'a' },
    { id: 2, rack: 'a' },
    { id: 3, rack: 'b' },
  ];
  assert.deepEqual(to(planReassignment(partitionsOf([1], [3]), { brokers: racks, replicationFactor: 2 })), [
    [1, 3],
    [3, 2],
  ]);
  assert.deepEqual(to(planReassignment(partitionsOf([1, 2, 3]), { brokers: racks, replicationFactor: 2 })), [[1, 3]]);
});

test('more replicas than brokers is a usage error', () => {
  assert.throws(() => planReassignment(partitionsOf([1, 2]), { brokers: without(1) }), /2 replicas on 1 brokers/);
});
