/** Measures lag, with a number of requests that depends on brokers and not on groups, and checks it. */

import { KtError } from '../../base/errors.ts';
import { type NamePattern, namePattern } from '../../base/name-pattern.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, TopicMetadata, TopicPartition } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { partitionName, type Routed, type RoutingOptions } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { type GroupPosition, groupPositions } from '../groups/positions.ts';
import { type ListedOffset, listOffsets, offsetOf, offsetRanges } from '../offsets/list.ts';
import { isAmong, type TopicSelection, unknownPartition } from '../partitions/selection.ts';
import { missingTopics, topicError } from '../topics/find.ts';
import { failedChecks } from './checks.ts';
import { type GroupLag, type Logs, lagOf, topicsOf } from './compute.ts';
import { withOpenTransactions } from './open-transactions.ts';
import type { LagOptions } from './options.ts';
import { withSeconds } from './seconds.ts';

export interface LagReport {
  readonly clusterId: string | null;
  /** By name. */
  readonly groups: readonly GroupLag[];
  /** The members and commits that the lag was computed from, by group. */
  readonly positions: ReadonlyMap<string, GroupPosition>;
  /** What is missing or refused, then the checks that failed. */
  readonly problems: readonly KtError[];
}

/**
 * The lag of groups, checked.
 * @param texts names and patterns of groups; none: all groups. A named group that does not exist is a problem of the report
 */
export async function reportLag(cluster: Cluster, texts: readonly string[], options: LagOptions): Promise<LagReport> {
  return checked(await measureLag(cluster, texts, options), texts, options);
}

/** A report with the checks that failed, after the problems it already has. */
export function checked(report: LagReport, texts: readonly string[], options: LagOptions): LagReport {
  return { ...report, problems: [...report.problems, ...failedChecks(report.groups, texts, options)] };
}

/** The lag of groups as it is now, without any check; its problems are what is missing or refused. */
export async function measureLag(cluster: Cluster, texts: readonly string[], options: LagOptions): Promise<LagReport> {
  const { topics, partitions = [], timeoutMs, uncommitted, isolation = 'read_uncommitted', maxBatchBytes } = options;
  const patterns = topics.map(namePattern);
  const only = (topic: string) => patterns.length === 0 || patterns.some((pattern) => pattern.matches(topic));
  const { groups: positions, problems: unknown } = await groupPositions(cluster, texts, { timeoutMs });
  const { logs, problems: missing } = await logsOf(cluster, positions, patterns, only, isolation, { timeoutMs });
  const counted = positions.map((position) => lagOf(position, logs, uncommitted, only, isAmong(partitions)));
  const aged = options.seconds || options.maxAgeMs !== undefined;
  const reading = { timeoutMs, maxBatchBytes };
  const told = isolation === 'read_committed' ? counted : await withOpenTransactions(cluster, counted, reading);
  const all = aged ? await withSeconds(cluster, told, isolation, reading) : told;
  const groups = patterns.length === 0 ? all : all.filter(({ partitions }) => partitions.length > 0);
  // A named group that does not read the topics must not pass its check because there is nothing to check.
  const lacking = lackingPartitions(partitions, logs);
  const strangers =
    missing.length + lacking.length > 0 ? [] : all.filter((each) => !groups.includes(each) && texts.includes(each.group));
  const { clusterId } = await cluster.cachedMetadata([]);
  return {
    clusterId,
    groups,
    positions: new Map(positions.map((position) => [position.group.group, position])),
    problems: [...unknown, ...missing, ...lacking, ...strangers.map(({ group }) => stranger(group, topics))],
  };
}

/** Partitions that are named, and that their topics do not have. */
function lackingPartitions(selections: readonly TopicSelection[], logs: Logs): readonly KtError[] {
  return selections.flatMap(({ topic, partitions = [] }) => {
    const count = logs.partitionsOf(topic) ?? 0;
    if (count === 0) return [];
    return partitions.filter((each) => each >= count).map((partition) => unknownPartition({ topic, partition }, count));
  });
}

function stranger(group: string, topics: readonly string[]): KtError {
  return new KtError('refused', `group ${group} does not read ${topics.join(', ')} (nothing committed or assigned there)`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: `kt lag ${shellWord(group)} shows the topics it reads`,
  });
}

const unknownTopic = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;

interface LogsFound {
  readonly logs: Logs;
  /** Named topics that do not exist, and topics that cannot be read. */
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
  const partitions = [...read].flatMap((topic) =>
    (topics.get(topic)?.partitions ?? []).map(({ partition }): TopicPartition => ({ topic, partition })),
  );
  const { starts, ends } = await offsetRanges(cluster, partitions, isolation, options);
  // The search for leaders that are missing has noticed topics that were deleted meanwhile.
  const newest = names.size > 0 ? (await cluster.cachedMetadata([...names])).topics : topics;
  const absent = (topic: string) =>
    [topics, newest].some((each) => (each.get(topic)?.errorCode ?? unknownTopic) === unknownTopic);
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

/** Partitions where a group's committed offset is after the listed end. */
function committedBeyond(groups: readonly GroupPosition[], ends: Routed<ListedOffset>): readonly TopicPartition[] {
  const beyond = groups.flatMap(({ commits }) =>
    commits.filter((commit) => commit.offset > (offsetOf(ends, commit) ?? commit.offset)),
  );
  return [...new Map(beyond.map((commit) => [partitionName(commit), commit])).values()];
}
