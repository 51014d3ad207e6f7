/** The range and roundrobin assignors against the tables of Java's own unit tests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignors, range, roundRobin } from '../../../../src/kafka/group/assignors.ts';
import { everyPartitionOnce, groupArbitrary, inWords, member } from './groups.ts';

const cases = [
  {
    name: 'a lone member without a topic that exists gets nothing',
    members: [member('c', ['gone'])],
    counts: { other: 3 },
    range: { c: '' },
    roundRobin: { c: '' },
  },
  {
    name: 'a lone member gets everything, of its own topics only',
    members: [member('c', ['one', 'two'])],
    counts: { one: 1, two: 2, three: 4 },
    range: { c: 'one-0 two-0 two-1' },
    roundRobin: { c: 'one-0 two-0 two-1' },
  },
  {
    name: 'of two members and one partition the first one gets it',
    members: [member('b', ['t']), member('a', ['t'])],
    counts: { t: 1 },
    range: { a: 't-0', b: '' },
    roundRobin: { a: 't-0', b: '' },
  },
  {
    name: 'two topics of three partitions between two members',
    members: [member('a', ['one', 'two']), member('b', ['one', 'two'])],
    counts: { one: 3, two: 3 },
    range: { a: 'one-0 one-1 two-0 two-1', b: 'one-2 two-2' },
    roundRobin: { a: 'one-0 one-2 two-1', b: 'one-1 two-0 two-2' },
  },
  {
    name: 'members with different subscriptions',
    members: [member('a', ['one']), member('b', ['two', 'one']), member('c', ['one'])],
    counts: { one: 3, two: 2 },
    range: { a: 'one-0', b: 'one-1 two-0 two-1', c: 'one-2' },
    roundRobin: { a: 'one-0', b: 'one-1 two-0 two-1', c: 'one-2' },
  },
  {
    name: 'static members are ordered by their instance id, not by their member id',
    members: [member('b', ['one', 'two'], 'instance1'), member('a', ['one', 'two'], 'instance2')],
    counts: { one: 3, two: 3 },
    range: { a: 'one-2 two-2', b: 'one-0 one-1 two-0 two-1' },
    roundRobin: { a: 'one-1 two-0 two-2', b: 'one-0 one-2 two-1' },
  },
  {
    name: 'a static member comes before a dynamic one whatever their member ids',
    members: [member('a', ['one', 'two']), member('b', ['one', 'two'], 'instance')],
    counts: { one: 3, two: 3 },
    range: { a: 'one-2 two-2', b: 'one-0 one-1 two-0 two-1' },
    roundRobin: { a: 'one-1 two-0 two-2', b: 'one-0 one-2 two-1' },
  },
  {
    name: 'ten partitions among four members: the first two get one more',
    members: ['d', 'b', 'c', 'a'].map((id) => member(id, ['t'])),
    counts: { t: 10 },
    range: { a: 't-0 t-1 t-2', b: 't-3 t-4 t-5', c: 't-6 t-7', d: 't-8 t-9' },
    roundRobin: { a: 't-0 t-4 t-8', b: 't-1 t-5 t-9', c: 't-2 t-6', d: 't-3 t-7' },
  },
  {
    name: 'member ids are ordered as Java orders strings: capitals first',
    members: [member('a', ['t']), member('B', ['t'])],
    counts: { t: 3 },
    range: { B: 't-0 t-1', a: 't-2' },
    roundRobin: { B: 't-0 t-2', a: 't-1' },
  },
];

for (const { name, members, counts, ...expected } of cases) {
  const partitionCounts = new Map(Object.entries(counts));
  test(`range: ${name}`, () => assert.deepEqual(inWords(range(members, partitionCounts)), expected.range));
  test(`roundrobin: ${name}`, () => assert.deepEqual(inWords(roundRobin(members, partitionCounts)), expected.roundRobin));
}

for (const [name, assign] of assignors) {
  test(`${name}: whatever the group, every subscribed partition has exactly one reader, who asked for its topic`, () => {
    fc.assert(
      fc.property(groupArbitrary(), ({ members, counts }) => everyPartitionOnce(members, counts, assign(members, counts), [])),
    );
  });
}

test('roundrobin: members with the same topics never differ by more than one partition', () => {
  fc.assert(
    fc.property(groupArbitrary({ sameTopics: true }), ({ members, counts }) => {
      const sizes = [...roundRobin(members, counts).values()].map((partitions) => partitions.length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test('range: the members of one topic never differ by more than one partition of it', () => {
  fc.assert(
    fc.property(groupArbitrary(), ({ members, counts }) => {
      const assignment = range(members, counts);
      for (const topic of counts.keys()) {
        const sizes = members
          .filter(({ topics }) => topics.includes(topic))
          .map(({ memberId }) => assignment.get(memberId)?.filter((partition) => partition.topic === topic).length ?? 0);
        assert.ok(sizes.length === 0 || Math.max(...sizes) - Math.min(...sizes) <= 1);
      }
    }),
  );
});
