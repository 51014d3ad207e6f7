/** Describes topics: leaders, replicas, offsets, configs and health of every partition, in a few requests for all. */
import { KtError } from '../../base/errors.ts';
import { isPattern } from '../../base/name-pattern.ts';
import type { Cluster, PartitionMetadata, TopicMetadata, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName, partitionOf, type Routed } from '../../kafka/routing.ts';
import type { Configs } from '../configs/entries.ts';
import { eachTopicConfigs, isSetOnTopic } from '../configs/topic-configs.ts';
import { type ListedOffset, offsetOf, offsetRanges } from '../offsets/list.ts';
import { logSizes } from '../partitions/log-sizes.ts';
import { findTopics, replicationFactorOf, saysGone, topicError } from './find.ts';

export interface PartitionDescription {
  readonly partition: number;
  /** Null without a leader. */
  readonly leader: number | null;
  readonly leaderEpoch: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offline: readonly number[];
  /** Null where the leader does not answer. */
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  /** The number of offsets from start to end; there are fewer records where compaction or transactions leave gaps. */
  readonly records: bigint | null;
  readonly bytes?: bigint | null;
}

export interface TopicDescription {
  readonly topic: string;
  readonly topicId: string | null;
  readonly internal: boolean;
  readonly replicationFactor: number;
  readonly partitions: readonly PartitionDescription[];
  readonly configs: Configs;
}

export interface DescribedTopics {
  readonly topics: readonly TopicDescription[];
  /** min.insync.replicas of each topic, where it is known. */
  readonly minIsr: ReadonlyMap<string, number>;
  /** Whether the configs are all of them rather than the ones set on the topic. */
  readonly allConfigs: boolean;
  /** Topics that nobody named, deleted while they were described; they are not among `topics`. */
  readonly gone: ReadonlySet<string>;
  /** Unknown topics, and what could not be read of the others. */
  readonly problems: readonly KtError[];
}

/** The four ways in which a partition can be unhealthy, as in kafka-topics.sh. */
interface HealthFilters {
  readonly underReplicated: boolean;
  readonly unavailable: boolean;
  readonly underMinIsr: boolean;
  readonly atMinIsr: boolean;
}

export interface DescribeOptions extends HealthFilters {
  /** All configs rather than the ones set on the topic. */
  readonly allConfigs: boolean;
  readonly sizes: boolean;
  /** Only these configs, whoever set them. Not with health filters, which need another one. */
  readonly configNames?: readonly string[];
  /** Whether the topics were found in a list rather than named by people: they may be deleted meanwhile. */
  readonly areListed?: boolean;
}

/** @param texts names and patterns; none: all topics. With health filters, only partitions that match one of them are described */
export async function describeTopics(
  cluster: Cluster,
  texts: readonly string[],
  options: DescribeOptions,
): Promise<DescribedTopics> {
  const found = await findTopics(cluster, texts, true);
  const { areListed = false } = options;
  const mayBeGone = (topic: string) => areListed || !texts.includes(topic);
  const gone = new Set(found.missing.map(({ text }) => text).filter((text) => areListed && !isPattern(text)));
  const problems = found.missing.filter(({ text }) => !gone.has(text)).map(({ error }) => error);
  const readable = found.topics.filter((topic) => {
    const error = topicError(topic);
    if (error) problems.push(error);
    return !error;
  });
  const unread = (topic: string, error: KtError) => {
    if (mayBeGone(topic) && saysGone(error)) gone.add(topic);
    else problems.push(error);
  };
  const asking = configsOf(cluster, readable, options, texts.length > 0, unread);
  // Only with a filter are the configs needed before the offsets.
  const wanted = isFiltered(options) ? onlyIll(readable, (await asking).minIsr, options) : readable;
  const [{ configs, minIsr }, { starts, ends, sizes }] = await Promise.all([asking, placesOf(cluster, wanted, options)]);
  for (const [name, answer] of ends) {
    const { topic } = partitionOf(name);
    if (answer instanceof KtError && mayBeGone(topic) && saysGone(answer)) gone.add(topic);
  }
  const topics = wanted.filter(({ topic }) => !gone.has(topic));
  for (const error of errorsIn(gone, ends, sizes)) problems.push(error);
  return {
    topics: topics.map((topic) => ({
      topic: topic.topic,
      topicId: topic.topicId,
      internal: topic.internal,
      replicationFactor: replicationFactorOf(topic),
      partitions: topic.partitions.map((partition) => described(topic.topic, partition, { starts, ends, sizes })),
      configs: configs.get(topic.topic) ?? {},
    })),
    minIsr,
    gone,
    allConfigs: options.allConfigs,
    problems,
  };
}

