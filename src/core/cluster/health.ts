/** The health of a cluster: judges its metadata, some configs and the log directories, check by check. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, ClusterMetadata, PartitionMetadata } from '../../kafka/cluster.ts';
import { eachTopicConfigs } from '../configs/topic-configs.ts';
import { saysGone } from '../topics/find.ts';
import type { PerBroker } from './brokers.ts';
import { registeredBrokers } from './describe.ts';
import { type LogDirectory, logDirectories } from './log-dirs.ts';
import { quorumLeader } from './quorum.ts';

/** In the order they are shown: what stops the cluster first. */
export const healthChecks = [
  'controller',
  'brokers',
  'offline-partitions',
  'under-min-isr',
  'under-replicated',
  'at-min-isr',
  'leader-skew',
  'log-dirs',
] as const;
export type HealthCheck = (typeof healthChecks)[number];

interface IllPartition {
  readonly topic: string;
  readonly partition: number;
  /** Null without a leader. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** min.insync.replicas; null where unknown. */
  readonly minIsr: number | null;
}

interface IllBroker {
  readonly broker: number;
  readonly reason: string;
}

interface IllLogDir {
  readonly broker: number;
  readonly logDir: string | null;
  readonly reason: string;
  readonly totalBytes: bigint | null;
  readonly usableBytes: bigint | null;
}

interface Reason {
  readonly reason: string;
}

export type HealthItem = IllPartition | IllBroker | IllLogDir | Reason;

export interface CheckResult {
  readonly check: HealthCheck;
  /** Null when it could not be checked; always true for `at-min-isr`, which is only a note. */
  readonly ok: boolean | null;
  readonly items: readonly HealthItem[];
}

export interface Health {
  /** Whether every check could be made and passed. */
  readonly healthy: boolean;
  readonly checks: readonly CheckResult[];
  /** Why checks could not be made. */
  readonly problems: readonly KtError[];
}

export interface HealthOptions {
  readonly skip: readonly HealthCheck[];
  /** A log directory with less free space than this is full; percent of its file system. */
  readonly minFreePercent: number;
}

/** Everything that is judged. */
export interface Observed {
  readonly metadata: ClusterMetadata;
  /** Whether there is an active controller. */
  readonly hasController: boolean;
  /** Brokers that are registered but not in service. */
  readonly fenced: readonly number[];
  /** min.insync.replicas by topic; a topic whose configs cannot be read is missing. */
  readonly minIsr: ReadonlyMap<string, number>;
  readonly logDirs: PerBroker<readonly LogDirectory[]>;
}

/** Looks at the whole cluster and judges it. */
export async function clusterHealth(cluster: Cluster, options: HealthOptions): Promise<Health> {
  const metadata = await cluster.metadata('all');
  const minIsr = new Map<string, number>();
  const problems: KtError[] = [];
  const gone = new Set<string>();
  const skips = (check: HealthCheck) => options.skip.includes(check);
  const topics = skips('under-min-isr') && skips('at-min-isr') ? [] : [...metadata.topics.keys()];
  const [leader, registered, logDirs] = await Promise.all([
    quorumLeader(cluster),
    registeredBrokers(cluster),
    logDirectories(
      cluster,
      metadata.brokers.map(({ id }) => id),
      [],
    ),
    eachTopicConfigs(
      cluster,
      topics,
      (topic, configs) => {
        if (configs instanceof KtError) {
          if (saysGone(configs)) gone.add(topic);
          else problems.push(configs);
        } else minIsr.set(topic, Number(configs['min.insync.replicas']?.value ?? 1));
      },
      { names: ['min.insync.replicas'] },
    ),
  ]);
  const hasController = leader === undefined ? metadata.controllerId >= 0 : true;
  const fenced = registered.filter(({ isFenced }) => isFenced).map(({ brokerId }) => brokerId);
  const left = { ...metadata, topics: new Map([...metadata.topics].filter(([topic]) => !gone.has(topic))) };
  return judge({ metadata: left, hasController, fenced, minIsr, logDirs }, options, problems);
}

