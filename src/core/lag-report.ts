/** Fetches what lag is made of, in requests that grow with brokers and not with groups, and has it judged. */
import { KtError } from '../errors.ts';
import type { Cluster, TopicMetadata, TopicPartition } from '../kafka/cluster.ts';
import { type GroupPosition, groupPositions } from './group-positions.ts';
import { type GroupLag, type Logs, lagOf, topicsOf, type Uncommitted } from './lag.ts';
import { failedChecks } from './lag-checks.ts';
import { offsetOf, offsetRanges } from './offsets.ts';
import { type NamePattern, namePattern } from './patterns.ts';
import { missingTopics, topicError } from './topics.ts';

export interface LagOptions {
  /** Names and patterns; none: all topics the groups have to do with. */
  readonly topics: readonly string[];
  readonly uncommitted: Uncommitted;
  readonly maxLag?: number | undefined;
  readonly timeoutMs: number;
}

export interface LagReport {
  readonly groups: readonly { readonly position: GroupPosition; readonly lag: GroupLag }[];
  /** What is missing or refused, then the checks that do not hold. */
  readonly problems: readonly KtError[];
}

/**
 * The lag of groups.
 * @param texts names and patterns of groups; none: all groups. A named group that does not exist is a problem of the report
 */
export async function reportLag(cluster: Cluster, texts: readonly string[], options: LagOptions): Promise<LagReport> {
  const patterns = options.topics.map(namePattern);
  const only = (topic: string) => patterns.length === 0 || patterns.some((pattern) => pattern.matches(topic));
  const { groups: positions, problems: unknown } = await groupPositions(cluster, texts, options.timeoutMs);
  const { logs, problems: missing } = await logsOf(cluster, positions, patterns, only, options.timeoutMs);
  const all = positions.map((position) => ({ position, lag: lagOf(position, logs, options.uncommitted, only) }));
  const groups = patterns.length === 0 ? all : all.filter(({ lag }) => lag.partitions.length > 0);
  // A check on a topic that a named group does not read must not hold for want of partitions.
  const strangers = missing.length > 0 ? [] : all.filter((each) => !groups.includes(each) && texts.includes(each.lag.group));
  const checks = failedChecks(
    groups.map(({ lag }) => lag),
    { ...options, named: texts },
  );
  return {
    groups,
    problems: [...unknown, ...missing, ...strangers.map(({ lag }) => stranger(lag.group, options.topics)), ...checks],
  };
}

function stranger(group: string, topics: readonly string[]): KtError {
  return new KtError('refused', `group ${group} does not read ${topics.join(', ')} (nothing committed or assigned there)`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: `kt lag ${group} shows the topics it reads`,
  });
}

interface LogsFound {
  readonly logs: Logs;
  /** Topics that were named and do not exist, and ones the cluster does not tell about. */
  readonly problems: readonly KtError[];
}

async function logsOf(
  cluster: Cluster,
  groups: readonly GroupPosition[],
  patterns: readonly NamePattern[],
  only: (topic: string) => boolean,
  timeoutMs: number,
): Promise<LogsFound> {
  const read = new Set(groups.flatMap((group) => [...topicsOf(group)].filter(only)));
  const named = patterns.filter(({ exact }) => exact);
  const names = new Set([...read, ...named.map(({ text }) => text)]);
  const topics = names.size > 0 ? (await cluster.metadata([...names])).topics : new Map<string, TopicMetadata>();
  const absent = (topic: string) => (topics.get(topic)?.errorCode ?? unknownTopicOrPartition) === unknownTopicOrPartition;
  const partitions = [...read].flatMap((topic) =>
    (topics.get(topic)?.partitions ?? []).map(({ partition }): TopicPartition => ({ topic, partition })),
  );
  const { starts, ends } = await offsetRanges(cluster, partitions, 'read_uncommitted', { timeoutMs });
  const missing = await missingTopics(
    cluster,
    named.filter(({ text }) => absent(text)),
  );
  const denied = [...topics.values()].filter(({ topic }) => !absent(topic)).map(topicError);
  return {
    logs: {
      partitionsOf: (topic) =>
        absent(topic) ? 0 : topics.get(topic)!.errorCode === 0 ? topics.get(topic)!.partitions.length : null,
      startOf: (partition) => offsetOf(starts, partition),
      endOf: (partition) => offsetOf(ends, partition),
    },
    problems: [...missing.map(({ error }) => error), ...denied.filter((error) => error !== undefined)],
  };
}

const unknownTopicOrPartition = 3;
