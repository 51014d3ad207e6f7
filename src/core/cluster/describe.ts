/** Describes a cluster: its id, controller, features, and each broker with its leaders and replicas. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster, ClusterMetadata, PartitionMetadata } from '../../kafka/cluster.ts';
import { brokerProblems } from './brokers.ts';
import { quorumLeader } from './quorum.ts';
import { answered, brokerVersions, type Features, featuresOf } from './versions.ts';

export interface BrokerDescription {
  readonly broker: number;
  /** Null for a broker known only from replicas. */
  readonly host: string | null;
  readonly port: number | null;
  readonly rack: string | null;
  /** `fenced`: registered but not serving (KIP-631); `offline`: holds replicas but is not in the cluster. */
  readonly status: 'running' | 'fenced' | 'offline';
  readonly controller: boolean;
  /** The Kafka release it runs, as far as its versions show; null when it does not answer. */
  readonly release: string | null;
  /** Partitions it leads, and replicas it holds, of the topics the user may see. */
  readonly leaders: number;
  readonly replicas: number;
}

export interface ClusterDescription {
  readonly clusterId: string | null;
  /** Broker id; null without one. With KRaft the id of the quorum's leader, where it is known. */
  readonly controller: number | null;
  readonly metadataVersion: string | null;
  readonly brokers: readonly BrokerDescription[];
  readonly topics: number;
  readonly partitions: number;
  readonly features: Features['features'];
  readonly problems: readonly KtError[];
}

/** One Metadata, one DescribeCluster, one DescribeQuorum, and ApiVersions from each broker. */
export async function describeCluster(cluster: Cluster): Promise<ClusterDescription> {
  const metadata = await cluster.metadata('all');
  const [versions, registered, leader] = await Promise.all([
    brokerVersions(cluster, metadata.brokers),
    registeredBrokers(cluster),
    quorumLeader(cluster),
  ]);
  const told = answered(versions);
  const { features } = featuresOf(told);
  const controller = leader ?? (metadata.controllerId < 0 ? null : metadata.controllerId);
  const partitions = [...metadata.topics.values()].flatMap((topic) => topic.partitions);
  const leaders = counted(partitions.map((partition) => partition.leader));
  const replicas = counted(partitions.flatMap((partition) => partition.replicas));
  const releases = new Map(told.map(({ broker, release }) => [broker, release]));
  const metadataVersion = features.find(({ feature }) => feature === 'metadata.version')?.finalized;
  return {
    clusterId: metadata.clusterId,
    controller,
    metadataVersion: metadataVersion && metadataVersion.level > 0 ? metadataVersion.name : null,
    brokers: brokersOf(metadata, registered, partitions).map((broker) => ({
      ...broker,
      controller: broker.broker === controller,
      release: releases.get(broker.broker) ?? null,
      leaders: leaders.get(broker.broker) ?? 0,
      replicas: replicas.get(broker.broker) ?? 0,
    })),
    topics: metadata.topics.size,
    partitions: partitions.length,
    features,
    problems: brokerProblems(versions),
  };
}

interface Registered {
  readonly brokerId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly isFenced: boolean;
}

/** Includes fenced brokers, since Kafka 4.0 (KIP-1073); empty where they are unknown. */
export async function registeredBrokers(cluster: Cluster): Promise<readonly Registered[]> {
  if ((await cluster.apiVersion('DescribeCluster')) < 2) return [];
  return (await cluster.request('DescribeCluster', { includeFencedBrokers: true })).brokers;
}

type Placed = Omit<BrokerDescription, 'controller' | 'release' | 'leaders' | 'replicas'>;

/** Brokers in service, registered ones that are not, and those known only from replicas; by id. */
function brokersOf(
  { brokers }: ClusterMetadata,
  registered: readonly Registered[],
  partitions: readonly PartitionMetadata[],
): readonly Placed[] {
  const known = new Map<number, Placed>();
  for (const { id, host, port, rack } of brokers) known.set(id, { broker: id, host, port, rack, status: 'running' });
  for (const { brokerId, host, port, rack, isFenced } of registered) {
    if (isFenced) known.set(brokerId, { broker: brokerId, host, port, rack, status: 'fenced' });
  }
  for (const id of partitions.flatMap(({ replicas }) => replicas)) {
    if (!known.has(id)) known.set(id, { broker: id, host: null, port: null, rack: null, status: 'offline' });
  }
  return [...known.values()].sort((a, b) => a.broker - b.broker);
}

function counted(ids: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
