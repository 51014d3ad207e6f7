/** The `cooperative-sticky` assignor (KIP-54, KIP-429): balanced, with as few moves as balance allows. */

import type { TopicPartition } from '../cluster.ts';
import { partitionName } from '../routing.ts';
import { type Assignment, inMemberOrder, type PartitionCounts, type Subscriber, subscribersByTopic } from './subscribers.ts';

/** A member while partitions are being moved to and from it. */
interface Holder {
  readonly memberId: string;
  readonly topics: ReadonlySet<string>;
  /** Topic → partitions that may be moved: at first those that were free, later all. */
  readonly held: Map<string, number[]>;
  /** Topic → partitions it already owned. */
  readonly kept: Map<string, number[]>;
  /** How many partitions are in either, each counted once. */
  count: number;
}

/**
 * Divides the partitions so that no member could pass one, directly or through others, to a member with at least two fewer.
 * A member keeps what it owned. If two claim the same partition, the one with the newer generation keeps it, and neither
 * when the generations are equal: one of them is wrong, and there is no telling which.
 * A partition that changes hands is left out of the result while its former owner still claims it: that owner sees that it
 * is gone, revokes it and joins again, and the next assignment hands it over. So it never has two readers.
 */
export function cooperativeSticky(members: readonly Subscriber[], partitionCounts: PartitionCounts): Assignment {
  const holders = inMemberOrder(members).map(
    (member): Holder => ({
      memberId: member.memberId,
      topics: new Set(member.topics),
      held: new Map(),
      kept: new Map(),
      count: 0,
    }),
  );
  const subscribers = subscribersByTopic(holders, partitionCounts);
  const taken = keepOwned(members, holders, subscribers, partitionCounts);
  giveFree(subscribers, taken, partitionCounts);
  // First only the free ones: if these suffice for balance, no kept partition moves, and those withheld last time find their owner.
  balance(holders, subscribers);
  for (const { held, kept } of holders) {
    for (const [topic, partitions] of kept) held.set(topic, [...partitions, ...(held.get(topic) ?? [])]);
  }
  balance(holders, subscribers);
  return withoutMoving(holders, members);
}

/** Gives every member what it owned; returns the partitions now taken, per topic. */
function keepOwned(
  members: readonly Subscriber[],
  holders: readonly Holder[],
  subscribers: ReadonlyMap<string, readonly Holder[]>,
  partitionCounts: PartitionCounts,
): Map<string, Set<number>> {
  const byId = new Map(holders.map((holder) => [holder.memberId, holder]));
  const claims = new Map<string, Map<number, { owner: Holder | null; generation: number }>>();
  for (const topic of subscribers.keys()) claims.set(topic, new Map());
  for (const { memberId, owned, generation } of members) {
    const owner = byId.get(memberId);
    for (const { topic, partition } of owned) {
      if (owner === undefined || !owner.topics.has(topic) || partition >= (partitionCounts.get(topic) ?? 0)) continue;
      const rival = claims.get(topic)?.get(partition);
      if (rival === undefined || generation > rival.generation) claims.get(topic)?.set(partition, { owner, generation });
      else if (generation === rival.generation && rival.owner !== owner) rival.owner = null;
    }
  }
  const taken = new Map<string, Set<number>>();
  for (const [topic, partitions] of claims) {
    const kept = [...partitions].sort(([one], [other]) => one - other).filter(([, { owner }]) => owner !== null);
    for (const [partition, { owner }] of kept) if (owner !== null) give(owner, topic, partition, owner.kept);
    taken.set(topic, new Set(kept.map(([partition]) => partition)));
  }
  return taken;
}

/** Gives every free partition to the subscriber with the fewest; topics with the fewest subscribers come first. */
function giveFree(
  subscribers: ReadonlyMap<string, readonly Holder[]>,
  taken: ReadonlyMap<string, ReadonlySet<number>>,
  partitionCounts: PartitionCounts,
): void {
  for (const [topic, takers] of [...subscribers].sort(([, one], [, other]) => one.length - other.length)) {
    for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition++) {
      if (!taken.get(topic)?.has(partition)) give(fewest(takers), topic, partition);
    }
  }
}

/**
 * Moves partitions along paths from a member to one with at least two fewer until there is no such path. The
 * assignment is then as even as possible, even when members subscribe to different topics (Harvey, Ladner, Lovász and Tamir,
 * "Semi-matchings for bipartite graphs and load balancing"). Each move evens the counts, so it ends.
 */
function balance(holders: readonly Holder[], subscribers: ReadonlyMap<string, readonly Holder[]>): void {
  for (;;) {
    const byCount = [...holders].sort((one, other) => other.count - one.count);
    if (!byCount.some((holder) => evenOut(holder, subscribers))) return;
  }
}

/** Moves the load of one partition from the member to the one with the fewest that it can reach; false if none has two fewer. */
function evenOut(start: Holder, subscribers: ReadonlyMap<string, readonly Holder[]>): boolean {
  const cameBy = new Map<Holder, { from: Holder; topic: string }>();
  const offered = new Set<string>();
  const reached = [start];
  // The array grows while it is walked: a breadth-first search, so paths are the shortest.
  for (const from of reached) {
    for (const topic of from.held.keys()) {
      if (offered.has(topic)) continue;
      offered.add(topic);
      for (const member of subscribers.get(topic) ?? []) {
        if (member === start || cameBy.has(member)) continue;
        cameBy.set(member, { from, topic });
        reached.push(member);
      }
    }
  }
  const end = fewest(reached);
  if (start.count - end.count < 2) return false;
  for (let to = end, step = cameBy.get(to); step !== undefined; to = step.from, step = cameBy.get(to)) {
    give(to, step.topic, takeAway(step.from, step.topic));
  }
  return true;
}

/** Leaves out what a member gains while another one still claims it. */
function withoutMoving(holders: readonly Holder[], members: readonly Subscriber[]): Assignment {
  const claimants = new Map<string, Set<string>>();
  for (const { memberId, owned } of members) {
    for (const partition of owned) {
      const name = partitionName(partition);
      claimants.set(name, (claimants.get(name) ?? new Set()).add(memberId));
    }
  }
  const assignment: Assignment = new Map();
  for (const { memberId, held } of holders) {
    const partitions: TopicPartition[] = [];
    for (const [topic, numbers] of held) {
      for (const partition of numbers.sort((one, other) => one - other)) {
        const claims = claimants.get(partitionName({ topic, partition }));
        if (claims === undefined || claims.has(memberId)) partitions.push({ topic, partition });
      }
    }
    assignment.set(memberId, partitions);
  }
  return assignment;
}

function give(holder: Holder, topic: string, partition: number, into = holder.held): void {
  const ofTopic = into.get(topic);
  if (ofTopic === undefined) into.set(topic, [partition]);
  else ofTopic.push(partition);
  holder.count++;
}

/** Takes the partition that came last, so that kept ones go only when there are no others. */
function takeAway(holder: Holder, topic: string): number {
  const partitions = holder.held.get(topic);
  const partition = partitions?.pop();
  if (partition === undefined) throw new Error(`${holder.memberId} holds no partition of ${topic}`);
  if (partitions?.length === 0) holder.held.delete(topic);
  holder.count--;
  return partition;
}

function fewest(holders: readonly Holder[]): Holder {
  return holders.reduce((least, holder) => (holder.count < least.count ? holder : least));
}
