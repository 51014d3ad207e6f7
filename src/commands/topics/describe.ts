/** `kt topics describe`: leaders, replicas, offsets and configs of topics, and which of their partitions are ill. */

import { flag, option, variadicArgument } from '../../cli/define.ts';
import { choice } from '../../cli/options.ts';
import type { Block, Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { humanConfigValue } from '../../core/configs/names.ts';
import { describedHints } from '../../core/topics/advise.ts';
import {
  type DescribedTopics,
  describeTopics,
  isFiltered,
  type PartitionDescription,
  type TopicDescription,
} from '../../core/topics/describe.ts';
import { noteIfPartial } from '../visibility.ts';

type Row = PartitionDescription & { readonly topic: string };

const columns: readonly Column<Row>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic, wide: true },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'LEADER', get: ({ leader }) => leader, tone: ({ leader }) => (leader === null ? 'bad' : undefined) },
  { header: 'LEADER-EPOCH', get: ({ leaderEpoch }) => leaderEpoch, wide: true },
  { header: 'REPLICAS', get: ({ replicas }) => replicas.join(',') },
  {
    header: 'ISR',
    get: ({ isr }) => isr.join(','),
    tone: ({ isr, replicas }) => (isr.length < replicas.length ? 'warn' : undefined),
  },
  { header: 'OFFLINE', get: ({ offline }) => offline.join(',') || null, tone: () => 'bad', wide: true },
  { header: 'START-OFFSET', get: ({ startOffset }) => startOffset },
  { header: 'END-OFFSET', get: ({ endOffset }) => endOffset },
  { header: 'RECORDS', get: ({ records }) => records, unit: 'count' },
];
const bytesColumn: Column<Row> = { header: 'BYTES', get: ({ bytes }) => bytes, unit: 'bytes' };

type Shown = DescribedTopics & { readonly isSized: boolean };

function columnsOf(isSized: boolean): readonly Column<Row>[] {
  return isSized ? [...columns, bytesColumn] : columns;
}

const shows: TableShape<Shown> = {
  kind: 'table',
  blocks,
  columnsOfNone: ({ isSized }) => columnsOf(isSized),
  names: ({ topics }) => topics.map(({ topic }) => topic),
  json: ({ topics }) => topics,
  problems: ({ problems }) => problems,
  fields: {
    topic: 'name of the topic',
    topicId: 'its id, as Kafka prints it; null before Kafka 2.8',
    internal: 'whether it is one of Kafka’s own topics',
    replicationFactor: 'the most replicas a partition has',
    'partitions[].partition': 'number of the partition',
    'partitions[].leader': 'broker id of the leader; null without one',
    'partitions[].leaderEpoch': 'leader epoch, raised with each new leader; null when unknown',
    'partitions[].replicas': 'broker ids, the preferred leader first',
    'partitions[].isr': 'broker ids of the replicas in sync',
    'partitions[].offline': 'broker ids of the replicas that are offline',
    'partitions[].startOffset': 'the first offset; null when the leader does not answer',
    'partitions[].endOffset': 'the offset after the last record; null when the leader does not answer',
    'partitions[].records': 'endOffset - startOffset; fewer records exist where compaction or transactions leave gaps',
    'partitions[].bytes': 'size of the leader’s log (with --sizes)',
    'configs.*.value': 'value of the config; null when sensitive',
    'configs.*.source': 'where it comes from: DYNAMIC_TOPIC_CONFIG is one set on the topic',
    'configs.*.sensitive': 'whether the cluster hides the value',
    'configs.*.readOnly': 'whether it cannot be changed',
    'configs.*.documentation': 'what it is for, in the broker’s words (with --configs all, for named topics)',
  },
};