/** The judgement alone: observations → each check with what is wrong. */
export function judge(seen: Observed, { skip, minFreePercent }: HealthOptions, problems: readonly KtError[] = []): Health {
  const partitions = [...seen.metadata.topics.values()].flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition, minIsr: seen.minIsr.get(topic) ?? null })),
  );
  type Placed = (typeof partitions)[number];
  const those = (isIll: (partition: PartitionMetadata, minIsr: number | null) => boolean): readonly IllPartition[] =>
    partitions
      .filter(({ partition, minIsr }) => isIll(partition, minIsr))
      .map(({ topic, partition: { partition, leader, replicas, isr }, minIsr }: Placed) => {
        return { topic, partition, leader: leader < 0 ? null : leader, replicas, isr, minIsr };
      });
  const unreadable = [...seen.logDirs.values()].filter((answer) => answer instanceof KtError && answer.kind === 'refused');
  const untold = seen.minIsr.size < seen.metadata.topics.size;
  const items: Readonly<Record<HealthCheck, () => readonly HealthItem[]>> = {
    controller: () => (seen.hasController ? [] : [{ reason: 'no controller' }]),
    brokers: () => illBrokers(seen),
    'offline-partitions': () => those(({ leader }) => leader < 0),
    // As in kafka-topics: without a leader the in-sync replicas do not help.
    'under-min-isr': () => those(({ leader, isr }, minIsr) => minIsr !== null && (leader < 0 || isr.length < minIsr)),
    'under-replicated': () => those(({ isr, replicas }) => isr.length < replicas.length),
    'at-min-isr': () => those(({ isr }, minIsr) => minIsr !== null && isr.length === minIsr),
    // An election cannot help while the preferred replica is out of sync; that is under-replicated.
    'leader-skew': () =>
      those(({ leader, replicas, isr }) => leader >= 0 && leader !== replicas[0] && isr.includes(replicas[0]!)),
    'log-dirs': () => illLogDirs(seen.logDirs, minFreePercent),
  };
  const unknown: Readonly<Partial<Record<HealthCheck, boolean>>> = {
    'under-min-isr': untold,
    'at-min-isr': untold,
    'log-dirs': unreadable.length > 0,
  };
  const checks = healthChecks
    .filter((check) => !skip.includes(check))
    .map((check): CheckResult => {
      const found = items[check]();
      if (check === 'at-min-isr') return { check, ok: unknown[check] ? null : true, items: found };
      return { check, ok: found.length > 0 ? false : unknown[check] ? null : true, items: found };
    });
  const reasons = skip.includes('log-dirs') ? problems : [...problems, ...(unreadable as KtError[]).slice(0, 1)];
  return { healthy: checks.every(({ ok }) => ok === true), checks, problems: reasons };
}

/** Brokers that do not answer, are fenced, or hold replicas without being in the cluster. */
function illBrokers({ metadata, fenced, logDirs }: Observed): readonly IllBroker[] {
  const ill = new Map<number, string>();
  for (const [broker, answer] of logDirs) {
    if (answer instanceof KtError && answer.kind === 'connection') ill.set(broker, answer.message);
  }
  for (const broker of fenced) ill.set(broker, 'fenced: it is registered, but not in service');
  const alive = new Set(metadata.brokers.map(({ id }) => id));
  for (const { partitions } of metadata.topics.values()) {
    for (const id of partitions.flatMap(({ replicas }) => replicas)) {
      if (!alive.has(id) && !ill.has(id)) ill.set(id, 'it has replicas, but is not in the cluster');
    }
  }
  return [...ill].map(([broker, reason]) => ({ broker, reason })).sort((a, b) => a.broker - b.broker);
}

function illLogDirs(answers: PerBroker<readonly LogDirectory[]>, minFreePercent: number): readonly IllLogDir[] {
  const directories = [...answers.values()].flatMap((answer) => (answer instanceof KtError ? [] : answer));
  return directories.flatMap(({ broker, logDir, error, totalBytes, usableBytes }) => {
    const reason = error ? 'offline' : fullness(totalBytes, usableBytes, minFreePercent);
    return reason === undefined ? [] : [{ broker, logDir, reason, totalBytes, usableBytes }];
  });
}

/** Why a directory counts as full; undefined when it does not, or when its size is unknown. */
function fullness(total: bigint | null, usable: bigint | null, minFreePercent: number): string | undefined {
  if (total === null || usable === null || total === 0n) return undefined;
  const percent = (Number(usable) / Number(total)) * 100;
  if (usable > 0n && percent >= minFreePercent) return undefined;
  return `only ${percent.toFixed(1)}% free`;
}
