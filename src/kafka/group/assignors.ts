/** How a group's leader divides partitions among the members; the results are those of Kafka's Java assignors. */
import { cooperativeSticky } from './sticky.ts';
import { type Assignment, type Assignor, inMemberOrder, type Subscriber, subscribersByTopic } from './subscribers.ts';

/**
 * Java's RangeAssignor: of each topic, every subscriber gets a run of neighbouring partitions; if they do not divide evenly, the
 * first runs are longer. Racks (KIP-881) are ignored: kt sends none, and an assignor may ignore them.
 */
export const range: Assignor = (members, partitionCounts) => {
  const sorted = inMemberOrder(members);
  const assignment = noPartitions(sorted);
  for (const [topic, subscribers] of subscribersByTopic(sorted, partitionCounts)) {
    const count = partitionCounts.get(topic) ?? 0;
    const share = Math.floor(count / subscribers.length);
    const longer = count % subscribers.length;
    let partition = 0;
    for (const [index, { memberId }] of subscribers.entries()) {
      const end = partition + share + (index < longer ? 1 : 0);
      for (; partition < end; partition++) assignment.get(memberId)?.push({ topic, partition });
    }
  }
  return assignment;
};

/** Java's RoundRobinAssignor: deals all partitions in turn, ordered by topic and number, skipping members without that topic. */
export const roundRobin: Assignor = (members, partitionCounts) => {
  const sorted = inMemberOrder(members);
  const assignment = noPartitions(sorted);
  let turn = 0;
  for (const [topic, subscribers] of subscribersByTopic(sorted, partitionCounts)) {
    const count = partitionCounts.get(topic) ?? 0;
    const takers = new Set(subscribers);
    for (let partition = 0; partition < count; partition++) {
      // The topic has a subscriber, so some member takes it within one round.
      for (;;) {
        const member = sorted[turn++ % sorted.length];
        if (member === undefined || !takers.has(member)) continue;
        assignment.get(member.memberId)?.push({ topic, partition });
        break;
      }
    }
  }
  return assignment;
};

/**
 * What kt offers when it joins, most wanted first. Java's default is [range, cooperative-sticky]; the broker chooses an assignor
 * that all members have.
 */
export const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['range', range],
  ['roundrobin', roundRobin],
  ['cooperative-sticky', cooperativeSticky],
]);

function noPartitions(members: readonly Subscriber[]): Assignment {
  return new Map(members.map(({ memberId }) => [memberId, []]));
}
