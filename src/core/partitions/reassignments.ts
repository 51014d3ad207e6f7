/** Ongoing reassignments: which replicas are added and removed, and how much is left to copy (KIP-455). */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { partitionName } from '../../kafka/routing.ts';
import { errorOf, refused } from '../../kafka/wire/errors.ts';
import type { PerBroker } from '../cluster/brokers.ts';
import { type LogDirectory, logDirectories } from '../cluster/log-dirs.ts';

export interface OngoingReassignment extends TopicPartition {
  /** All replicas, including those being added or removed. */
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface Reassignment extends OngoingReassignment {
  /** What the added replicas still have to copy, by the sizes of the logs; null where unknown. */
  readonly bytesLeft: bigint | null;
}

/**
 * The reassignments in the cluster as its controller sees them, by topic and partition.
 * @throws KtError `refused` with the permission that is missing
 */
export async function ongoingReassignments(cluster: Cluster): Promise<readonly OngoingReassignment[]> {
  const { errorCode, errorMessage, topics } = await cluster.request(
    'ListPartitionReassignments',
    { topics: null, timeoutMs: cluster.timeoutMs },
    'controller',
  );
  if (errorCode !== 0) {
    const hint = permissionHint(errorOf(errorCode).name, 'DESCRIBE', 'the cluster');
    // For a missing permission the controller's message is only the request.
    throw refused(errorCode, 'reassignments are not shown', hint ? null : errorMessage, hint);
  }
  return topics
    .flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
        topic: name,
        partition: partitionIndex,
        replicas,
        adding: addingReplicas,
        removing: removingReplicas,
      })),
    )
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

/** Adds what is left to copy, from the log directories of the brokers involved. */
export async function withBytesLeft(
  cluster: Cluster,
  ongoing: readonly OngoingReassignment[],
): Promise<readonly Reassignment[]> {
  if (ongoing.length === 0) return [];
  const names = [...new Set(ongoing.map(({ topic }) => topic))];
  const { topics, brokers } = await cluster.metadata(names);
  const concerned = new Set(ongoing.flatMap(({ replicas }) => replicas));
  const asked = brokers.filter(({ id }) => concerned.has(id)).map(({ id }) => id);
  const sizes = replicaSizes(await logDirectories(cluster, asked, [...topics.values()]));
  return ongoing.map((item) => {
    const leader = topics.get(item.topic)?.partitions.find(({ partition }) => partition === item.partition)?.leader ?? -1;
    return { ...item, bytesLeft: bytesLeft(item, leader, sizes) };
  });
}

/** Sizes by `broker partitionName`; null for brokers that do not tell. */
type Sizes = ReadonlyMap<number, ReadonlyMap<string, bigint> | null>;

function replicaSizes(answers: PerBroker<readonly LogDirectory[]>): Sizes {
  return new Map(
    [...answers].map(([broker, directories]) => {
      if (directories instanceof KtError) return [broker, null];
      const logs = directories.flatMap(({ topics }) =>
        topics.flatMap(({ topic, partitions }) =>
          partitions
            .filter(({ future }) => !future)
            .map(({ partition, bytes }) => [partitionName({ topic, partition }), bytes] as const),
        ),
      );
      return [broker, new Map(logs)];
    }),
  );
}

function bytesLeft(item: OngoingReassignment, leader: number, sizes: Sizes): bigint | null {
  const name = partitionName(item);
  const whole = sizes.get(leader)?.get(name);
  if (whole === undefined) return null;
  let left = 0n;
  for (const broker of item.adding) {
    const logs = sizes.get(broker);
    if (!logs) return null;
    const has = logs.get(name) ?? 0n;
    // A follower's log may be a little larger than the leader's: its segments are cut elsewhere.
    if (has < whole) left += whole - has;
  }
  return left;
}
