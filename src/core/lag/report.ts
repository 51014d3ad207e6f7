/** Fetches what lag is made of, in requests that grow with brokers and not with groups, and has it judged. */
import { KtError } from '../../base/errors.ts';
import { type NamePattern, namePattern } from '../../base/name-pattern.ts';
import type { Cluster, TopicMetadata, TopicPartition } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { partitionName, type Routed, type RoutingOptions } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { type GroupPosition, groupPositions } from '../groups/positions.ts';
import { type ListedOffset, listOffsets, offsetOf, offsetRanges } from '../offsets/list.ts';
import { missingTopics, topicError } from '../topics/find.ts';
import { failedChecks } from './checks.ts';
import { type GroupLag, type Logs, lagOf, topicsOf, type Uncommitted } from './compute.ts';
import { lagSeconds } from './seconds.ts';

export interface LagOptions extends RoutingOptions {
  /** Names and patterns; none: all topics the groups have to do with. */
  readonly topics: readonly string[];
  readonly uncommitted: Uncommitted;
  /** Which records count: under read_committed those up to the last stable offset. Default read_uncommitted, as Kafka's own tools count. */
  readonly isolation?: Isolation | undefined;
  /** Whether the age of the first unread records is read too; `maxAgeMs` alone means it as well. */
  readonly seconds?: boolean | undefined;
  readonly maxLag?: number | undefined;
  readonly maxAgeMs?: number | undefined;
}

export interface LagReport {
  readonly clusterId: string | null;
  readonly groups: readonly { readonly position: GroupPosition; readonly lag: GroupLag }[];
  /** What is missing or refused, then the checks that do not hold. */
  readonly problems: readonly KtError[];
}

/**
 * The lag of groups, checked.
 * @param texts names and patterns of groups; none: all groups. A named group that does not exist is a problem of the report
 */
export async function reportLag(cluster: Cluster, texts: readonly string[], options: LagOptions): Promise<LagReport> {
  return checked(await measureLag(cluster, texts, options), texts, options);
}

/** A report with the checks that do not hold, behind the problems it has already. */
export function checked(report: LagReport, texts: readonly string[], options: LagOptions): LagReport {
  const checks = failedChecks(
    report.groups.map(({ lag }) => lag),
    { ...options, named: texts },
  );
  return { ...report, problems: [...report.problems, ...checks] };
}

/** The lag of groups as it is now, without any check; its problems are what is missing or refused. */
export async function measureLag(cluster: Cluster, texts: readonly string[], options: LagOptions): Promise<LagReport> {
  const { topics, timeoutMs, uncommitted, isolation = 'read_uncommitted' } = options;
  const patterns = topics.map(namePattern);
  const only = (topic: string) => patterns.length === 0 || patterns.some((pattern) => pattern.matches(topic));
  const { groups: positions, problems: unknown } = await groupPositions(cluster, texts, { timeoutMs });
  const { logs, problems: missing } = await logsOf(cluster, positions, patterns, only, isolation, { timeoutMs });
  const counted = positions.map((position) => ({ position, lag: lagOf(position, logs, uncommitted, only) }));
  const all =
    options.seconds || options.maxAgeMs !== undefined ? await withSeconds(cluster, counted, isolation, { timeoutMs }) : counted;
  const groups = patterns.length === 0 ? all : all.filter(({ lag }) => lag.partitions.length > 0);
  // A check on a topic that a named group does not read must not hold for want of partitions.
  const strangers = missing.length > 0 ? [] : all.filter((each) => !groups.includes(each) && texts.includes(each.lag.group));
  const { clusterId } = await cluster.cachedMetadata([]);
  return { clusterId, groups, problems: [...unknown, ...missing, ...strangers.map(({ lag }) => stranger(lag.group, topics))] };
}

async function withSeconds(
  cluster: Cluster,
  groups: LagReport['groups'],
  isolation: Isolation,
  options: RoutingOptions,
): Promise<LagReport['groups']> {
  const aged = await lagSeconds(
    cluster,
    groups.map(({ lag }) => lag),
    isolation,
    options,
  );
  return groups.map((group, index) => ({ ...group, lag: aged[index]! }));
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
  isolation: Isolation,
  options: RoutingOptions,
): Promise<LogsFound> {
  const read = new Set(groups.flatMap((group) => [...topicsOf(group)].filter(only)));
  const named = patterns.filter(({ exact }) => exact);
  const names = new Set([...read, ...named.map(({ text }) => text)]);
  const topics = names.size > 0 ? (await cluster.metadata([...names])).topics : new Map<string, TopicMetadata>();
  const absent = (topic: string) =>
    (topics.get(topic)?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  const partitions = [...read].flatMap((topic) =>
    (topics.get(topic)?.partitions ?? []).map(({ partition }): TopicPartition => ({ topic, partition })),
  );
  const { starts, ends } = await offsetRanges(cluster, partitions, isolation, options);
  const highWatermarks =
    isolation === 'read_committed'
      ? await listOffsets(cluster, committedBeyond(groups, ends), 'end', 'read_uncommitted', options)
      : ends;
  const missing = await missingTopics(
    cluster,
    named.filter(({ text }) => absent(text)),
  );
  const denied = [...topics.values()].filter(({ topic }) => !absent(topic)).map((topic) => topicError(topic));
  return {
    logs: {
      partitionsOf: (topic) =>
        absent(topic) ? 0 : topics.get(topic)!.errorCode === 0 ? topics.get(topic)!.partitions.length : null,
      startOf: (partition) => offsetOf(starts, partition),
      endOf: (partition) => offsetOf(ends, partition),
      highWatermarkOf: (partition) => offsetOf(highWatermarks, partition),
    },
    problems: [...missing.map(({ error }) => error), ...denied.filter((error) => error !== undefined)],
  };
}

/** Partitions where a group stands after the end that was listed. */
function committedBeyond(groups: readonly GroupPosition[], ends: Routed<ListedOffset>): readonly TopicPartition[] {
  const beyond = groups.flatMap(({ commits }) =>
    commits.filter((commit) => commit.offset > (offsetOf(ends, commit) ?? commit.offset)),
  );
  return [...new Map(beyond.map((commit) => [partitionName(commit), commit])).values()];
}
