/** `kt topics list`: the topics there are, from one request. */

import { isSameName } from '../../cli/columns.ts';
import { flag, optionalArgument } from '../../cli/define.ts';
import type { GlobalOptions } from '../../cli/options.ts';
import { type Column, rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { humanConfigValue } from '../../core/configs/names.ts';
import { type ListedTopic, listTopics } from '../../core/topics/find.ts';
import type { WideTopic } from '../../core/topics/list-wide.ts';
import { noteIfPartial } from '../visibility.ts';

type Listed = ListedTopic & Partial<WideTopic>;

function retentionText({ retentionMs }: Listed): string | null | undefined {
  return retentionMs && (humanConfigValue('retention.ms', retentionMs) ?? retentionMs);
}

/** A topic that is kept for ever is kept longest. */
function retentionOrder({ retentionMs }: Pick<Listed, 'retentionMs'>): number | null {
  if (!retentionMs) return null;
  return retentionMs === '-1' ? Number.POSITIVE_INFINITY : Number(retentionMs);
}

/** What the one request tells. */
const listed: readonly Column<Listed>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
  { header: 'PARTITIONS', get: ({ partitions }) => partitions },
  { header: 'REPLICATION-FACTOR', get: ({ replicationFactor }) => replicationFactor },
  { header: 'INTERNAL', get: ({ internal }) => internal, wide: true },
];

/** What takes more than that. */
const costly: readonly Column<Listed>[] = [
  { header: 'RECORDS', get: ({ records }) => records, unit: 'count', wide: true },
  { header: 'BYTES', get: ({ bytes }) => bytes, unit: 'bytes', wide: true },
  { header: 'CLEANUP-POLICY', get: ({ cleanupPolicy }) => cleanupPolicy, wide: true },
  { header: 'RETENTION', get: retentionText, order: retentionOrder, wide: true },
];

/** Whether a table with any of the costly columns is asked for. */
function showsMore({ output, columns, sort }: Pick<GlobalOptions, 'output' | 'columns' | 'sort'>): boolean {
  const named = [...(columns ?? []), ...(sort ? [sort.column] : [])];
  if (named.some((name) => costly.some(({ header }) => isSameName(name, header)))) return true;
  return columns === undefined && (output === 'wide' || output === 'csv');
}

export const topicsList = command({
  name: 'topics list',
  summary: 'List topics',
  description:
    'A pattern with * or ? is a glob: orders-*. One with other special characters, or between slashes, is a regular expression that must match the whole name, as in kafka-topics.sh: "orders-(eu|us)" or "/orders.*/". Put patterns in quotes, so that the shell leaves them alone.',
  args: { pattern: optionalArgument('pattern', 'a topic name, a glob or a regular expression', { complete: 'topic' }) },
  options: { internal: flag('--internal', "list Kafka's internal topics, such as __consumer_offsets, too") },
  shows: rows<Listed>({
    columns: [...listed, ...costly],
    name: ({ topic }) => topic,
    json: (topics) =>
      topics.map(({ topic, partitions, replicationFactor, internal }) => ({ topic, partitions, replicationFactor, internal })),
    fields: {
      topic: 'name of the topic',
      partitions: 'number of partitions',
      replicationFactor: 'the most replicas a partition has',
      internal: 'whether it is one of Kafka’s own topics',
    },
  }),
  examples: [
    { line: 'kt topics list', does: 'list all topics except internal ones' },
    { line: 'kt topics list -o wide', does: 'with records, bytes, cleanup policy and retention' },
    { line: "kt topics list 'orders-*' -o name", does: 'names only, one per line, of the topics that begin with orders-' },
  ],
  async run(context, { pattern }, { internal }) {
    const topics = await listTopics(await context.clusterOnDemand(), pattern, internal);
    await noteIfPartial(context, 'topics');
    if (!showsMore(context.globals)) return topics;
    const { widened } = await import('../../core/topics/list-wide.ts');
    const wide = await widened(await context.cluster(), topics);
    for (const { message } of wide.problems) context.warn(message);
    return wide.topics;
  },
});
