/**
 * Which brokers the replicas of partitions should be on: a plan that spreads over racks, balances replicas and leaders, and moves the
 * least. Pure: metadata in, replicas out.
 */
import { usageError } from '../../base/errors.ts';
import type { BrokerNode, TopicPartition } from '../../kafka/cluster.ts';
import { nextChain } from './leadership-chains.ts';

export interface CurrentPartition extends TopicPartition {
  /** Broker ids, the preferred leader first. */
  readonly replicas: readonly number[];
}

export interface PlannedPartition extends TopicPartition {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export interface PlanRequest {
  /** The brokers that may hold replicas. */
  readonly brokers: readonly Pick<BrokerNode, 'id' | 'rack'>[];
  /** Undefined: every partition keeps the number it has. */
  readonly replicationFactor?: number | undefined;
}

/**
 * The replicas of every partition, in its own order where that can stay.
 *
 * Replicas stay where they are unless their broker is not a target, their rack holds more of the partition's replicas than it has to, or
 * their broker holds more replicas than its share; so applying a plan to its own result changes nothing. The first replica, the preferred
 * leader, changes only where its broker leads more than its share.
 * @throws KtError `usage` where a partition should have more replicas than there are brokers
 */
export function planReassignment(partitions: readonly CurrentPartition[], request: PlanRequest): readonly PlannedPartition[] {
  const brokers = [...request.brokers].sort((a, b) => a.id - b.id);
  const rackOf = rackNames(brokers);
  const wanted = partitions.map(({ replicas }) => request.replicationFactor ?? replicas.length);
  const most = wanted.reduce((largest, each) => Math.max(largest, each), 0);
  if (most > brokers.length)
    throw usageError(
      `${most} replicas on ${brokers.length} brokers (each replica needs a broker of its own)`,
      `give more brokers with --brokers, or a lower --replication-factor`,
    );
  const load = new Map(brokers.map(({ id }) => [id, 0]));
  const kept = partitions.map((partition, index) => {
    const replicas = keptReplicas(partition.replicas, wanted[index]!, rackOf, brokers);
    for (const replica of replicas) load.set(replica, load.get(replica)! + 1);
    return replicas;
  });
  for (const [index, replicas] of kept.entries()) {
    while (replicas.length < wanted[index]!) {
      const added = bestBroker(brokers, replicas, rackOf, load);
      replicas.push(added);
      load.set(added, load.get(added)! + 1);
    }
  }
  balanceReplicas(kept, { brokers, rackOf, load });
  balanceLeaders(kept, brokers);
  return partitions.map(({ topic, partition, replicas }, index) => ({ topic, partition, from: replicas, to: kept[index]! }));
}

type RackOf = ReadonlyMap<number, string>;

/** A broker without a rack is a rack of its own, so that clusters without racks need no case of their own. */
function rackNames(brokers: PlanRequest['brokers']): RackOf {
  return new Map(brokers.map(({ id, rack }) => [id, rack === null ? `broker ${id}` : `rack ${rack}`]));
}

function countIn(replicas: readonly number[], rackOf: RackOf, rack: string): number {
  return replicas.filter((replica) => rackOf.get(replica) === rack).length;
}

/** The replicas that may stay: on target brokers, no more of them than wanted, the surplus taken from the fullest racks and from the end. */
function keptReplicas(replicas: readonly number[], wanted: number, rackOf: RackOf, brokers: PlanRequest['brokers']): number[] {
  const kept = replicas.filter((replica) => rackOf.has(replica));
  const sizes = [...new Set(rackOf.values())].map((rack) => brokers.filter(({ id }) => rackOf.get(id) === rack).length);
  const perRack = fairShare(sizes, wanted);
  for (;;) {
    const counts = kept.map((replica) => countIn(kept, rackOf, rackOf.get(replica)!));
    const fullest = Math.max(0, ...counts);
    if (kept.length <= wanted && fullest <= perRack) return kept;
    kept.splice(counts.lastIndexOf(fullest), 1);
  }
}

/** The fewest replicas a rack must be allowed so that `wanted` of them fit into racks of these sizes. */
function fairShare(sizes: readonly number[], wanted: number): number {
  let share = 1;
  while (sizes.reduce((sum, size) => sum + Math.min(size, share), 0) < wanted) share += 1;
  return share;
}

/** The broker for one more replica: in the rack with the fewest of the partition's, then the one with the fewest replicas of all. */
function bestBroker(
  brokers: PlanRequest['brokers'],
  replicas: readonly number[],
  rackOf: RackOf,
  load: ReadonlyMap<number, number>,
): number {
  const free = brokers.filter(({ id }) => !replicas.includes(id)).map(({ id }) => id);
  const cost = (id: number) => countIn(replicas, rackOf, rackOf.get(id)!);
  return free.reduce((best, id) => {
    const difference = cost(id) - cost(best);
    return difference < 0 || (difference === 0 && load.get(id)! < load.get(best)!) ? id : best;
  });
}

interface Balance {
  readonly brokers: PlanRequest['brokers'];
  readonly rackOf: RackOf;
  readonly load: Map<number, number>;
}

/**
 * Whether to move a replica between two brokers: first only if that relieves an overloaded and fills an underloaded one, then if it does one
 * of these, at last if it evens them at all (racks can keep brokers from their share). So no replica moves twice.
 */
type Worthwhile = (over: number, under: number, share: number) => boolean;
const stages: readonly Worthwhile[] = [
  (over, under, share) => over > Math.ceil(share) && under < Math.floor(share),
  (over, under, share) => over - under >= 2 && (over > Math.ceil(share) || under < Math.floor(share)),
  (over, under) => over - under >= 2,
];

/** Moves replicas from brokers with more than their share to those with less, as long as racks are spread no worse by it. */
function balanceReplicas(all: readonly number[][], { brokers, rackOf, load }: Balance): void {
  const share = [...load.values()].reduce((sum, count) => sum + count, 0) / brokers.length;
  for (const worthwhile of stages) {
    let moved = true;
    while (moved) {
      moved = false;
      for (const replicas of all) {
        for (const [index, over] of replicas.entries()) {
          const under = leastLoaded(brokers, load, (id) => mayMove(replicas, over, id, rackOf));
          if (under === undefined || !worthwhile(load.get(over)!, load.get(under)!, share)) continue;
          replicas[index] = under;
          shift(load, over, under);
          moved = true;
        }
      }
    }
  }
}

function leastLoaded(
  brokers: PlanRequest['brokers'],
  load: ReadonlyMap<number, number>,
  isPossible: (id: number) => boolean,
): number | undefined {
  let best: number | undefined;
  for (const { id } of brokers) {
    if ((best === undefined || load.get(id)! < load.get(best)!) && isPossible(id)) best = id;
  }
  return best;
}

function shift(counts: Map<number, number>, from: number, to: number): void {
  counts.set(from, counts.get(from)! - 1);
  counts.set(to, counts.get(to)! + 1);
}

/** Whether the partition's racks are spread no worse with its replica on another broker. */
function mayMove(replicas: readonly number[], from: number, to: number, rackOf: RackOf): boolean {
  if (replicas.includes(to)) return false;
  const target = rackOf.get(to)!;
  return target === rackOf.get(from) || countIn(replicas, rackOf, target) < countIn(replicas, rackOf, rackOf.get(from)!);
}

/**
 * Puts another replica of a partition first where its preferred leader leads more than its share; costs no data. What single partitions
 * cannot even out is handed on along chains (from 1 to 2, from 2 to 3), so that it gets as even as the replicas allow.
 */
function balanceLeaders(all: readonly number[][], brokers: PlanRequest['brokers']): void {
  const leads = new Map(brokers.map(({ id }) => [id, 0]));
  for (const [leader] of all) if (leader !== undefined) leads.set(leader, leads.get(leader)! + 1);
  const share = all.length / brokers.length;
  for (const worthwhile of stages) {
    for (const replicas of all) {
      const leader = replicas[0]!;
      const under = leastLoaded(brokers, leads, (id) => replicas.includes(id))!;
      if (!worthwhile(leads.get(leader)!, leads.get(under)!, share)) continue;
      putFirst(replicas, under);
      shift(leads, leader, under);
    }
  }
  for (;;) {
    const chain = nextChain(all, leads);
    if (!chain) return;
    shift(leads, chain.from, chain.to);
    for (const { replicas, leader } of chain.steps) putFirst(replicas, leader);
  }
}

function putFirst(replicas: number[], leader: number): void {
  replicas.splice(replicas.indexOf(leader), 1);
  replicas.unshift(leader);
}

/** The partitions whose replicas, or their order, change. */
export function changed(plan: readonly PlannedPartition[]): readonly PlannedPartition[] {
  return plan.filter(({ from, to }) => from.join() !== to.join());
}

/** The replicas that a partition gets, and those it loses. */
export function difference({ from, to }: PlannedPartition): {
  readonly adding: readonly number[];
  readonly removing: readonly number[];
} {
  return { adding: to.filter((id) => !from.includes(id)), removing: from.filter((id) => !to.includes(id)) };
}
