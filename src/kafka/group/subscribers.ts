/** The members of a group as its leader knows them from their subscriptions, in the orders that assignors need. */
import type { TopicPartition } from '../cluster.ts';

/** One member of the group, as its subscription describes it. */
export interface Subscriber {
  readonly memberId: string;
  /** Set for a static member (KIP-345), which keeps its place in the order after a restart. */
  readonly groupInstanceId: string | null;
  readonly topics: readonly string[];
  /** What it still holds while it joins; empty except in the cooperative protocol (KIP-429). */
  readonly owned: readonly TopicPartition[];
  /** The generation in which it got them; -1 when unknown. */
  readonly generation: number;
}

/** Topic → number of partitions, for topics that exist. */
export type PartitionCounts = ReadonlyMap<string, number>;

/** Member id → its partitions; every member is in it. */
export type Assignment = Map<string, TopicPartition[]>;

export type Assignor = (members: readonly Subscriber[], partitionCounts: PartitionCounts) => Assignment;

/** Members as Java's `MemberInfo` sorts them: static ones first, by instance id, then the others by member id. */
export function inMemberOrder(members: readonly Subscriber[]): Subscriber[] {
  return [...members].sort((one, other) => {
    const [first, second] = [one.groupInstanceId, other.groupInstanceId];
    if (first === null && second === null) return compare(one.memberId, other.memberId);
    if (first === null || second === null) return first === null ? 1 : -1;
    return compare(first, second);
  });
}

/** Existing topics that someone subscribes to, sorted by name, each with its subscribers in the order of `members`. */
export function subscribersByTopic<M extends { readonly topics: Iterable<string> }>(
  members: readonly M[],
  partitionCounts: PartitionCounts,
): Map<string, M[]> {
  const byTopic = new Map<string, M[]>();
  for (const member of members) {
    for (const topic of new Set(member.topics)) {
      if (!partitionCounts.has(topic)) continue;
      const subscribers = byTopic.get(topic);
      if (subscribers === undefined) byTopic.set(topic, [member]);
      else subscribers.push(member);
    }
  }
  return new Map([...byTopic].sort(([one], [other]) => compare(one, other)));
}

/** Java's String.compareTo: by UTF-16 unit, as `<` does. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