export const topicsDescribe = command({
  name: 'topics describe',
  summary: 'Describe topics, their partitions, offsets and configs',
  description:
    'Without a name: all topics, including internal ones. Patterns work as in kt topics list. With health filters, only partitions that match at least one of them are shown. For up to twenty named topics, hints on stderr point out what is unsafe or uneven: partitions with far more records than others, replica settings that do not make acks=all safe, groups with more members than partitions.',
  args: {
    topics: variadicArgument('topic|pattern', 'a topic name, a glob or a regular expression', false, { complete: 'topic' }),
  },
  options: {
    configs: option('--configs <which>', 'show all configs, not only the ones set on the topic', choice(['all'])),
    underReplicated: flag('--under-replicated', 'only partitions with a replica that is not in sync'),
    unavailable: flag('--unavailable', 'only partitions without a leader'),
    underMinIsr: flag(
      '--under-min-isr',
      'only partitions without a leader, or with fewer replicas in sync than min.insync.replicas',
    ),
    atMinIsr: flag('--at-min-isr', 'only partitions with exactly min.insync.replicas replicas in sync'),
    sizes: flag('--sizes', "show the size of each partition's log"),
  },
  shows,
  examples: [
    { line: 'kt topics describe orders', does: 'show partitions, offsets and the configs set on a topic' },
    { line: 'kt topics describe orders --configs all --sizes', does: 'with every config and the bytes on disk' },
    { line: 'kt topics describe --under-replicated', does: 'find partitions with replicas out of sync, in the whole cluster' },
  ],
  async run(context, { topics }, { configs, ...options }) {
    const { globals, note } = context;
    const connected = await context.clusterOnDemand();
    const described = await describeTopics(connected, topics, { ...options, allConfigs: configs === 'all' });
    await noteIfPartial(context, 'topics', topics);
    if (isFiltered(options)) {
      if (described.topics.length === 0 && described.problems.length === 0) note(`no partition is ${sought(options)}`);
    } else if (['table', 'wide', undefined].includes(globals.output) && isFew(topics, described)) {
      for (const hint of await describedHints(connected, described)) note(`hint: ${hint}`);
    }
    return { ...described, isSized: options.sizes };
  },
});

const fewTopics = 20;

/** Hints are for topics that someone looks at, not for a whole cluster. */
function isFew(texts: readonly string[], { topics }: DescribedTopics): boolean {
  return texts.length > 0 && topics.length > 0 && topics.length <= fewTopics;
}

const filterWords = {
  underReplicated: 'under-replicated',
  unavailable: 'unavailable',
  underMinIsr: 'under min.insync.replicas',
  atMinIsr: 'at min.insync.replicas',
};

function sought(options: Readonly<Record<keyof typeof filterWords, boolean>>): string {
  const names = Object.keys(filterWords) as (keyof typeof filterWords)[];
  return names
    .filter((name) => options[name])
    .map((name) => filterWords[name])
    .join(' or ');
}

interface ConfigRow {
  readonly topic: string;
  readonly name: string;
  readonly entry: TopicDescription['configs'][string];
}

const configColumns: readonly Column<ConfigRow>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic, wide: true },
  { header: 'CONFIG', get: ({ name }) => name },
  { header: 'VALUE', get: ({ name, entry }) => configText(name, entry) },
  { header: 'SOURCE', get: ({ entry }) => entry.source, tone: () => 'dim' },
  { header: 'DOCUMENTATION', get: ({ entry }) => entry.documentation, wide: true },
];

function configBlock({ topic, configs }: TopicDescription): Block {
  return { columns: configColumns, rows: Object.entries(configs).map(([name, entry]): ConfigRow => ({ topic, name, entry })) };
}

function settings({ configs }: TopicDescription): NonNullable<Block['heading']> {
  return Object.entries(configs).map(([name, entry]) => ['config', `${name}=${configText(name, entry)}`] as const);
}

function configText(name: string, { value, sensitive }: ConfigRow['entry']): string {
  const human = humanConfigValue(name, value);
  return sensitive ? '(sensitive)' : `${value}${human ? ` (${human})` : ''}`;
}

/** One topic after the other: the rows of thousands need not be held. */
function* blocks({ topics, allConfigs }: DescribedTopics): Generator<Block> {
  for (const topic of topics) {
    yield block(topic, allConfigs ? [] : settings(topic));
    if (allConfigs) yield configBlock(topic);
  }
}

function block(
  { topic, topicId, partitions, replicationFactor }: TopicDescription,
  settingLines: NonNullable<Block['heading']>,
): Block {
  const sized = partitions.some(({ bytes }) => bytes !== undefined);
  return {
    heading: [
      ['topic', topic, 'strong'],
      ['topic id', topicId, 'dim'],
      ['partitions', partitions.length],
      ['replication factor', replicationFactor],
      ...settingLines,
    ],
    columns: columnsOf(sized),
    rows: partitions.map((partition): Row => ({ topic, ...partition })),
  };
}
