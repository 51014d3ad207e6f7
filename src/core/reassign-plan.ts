/**
 * Which brokers the replicas of partitions should be on: a plan that spreads over racks, balances replicas and leaders, and moves the
 * least. Pure: metadata in, replicas out.
 */
import { usageError } from '../errors.ts';
import type { BrokerNode, TopicPartition } from '../kafka/cluster.ts';

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
  const most = Math.max(0, ...wanted);
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

/** Moves replicas from brokers with more than their share to those with less, one at a time, as long as no rack gets a second one by it. */
function balanceReplicas(all: readonly number[][], { brokers, rackOf, load }: Balance): void {
  const ids = brokers.map(({ id }) => id);
  for (;;) {
    const order = [...ids].sort((a, b) => load.get(b)! - load.get(a)! || a - b);
    if (!moveOne(all, order, rackOf, load)) return;
  }
}

function moveOne(all: readonly number[][], order: readonly number[], rackOf: RackOf, load: Map<number, number>): boolean {
  for (const over of order) {
    for (const under of [...order].reverse()) {
      // A difference of one is as even as it gets.
      if (load.get(over)! - load.get(under)! < 2) break;
      const movable = all.find((replicas) => replicas.includes(over) && mayMove(replicas, over, under, rackOf));
      if (!movable) continue;
      movable[movable.indexOf(over)] = under;
      load.set(over, load.get(over)! - 1);
      load.set(under, load.get(under)! + 1);
      return true;
    }
  }
  return false;
}

/** Whether the partition's racks are spread no worse with its replica on another broker. */
function mayMove(replicas: readonly number[], from: number, to: number, rackOf: RackOf): boolean {
  if (replicas.includes(to)) return false;
  const target = rackOf.get(to)!;
  return target === rackOf.get(from) || countIn(replicas, rackOf, target) < countIn(replicas, rackOf, rackOf.get(from)!);
}

/**
 * Puts another replica of a partition first where its preferred leader leads more than its share. Costs no data. Leadership is handed on
 * along chains (1 to 2 to 3) as well, so that it gets as even as the replicas allow.
 */
function balanceLeaders(all: readonly number[][], brokers: PlanRequest['brokers']): void {
  const leads = new Map(brokers.map(({ id }) => [id, 0]));
  for (const [leader] of all) if (leader !== undefined) leads.set(leader, leads.get(leader)! + 1);
  for (;;) {
    const most = [...leads].sort(([a, x], [b, y]) => y - x || a - b);
    const chain = most.map(([id]) => leadershipChain(all, id, leads)).find((found) => found !== undefined);
    if (!chain) return;
    leads.set(chain.from, leads.get(chain.from)! - 1);
    leads.set(chain.to, leads.get(chain.to)! + 1);
    for (const { replicas, leader } of chain.steps) {
      replicas.splice(replicas.indexOf(leader), 1);
      replicas.unshift(leader);
    }
  }
}

interface Step {
  readonly replicas: number[];
  readonly leader: number;
}

/** The shortest way to hand one partition's leadership from a broker to one that leads at least two fewer. */
function leadershipChain(
  all: readonly number[][],
  from: number,
  leads: ReadonlyMap<number, number>,
): { readonly from: number; readonly to: number; readonly steps: readonly Step[] } | undefined {
  const ways = new Map<number, readonly Step[]>([[from, []]]);
  const queue = [from];
  for (const at of queue) {
    if (leads.get(from)! - leads.get(at)! >= 2) return { from, to: at, steps: ways.get(at)! };
    for (const replicas of all) {
      if (replicas[0] !== at) continue;
      for (const leader of replicas) {
        if (ways.has(leader)) continue;
        ways.set(leader, [...ways.get(at)!, { replicas, leader }]);
        queue.push(leader);
      }
    }
  }
  return undefined;
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
