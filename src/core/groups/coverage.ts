/**
 * Whether the brokers' lists of groups are complete. While a partition of `__consumer_offsets` moves to another broker, as in every restart,
 * its groups are on no broker's list for a moment, and the lists do not show it. But a broker refuses to describe a group whose partition it
 * does not serve: describing a made-up group for each partition, before and after listing, shows whether all partitions were served.
 */
import type { Cluster } from '../../kafka/cluster.ts';
import { errorOf } from '../../kafka/wire/errors.ts';

/** Where Kafka keeps groups and their offsets. */
const offsetsTopic = '__consumer_offsets';

/** Who should answer for which groups, by broker id. */
export interface Coverage {
  /** Made-up groups that it coordinates, one for each partition (or fewer, where another system than Kafka spreads names differently). */
  readonly probes: ReadonlyMap<number, readonly string[]>;
  /** Partitions of the offsets topic that it leads; undefined where that is unknown. */
  readonly led: ReadonlyMap<number, readonly number[]> | undefined;
  /** How many partitions have a leader that is not ready as coordinator. */
  readonly notReady: number;
  /** How many have no leader; waiting for them may take any time. */
  readonly leaderless: number;
}

/** Where nothing is known. */
export const nobody: Coverage = { probes: new Map(), led: undefined, notReady: 0, leaderless: 0 };

/** Finds out who should answer now; nobody where no group was ever created. The same request tells whether the user may see all groups. */
export async function coverageOf(cluster: Cluster): Promise<Coverage> {
  const { brokers, topics } = await cluster.metadata([offsetsTopic], true);
  const { partitions = [] } = topics.get(offsetsTopic) ?? {};
  // Looking up a coordinator would create a missing topic.
  if (partitions.length === 0) return nobody;
  const leaders = partitions.filter(({ leader }) => leader >= 0);
  const led = grouped(leaders.map(({ leader, partition }) => [leader, partition]));
  const leaderless = partitions.length - leaders.length;
  const names = oneNamePerPartition(partitions.length);
  const asked = leaders.map(({ partition }) => names[partition]!);
  if (brokers.length === 1) return { probes: new Map([[brokers[0]!.id, asked]]), led, notReady: 0, leaderless };
  if ((await cluster.apiVersion('FindCoordinator')) < manyKeysVersion) return { ...nobody, led, leaderless };
  const { coordinators } = await cluster.request('FindCoordinator', { keyType: 0, coordinatorKeys: asked });
  const found = coordinators.filter(({ errorCode }) => errorCode === 0);
  const probes = grouped(found.map(({ nodeId, key }) => [nodeId, key]));
  return { probes, led, notReady: coordinators.filter(({ errorCode }) => isMoving(errorCode)).length, leaderless };
}

function grouped<T>(entries: readonly (readonly [number, T])[]): ReadonlyMap<number, readonly T[]> {
  const byBroker = new Map<number, T[]>();
  for (const [broker, item] of entries) if (!byBroker.get(broker)?.push(item)) byBroker.set(broker, [item]);
  return byBroker;
}

/** From this version on one request asks for many (KIP-699). */
const manyKeysVersion = 4;

/** How many of its probes a broker does not serve at the moment. @throws KtError `connection` */
export async function unserved(cluster: Cluster, broker: number, { probes }: Coverage): Promise<number> {
  const names = probes.get(broker) ?? [];
  if (names.length === 0) return 0;
  const { groups } = await cluster.request('DescribeGroups', { groups: names }, { broker });
  return groups.filter(({ errorCode }) => isMoving(errorCode)).length;
}

/**
 * For how many partitions a broker, their new leader, cannot show the newest records yet: until it knows that the followers have them, a
 * coordinator of Kafka 4 leaves out the groups in them, and ListOffsets refuses to give their end (KIP-207).
 * @throws KtError `connection`
 */
export async function unproven(cluster: Cluster, broker: number, { led }: Coverage): Promise<number> {
  const partitions = (led?.get(broker) ?? []).map((partitionIndex) => ({ partitionIndex, timestamp: endOfLog }));
  if (partitions.length === 0) return 0;
  const topics = [{ name: offsetsTopic, partitions }];
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

/** Kafka stores a group in the partition given by the hash of its name (`Utils.abs(groupId.hashCode()) % partitions`). */
function partitionOf(group: string, count: number): number {
  let hash = 0;
  for (let at = 0; at < group.length; at++) hash = (Math.imul(31, hash) + group.charCodeAt(at)) | 0;
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
