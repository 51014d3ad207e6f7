/** The topics to create, from a command line: finds everything that can be wrong before a broker is asked. */
import { usageError } from '../../base/errors.ts';
import { configValue } from '../configs/names.ts';
import { requireTopicName } from './topic-name.ts';

export interface TopicSpec {
  readonly topic: string;
  /** -1: the broker's default. */
  readonly partitions: number;
  /** -1: the broker's default. */
  readonly replicationFactor: number;
  /** Broker ids of each partition in order, the preferred leader first; empty: the controller assigns. */
  readonly assignment: readonly (readonly number[])[];
  readonly configs: ReadonlyMap<string, string>;
}

/** The configs of topics as options give them; the brokers' default for what is absent. */
interface ConfigOptions {
  readonly retention?: number | undefined;
  readonly retentionBytes?: number | undefined;
  readonly cleanupPolicy?: string | undefined;
  readonly config: readonly (readonly [name: string, value: string])[];
}

/** The topics of one command as options describe them; the brokers' default for what is absent. */
export interface TopicOptions extends ConfigOptions {
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  readonly replicaAssignment?: readonly (readonly number[])[] | undefined;
}

const largestInt16 = 32_767;
const largestInt32 = 2_147_483_647;

/**
 * Reads the names and options of topics to be created.
 * @throws KtError `usage`: an illegal or repeated name, numbers beyond Kafka's, options that contradict each other
 */
export function topicSpecs(names: readonly string[], options: TopicOptions): readonly TopicSpec[] {
  for (const name of names) requireTopicName(name);
  requireUnique(names, (name) => `topic ${name} (named twice)`);
  requireApart(names);
  const { partitions, replicationFactor, replicaAssignment: assignment = [] } = options;
  if (assignment.length > 0 && (partitions !== undefined || replicationFactor !== undefined)) {
    throw usageError(
      '--replica-assignment (already sets the number of partitions and replicas)',
      'leave out --partitions and --replication-factor',
    );
  }
  requirePartitionCount(partitions);
  requireAtMost('--replication-factor', replicationFactor, largestInt16);
  const configs = topicConfigs(options);
  return names.map((topic) => ({
    topic,
    partitions: partitions ?? -1,
    replicationFactor: replicationFactor ?? -1,
    assignment,
    configs,
  }));
}

/** Kafka's metrics turn `.` into `_`, so two topics must not differ only in these. */
function requireApart(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const flat = name.replaceAll('.', '_');
    const other = seen.get(flat);
    if (other) throw usageError(`topics ${other} and ${name} (names must differ in more than . and _)`, 'rename one of them');
    seen.set(flat, name);
  }
}

/**
 * Reads `0:1:2,1:2:0`: brokers of each partition, the preferred leader first, as kafka-topics.sh takes them.
 * @throws KtError `usage`
 */
export function replicaAssignment(text: string): readonly (readonly number[])[] {
  if (!/^\d+(:\d+)*(,\d+(:\d+)*)*$/.test(text)) {
    throw usageError(`${text} (not a replica assignment)`, 'write the broker ids of each partition, such as 0:1:2,1:2:0');
  }
  const partitions = text.split(',').map((replicas) => replicas.split(':').map(Number));
  for (const [partition, replicas] of partitions.entries()) {
    requireUnique(replicas, (broker) => `${text} (partition ${partition} names broker ${broker} twice)`);
    if (replicas.length !== partitions[0]!.length) {
      throw usageError(
        `${text} (partition ${partition} has ${replicas.length} replicas, partition 0 has ${partitions[0]!.length})`,
      );
    }
  }
  return partitions;
}

/** The values of `cleanup.policy`; both together compact and delete. */
export const cleanupPolicies = ['delete', 'compact', 'compact,delete', 'delete,compact'] as const;

/**
 * The configs that the options of a command set, in the units of the broker.
 * @throws KtError `usage`: a config that is set twice
 */
export function topicConfigs(options: ConfigOptions): ReadonlyMap<string, string> {
  requireUnique(
    options.config.map(([name]) => name),
    (name) => `--config ${name} (given twice)`,
  );
  const configs = new Map(options.config.map(([name, value]) => [name, configValue(name, value)]));
  const own = [
    ['--retention', 'retention.ms', options.retention],
    ['--retention-bytes', 'retention.bytes', options.retentionBytes],
    ['--cleanup-policy', 'cleanup.policy', options.cleanupPolicy],
  ] as const;
  for (const [flag, name, value] of own) {
    if (value === undefined) continue;
    if (configs.has(name)) throw usageError(`${flag} and --config ${name} (both set ${name})`, 'leave one of them out');
    configs.set(name, String(value));
  }
  return configs;
}

/** @throws KtError `usage` for more than Kafka's protocol can carry */
export function requirePartitionCount(partitions: number | undefined): void {
  requireAtMost('--partitions', partitions, largestInt32);
}

function requireAtMost(flag: string, value: number | undefined, most: number): void {
  if (value !== undefined && value > most) throw usageError(`${flag} ${value} (too large)`, `the largest is ${most}`);
}

function requireUnique<T>(values: readonly T[], message: (value: T) => string): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw usageError(message(twice));
}
