/** Groups for the assignors' tests, by hand and at random, and what must hold of any assignment. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TopicPartition } from '../../../../src/kafka/cluster.ts';
import type { Assignment, PartitionCounts, Subscriber } from '../../../../src/kafka/group/subscribers.ts';

export interface Group {
  members: readonly Subscriber[];
  counts: PartitionCounts;
}

export function member(memberId: string, topics: readonly string[], groupInstanceId: string | null = null): Subscriber {
  return { memberId, groupInstanceId, topics, owned: [], generation: -1 };
}

/** A member that still holds `owned`, written as `topic-0 topic-1`. */
export function owner(memberId: string, topics: readonly string[], owned: string, generation = 1): Subscriber {
  return { ...member(memberId, topics), owned: owned.split(' ').filter(Boolean).map(partitionOf), generation };
}

/** The members with what the assignment gives them as owned in `generation`. */
export function holding(members: readonly Subscriber[], assignment: Assignment, generation = 1): Subscriber[] {
  return members.map((one) => ({ ...one, owned: assignment.get(one.memberId) ?? [], generation }));
}

/** `{a: 'topic-0 topic-1'}`, sorted. */
export function inWords(assignment: Assignment): Record<string, string> {
  return Object.fromEntries(
    [...assignment].map(([memberId, partitions]) => [memberId, partitions.map(nameOf).sort().join(' ')]),
  );
}

/** Up to eight members and six topics; nothing is owned. */
export function groupArbitrary({ sameTopics = false } = {}): fc.Arbitrary<Group> {
  const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 0, max: 12 }), { minKeys: 1 });
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  return fc
    .tuple(counts, ids, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.boolean()))
    .map(([sizes, memberIds, picks, statics]) => {
      const topics = Object.keys(sizes);
      const pick = () => topics.filter(() => (picks.next().value as number) % 3 > 0);
      const shared = pick();
      return {
        counts: new Map(Object.entries(sizes)),
        members: memberIds.map((id) => member(id, sameTopics ? shared : pick(), statics.next().value ? `static-${id}` : null)),
      };
    });
}

/** Asserts that every partition with a subscriber is assigned once, to a subscriber, except those in `withheld`, which are not. */
export function everyPartitionOnce(
  members: readonly Subscriber[],
  counts: PartitionCounts,
  assignment: Assignment,
  withheld: readonly string[],
): void {
  assert.deepEqual([...assignment.keys()].sort(), members.map(({ memberId }) => memberId).sort());
  for (const { memberId, topics } of members) {
    for (const { topic } of assignment.get(memberId) ?? [])
      assert.ok(topics.includes(topic), `${memberId} did not ask for ${topic}`);
  }
  const wanted = [...counts].filter(([topic]) => members.some(({ topics }) => topics.includes(topic)));
  const expected = wanted.flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => nameOf({ topic, partition })),
  );
  assert.deepEqual(
    [...assignment.values()].flat().map(nameOf).sort(),
    expected.filter((name) => !withheld.includes(name)).sort(),
  );
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function partitionOf(name: string): TopicPartition {
  const dash = name.lastIndexOf('-');
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}
