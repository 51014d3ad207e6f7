/** The quorum of controllers for the cluster's metadata: its leader, and how far voters and observers are behind (KIP-595, KIP-836). */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { leftOut } from '../../kafka/wire/errors.ts';

export interface QuorumReplica {
  readonly node: number;
  readonly role: 'leader' | 'follower' | 'observer';
  /** Null where the quorum has no directory ids (before KIP-853). */
  readonly directoryId: string | null;
  readonly logEndOffset: bigint;
  /** Records behind the leader. */
  readonly lag: bigint;
  /** How long ago it had caught up with the leader, by the leader's clock; null when it never has. */
  readonly lagMs: number | null;
  /** Epoch ms; null when unknown. */
  readonly lastFetchTimestamp: number | null;
  readonly lastCaughtUpTimestamp: number | null;
}

export interface Quorum {
  readonly clusterId: string | null;
  readonly leader: number;
  readonly epoch: number;
  readonly highWatermark: bigint;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
}

/** The only partition of the topic that holds the metadata. */
const metadataLog = { topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] };
const noDirectory = 'AAAAAAAAAAAAAAAAAAAAAA';

/** @throws KtError `refused` where the cluster has no quorum (ZooKeeper) or the user may not see it */
export async function describeQuorum(cluster: Cluster): Promise<Quorum> {
  const { clusterId } = await cluster.metadata([]);
  const { errorCode, errorMessage, topics } = await cluster.request('DescribeQuorum', { topics: [metadataLog] });
  const log = topics[0]?.partitions[0];
  const code = errorCode || (log?.errorCode ?? leftOut);
  if (!log || code !== 0)
    throw refusedFor(code, 'the metadata quorum is not shown', { cluster: ['DESCRIBE'] }, errorMessage ?? log?.errorMessage);
  return quorumOf(clusterId, log);
}

/** The active controller, which leads the quorum; undefined without a quorum or a leader, or where this user may not see it. */
export async function quorumLeader(cluster: Cluster): Promise<number | undefined> {
  if ((await cluster.apiVersion('DescribeQuorum')) < 0) return undefined;
  try {
    const { topics } = await cluster.request('DescribeQuorum', { topics: [metadataLog] });
    const log = topics[0]?.partitions[0];
    return log && log.errorCode === 0 && log.leaderId >= 0 ? log.leaderId : undefined;
  } catch (error) {
    // Without a controller there is no answer in time.
    if (error instanceof KtError && error.kind === 'connection') return undefined;
    throw error;
  }
}

/**
 * What time it is for the active controller, epoch ms: as leader of the quorum it has caught up with itself at this moment (KIP-836).
 * @returns undefined where the quorum has no leader, or does not tell (before Kafka 3.3, and to users without DESCRIBE on the cluster)
 */
export async function controllerClock(cluster: Cluster): Promise<number | undefined> {
  const { topics } = await cluster.request('DescribeQuorum', { topics: [metadataLog] });
  const log = topics[0]?.partitions[0];
  const leader = log?.currentVoters.find(({ replicaId }) => replicaId === log.leaderId);
  return timeOf(leader?.lastCaughtUpTimestamp) ?? undefined;
}

interface WireReplica {
  readonly replicaId: number;
  readonly replicaDirectoryId: string;
  readonly logEndOffset: bigint;
  readonly lastFetchTimestamp: bigint;
  readonly lastCaughtUpTimestamp: bigint;
}

interface WireLog {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: bigint;
  readonly currentVoters: readonly WireReplica[];
  readonly observers: readonly WireReplica[];
}

/** The answer with each replica's lag behind the leader, as kafka-metadata-quorum computes it. Leader first, then by node. */
export function quorumOf(clusterId: string | null, log: WireLog): Quorum {
  const leader = log.currentVoters.find(({ replicaId }) => replicaId === log.leaderId);
  const replicaOf = (role: QuorumReplica['role'], replica: WireReplica): QuorumReplica => {
    const leaderAt = timeOf(leader?.lastCaughtUpTimestamp);
    const at = timeOf(replica.lastCaughtUpTimestamp);
    const isLeader = replica.replicaId === log.leaderId;
    return {
      node: replica.replicaId,
      role: isLeader ? 'leader' : role,
      directoryId: replica.replicaDirectoryId === noDirectory ? null : replica.replicaDirectoryId,
      logEndOffset: replica.logEndOffset,
      lag: (leader?.logEndOffset ?? replica.logEndOffset) - replica.logEndOffset,
      lagMs: isLeader ? 0 : leaderAt === null || at === null ? null : Math.max(0, leaderAt - at),
      lastFetchTimestamp: timeOf(replica.lastFetchTimestamp),
      lastCaughtUpTimestamp: at,
    };
  };
  const sorted = (role: QuorumReplica['role'], replicas: readonly WireReplica[]) =>
    replicas
      .map((replica) => replicaOf(role, replica))
      .sort((a, b) => Number(b.role === 'leader') - Number(a.role === 'leader') || a.node - b.node);
  return {
    clusterId,
    leader: log.leaderId,
    epoch: log.leaderEpoch,
    highWatermark: log.highWatermark,
    voters: sorted('follower', log.currentVoters),
    observers: sorted('observer', log.observers),
  };
}

/** -1 is "never", or (before version 1) "unknown". */
function timeOf(timestamp: bigint | undefined): number | null {
  return timestamp === undefined || timestamp < 0n ? null : Number(timestamp);
}
