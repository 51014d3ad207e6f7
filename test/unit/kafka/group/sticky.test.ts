/** The cooperative-sticky assignor: balance, stickiness, conflicting claims and the two phases of handing over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cooperativeSticky } from '../../../../src/kafka/group/sticky.ts';
import type { Assignment, PartitionCounts, Subscriber } from '../../../../src/kafka/group/subscribers.ts';
import { everyPartitionOnce, groupArbitrary, holding, inWords, member, nameOf, owner } from './groups.ts';

/** Rebalances until nothing is withheld, as members do that let go and join again. */
function settled(members: readonly Subscriber[], counts: PartitionCounts): Assignment {
  const first = cooperativeSticky(members, counts);
  return cooperativeSticky(holding(members, first, 2), counts);
}

const sizesOf = (assignment: Assignment) => [...assignment.values()].map((partitions) => partitions.length);

test('a member that joins gets its share only after the others let go of it', () => {
  const counts = new Map([['t', 3]]);
  const members = [owner('a', ['t'], 't-0 t-1 t-2'), member('b', ['t'])];
  const first = cooperativeSticky(members, counts);
  assert.deepEqual(inWords(first), { a: 't-0 t-1', b: '' });
  assert.deepEqual(inWords(cooperativeSticky(holding(members, first), counts)), { a: 't-0 t-1', b: 't-2' });
});

test('what a member left behind goes to the others at once, and they keep what they had', () => {
  const members = [owner('a', ['t'], 't-0 t-1'), owner('b', ['t'], 't-2 t-3')];
  assert.deepEqual(inWords(cooperativeSticky(members, new Map([['t', 6]]))), { a: 't-0 t-1 t-4', b: 't-2 t-3 t-5' });
});

test('new partitions go to whoever has fewest, nothing else moves', () => {
  const members = [owner('a', ['t'], 't-0 t-1'), owner('b', ['t'], 't-2')];
  assert.deepEqual(inWords(cooperativeSticky(members, new Map([['t', 4]]))), { a: 't-0 t-1', b: 't-2 t-3' });
});

test('of two claims on a partition the newer generation wins', () => {
  const counts = new Map([['t', 4]]);
  const members = [owner('a', ['t'], 't-0 t-1', 4), owner('b', ['t'], 't-1 t-2', 5)];
  assert.deepEqual(inWords(settled(members, counts)), { a: 't-0 t-3', b: 't-1 t-2' });
});

test('a partition claimed by two in the same generation is kept by neither and withheld until they let go', () => {
  const counts = new Map([['t', 3]]);
  const members = [owner('a', ['t'], 't-0 t-1', 3), owner('b', ['t'], 't-0 t-2', 3), member('c', ['t'])];
  const first = cooperativeSticky(members, counts);
  assert.deepEqual(inWords(first), { a: 't-1', b: 't-2', c: '' });
  assert.deepEqual(inWords(cooperativeSticky(holding(members, first), counts)), { a: 't-1', b: 't-2', c: 't-0' });
});

test('a partition that no longer exists, or whose topic its owner no longer reads, is not kept', () => {
  const members = [owner('a', ['t'], 't-0 t-7 gone-0 u-0'), member('b', ['u'])];
  const counts = new Map([
    ['t', 2],
    ['u', 1],
  ]);
  assert.deepEqual(inWords(settled(members, counts)), { a: 't-0 t-1', b: 'u-0' });
});

test("Java's case where round robin is poor: different subscriptions still come out even", () => {
  const all = ['t1', 't2', 't3', 't4', 't5'];
  const members = [member('a', all), member('b', ['t1', 't3', 't5']), member('c', all), member('d', all)];
  const counts = new Map(all.map((topic, index) => [topic, index % 2 === 0 ? 2 : 1]));
  assert.deepEqual(sizesOf(cooperativeSticky(members, counts)), [2, 2, 2, 2]);
});

test('load moves on through a member in between when the fullest one cannot hand over directly', () => {
  const members = [owner('a', ['x'], 'x-0 x-1 x-2'), owner('b', ['x', 'y'], 'y-0 y-1'), owner('c', ['y'], 'y-2')];
  const counts = new Map([
    ['x', 3],
    ['y', 3],
  ]);
  assert.deepEqual(sizesOf(settled(members, counts)), [2, 2, 2]);
});

test('members with the same topics never differ by more than one partition', () => {
  fc.assert(
    fc.property(groupArbitrary({ sameTopics: true }), ({ members, counts }) => {
      const sizes = sizesOf(cooperativeSticky(members, counts));
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test('whatever the subscriptions, nobody could hand a partition to a member with two fewer', () => {
  fc.assert(
    fc.property(groupArbitrary(), ({ members, counts }) => {
      const assignment = cooperativeSticky(members, counts);
      const sizeOf = (memberId: string) => assignment.get(memberId)?.length ?? 0;
      for (const [memberId, partitions] of assignment) {
        for (const { topic } of partitions) {
          for (const taker of members.filter(({ topics }) => topics.includes(topic))) {
            assert.ok(sizeOf(memberId) - sizeOf(taker.memberId) < 2);
          }
        }
      }
    }),
  );
});

test('the same members and partitions again: nothing moves', () => {
  fc.assert(
    fc.property(groupArbitrary(), ({ members, counts }) => {
      const before = cooperativeSticky(members, counts);
      assert.deepEqual(inWords(cooperativeSticky(holding(members, before), counts)), inWords(before));
    }),
  );
});

test('when a member leaves, what the others held stays with them', () => {
  fc.assert(
    fc.property(groupArbitrary({ sameTopics: true }), ({ members, counts }) => {
      fc.pre(members.length > 1);
      const left = holding(members, cooperativeSticky(members, counts)).slice(1);
      const after = cooperativeSticky(left, counts);
      everyPartitionOnce(left, counts, after, []);
      for (const { memberId, owned } of left) {
        const now = new Set(after.get(memberId)?.map(nameOf));
        assert.ok(owned.every((partition) => now.has(nameOf(partition))));
      }
    }),
  );
});

test('no partition is ever given to one member while another claims it, and the next rebalance gives them all', () => {
  const claims = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(groupArbitrary(), claims, ({ members, counts }, random) => {
      const partitions = [...counts].flatMap(([topic, count]) =>
        Array.from({ length: count }, (_, partition) => ({ topic, partition })),
      );
      const next = () => random.next().value as number;
      const claiming = members.map((one) => ({
        ...one,
        owned: partitions.filter(({ topic }) => one.topics.includes(topic) && next() % 3 === 0),
        generation: next() % 3,
      }));
      const first = cooperativeSticky(claiming, counts);
      for (const { memberId, owned } of claiming) {
        for (const partition of owned.map(nameOf)) {
          for (const [other, given] of first) {
            const gains = other !== memberId && given.map(nameOf).includes(partition);
            const claimed = claiming
              .find((one) => one.memberId === other)
              ?.owned.map(nameOf)
              .includes(partition);
            assert.ok(!gains || claimed, `${other} was given ${partition} while ${memberId} holds it`);
          }
        }
      }
      everyPartitionOnce(members, counts, settled(claiming, counts), []);
    }),
  );
});