/** What leaders know about partitions: where they begin and end, and how large they are. */
async function placesOf(cluster: Cluster, topics: readonly TopicMetadata[], options: DescribeOptions): Promise<Asked> {
  const led = topics.flatMap(({ topic, partitions }) =>
    partitions.filter(({ leader }) => leader >= 0).map(({ partition }): TopicPartition => ({ topic, partition })),
  );
  const [{ starts, ends }, sizes] = await Promise.all([
    offsetRanges(cluster, led, 'read_uncommitted'),
    options.sizes ? logSizes(cluster, led) : undefined,
  ]);
  return { starts, ends, sizes };
}

interface Asked {
  readonly starts: Routed<ListedOffset>;
  readonly ends: Routed<ListedOffset>;
  readonly sizes: Routed<{ readonly bytes: bigint }> | undefined;
}

function described(topic: string, metadata: PartitionMetadata, { starts, ends, sizes }: Asked): PartitionDescription {
  const { partition, leader, leaderEpoch, replicas, isr, offline } = metadata;
  const name = { topic, partition };
  const startOffset = offsetOf(starts, name);
  const endOffset = offsetOf(ends, name);
  const size = sizes?.get(partitionName(name));
  return {
    partition,
    leader: leader < 0 ? null : leader,
    leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
    replicas,
    isr,
    offline,
    startOffset,
    endOffset,
    records: startOffset === null || endOffset === null ? null : endOffset - startOffset,
    ...(sizes ? { bytes: size === undefined || size instanceof KtError ? null : size.bytes } : {}),
  };
}

const minIsrName = 'min.insync.replicas';

/** @param named whether the topics were named: the documentation of every config of all topics would be far too much */
async function configsOf(
  cluster: Cluster,
  topics: readonly TopicMetadata[],
  { allConfigs: all, configNames: names }: DescribeOptions,
  named: boolean,
  unread: (topic: string, error: KtError) => void,
) {
  const configs = new Map<string, Configs>();
  const minIsr = new Map<string, number>();
  await eachTopicConfigs(
    cluster,
    topics.map(({ topic }) => topic),
    (topic, entries) => {
      if (entries instanceof KtError) return unread(topic, entries);
      if (names) {
        configs.set(topic, entries);
        return;
      }
      const { [minIsrName]: least, ...others } = entries;
      minIsr.set(topic, Number(least?.value ?? 1));
      configs.set(topic, all || (least && isSetOnTopic(minIsrName, least.source)) ? entries : others);
    },
    {
      documentation: all && named,
      ...(names && { names }),
      ...(!all && !names && { wanted: (name: string, source: string) => name === minIsrName || isSetOnTopic(name, source) }),
    },
  );
  return { configs, minIsr };
}

/** Whether only unhealthy partitions are wanted. */
export function isFiltered({ underReplicated, unavailable, underMinIsr, atMinIsr }: HealthFilters): boolean {
  return underReplicated || unavailable || underMinIsr || atMinIsr;
}

function onlyIll(
  topics: readonly TopicMetadata[],
  minIsr: ReadonlyMap<string, number>,
  filters: HealthFilters,
): readonly TopicMetadata[] {
  const { underReplicated, unavailable, underMinIsr, atMinIsr } = filters;
  if (!isFiltered(filters)) return topics;
  return topics
    .map((topic) => {
      const least = minIsr.get(topic.topic) ?? 1;
      const partitions = topic.partitions.filter(
        ({ leader, replicas, isr }) =>
          (underReplicated && isr.length < replicas.length) ||
          (unavailable && leader < 0) ||
          // Without a leader it takes no records either.
          (underMinIsr && (leader < 0 || isr.length < least)) ||
          (atMinIsr && isr.length === least),
      );
      return { ...topic, partitions };
    })
    .filter(({ partitions }) => partitions.length > 0);
}

/** Each reason once: a lost broker must not fill the screen with a line per partition. */
function errorsIn(gone: ReadonlySet<string>, ...routed: readonly (Routed<unknown> | undefined)[]): readonly KtError[] {
  const errors = routed.flatMap((results) =>
    [...(results ?? [])].flatMap(([name, result]) =>
      result instanceof KtError && !gone.has(partitionOf(name).topic) ? [result] : [],
    ),
  );
  return [...new Map(errors.map((error) => [`${error.code} ${error.kind}`, error])).values()];
}
