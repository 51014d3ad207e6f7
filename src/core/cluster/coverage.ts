/**
 * Whether the coordinators' lists of groups, or of transactions, are complete. While a partition of the topic that holds them moves to another
 * broker, as in every restart, what is in it is on no broker's list for a moment, and the lists do not show it. But a broker refuses to describe
 * what is in a partition that it does not serve: describing a made-up name for each partition, before and after listing, shows whether all
 * partitions were served.
 */
import type { Cluster } from '../../kafka/cluster.ts';
import { errorOf } from '../../kafka/wire/errors.ts';

/** What coordinators keep. */
export type Kept = 'group' | 'transaction';

/** Where Kafka keeps them, and what FindCoordinator calls their keys. */
const homes = {
  group: { topic: '__consumer_offsets', keyType: 0 },
  transaction: { topic: '__transaction_state', keyType: 1 },
} as const;

/** The topic that holds the groups with their offsets, or the transactions. */
export function homeOf(kept: Kept): string {
  return homes[kept].topic;
}

/** Who should answer for which groups or transactions, by broker id. */
export interface Coverage {
  readonly kept: Kept;
  /** Made-up names that it coordinates, one for each partition (or fewer, where another system than Kafka spreads names differently). */
  readonly probes: ReadonlyMap<number, readonly string[]>;
  /** Partitions of the topic that it leads; undefined where that is unknown. */
  readonly led: ReadonlyMap<number, readonly number[]> | undefined;
  /** How many partitions have a leader that is not ready as coordinator. */
  readonly notReady: number;
  /** How many have no leader; waiting for them may take any time. */
  readonly leaderless: number;
}

/** Where nothing is known. */
export function nobody(kept: Kept): Coverage {
  return { kept, probes: new Map(), led: undefined, notReady: 0, leaderless: 0 };
}

/** Finds out who should answer now; nobody where there never was anything to keep. The same request tells whether the user may see all of it. */
export async function coverageOf(cluster: Cluster, kept: Kept): Promise<Coverage> {
  const { topic, keyType } = homes[kept];
  const { brokers, topics } = await cluster.metadata([topic], true);
  const { partitions = [] } = topics.get(topic) ?? {};
  // Looking up a coordinator would create a missing topic.
  if (partitions.length === 0) return nobody(kept);
  const leaders = partitions.filter(({ leader }) => leader >= 0);
  const led = grouped(leaders.map(({ leader, partition }) => [leader, partition]));
  const leaderless = partitions.length - leaders.length;
  const names = oneNamePerPartition(partitions.length);
  const asked = leaders.map(({ partition }) => names[partition]!);
  if (brokers.length === 1) return { kept, probes: new Map([[brokers[0]!.id, asked]]), led, notReady: 0, leaderless };
  if ((await cluster.apiVersion('FindCoordinator')) < manyKeysVersion) return { ...nobody(kept), led, leaderless };
  const { coordinators } = await cluster.request('FindCoordinator', { keyType, coordinatorKeys: asked });
  const found = coordinators.filter(({ errorCode }) => errorCode === 0);
  const probes = grouped(found.map(({ nodeId, key }) => [nodeId, key]));
  return { kept, probes, led, notReady: coordinators.filter(({ errorCode }) => isMoving(errorCode)).length, leaderless };
}

function grouped<T>(entries: readonly (readonly [number, T])[]): ReadonlyMap<number, readonly T[]> {
  const byBroker = new Map<number, T[]>();
  for (const [broker, item] of entries) if (!byBroker.get(broker)?.push(item)) byBroker.set(broker, [item]);
  return byBroker;
}

/** From this version on one request asks for many (KIP-699). */
const manyKeysVersion = 4;

/** How many of its probes a broker does not serve at the moment. @throws KtError `connection` */
export async function unserved(cluster: Cluster, broker: number, { kept, probes }: Coverage): Promise<number> {
  const names = probes.get(broker) ?? [];
  if (names.length === 0) return 0;
  const answers =
    kept === 'group'
      ? (await cluster.request('DescribeGroups', { groups: names }, { broker })).groups
      : (await cluster.request('DescribeTransactions', { transactionalIds: names }, { broker })).transactionStates;
  return answers.filter(({ errorCode }) => isMoving(errorCode)).length;
}

/**
 * For how many partitions a broker, their new leader, cannot show the newest records yet: until it knows that the followers have them, a
 * coordinator of Kafka 4 leaves out the groups in them, and ListOffsets refuses to give their end (KIP-207). A coordinator of transactions
 * reads its partitions to their end before it answers.
 * @throws KtError `connection`
 */
export async function unproven(cluster: Cluster, broker: number, { kept, led }: Coverage): Promise<number> {
  const partitions = (led?.get(broker) ?? []).map((partitionIndex) => ({ partitionIndex, timestamp: endOfLog }));
  if (kept === 'transaction' || partitions.length === 0) return 0;
  const topics = [{ name: homes[kept].topic, partitions }];
  const answer = await cluster.request('ListOffsets', { replicaId: -1, topics }, { broker });
  const errors = answer.topics.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorOf(errorCode).name));
  return errors.filter((name) => name === 'OFFSET_NOT_AVAILABLE').length;
}

/** ListOffsets' timestamp for it. */
const endOfLog = -1n;

/** Whether a coordinator is moving; any other error, such as a missing permission, says nothing about it. */
function isMoving(errorCode: number): boolean {
  return movingErrors.has(errorOf(errorCode).name);
}

const movingErrors: ReadonlySet<string> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
]);

/** Kafka stores a group, or a transactional id, in the partition given by the hash of its name (`Utils.abs(name.hashCode()) % partitions`). */
function partitionOf(name: string, count: number): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(31, hash) + name.charCodeAt(at)) | 0;
  return hash === -(2 ** 31) ? 0 : Math.abs(hash) % count;
}

/** The index of each name is its partition. */
function oneNamePerPartition(count: number): readonly string[] {
  const names = new Map<number, string>();
  for (let number = 0; names.size < count; number++) {
    const name = `kt-probe-${number}`;
    const partition = partitionOf(name, count);
    if (!names.has(partition)) names.set(partition, name);
  }
  return Array.from({ length: count }, (_, partition) => names.get(partition)!);
}
