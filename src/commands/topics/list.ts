/** `kt topics list`: the topics there are, from one request. */

import { flag, optionalArgument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type ListedTopic, listTopics } from '../../core/topics/find.ts';
import { noteIfPartial } from '../visibility.ts';

export const topicsList = command({
  name: 'topics list',
  summary: 'List topics',
  description:
    'A pattern with * or ? is a glob: orders-*. One with other special characters, or between slashes, is a regular expression that must match the whole name, as in kafka-topics.sh: "orders-(eu|us)" or "/orders.*/". Put patterns in quotes, so that the shell leaves them alone.',
  args: { pattern: optionalArgument('pattern', 'a topic name, a glob or a regular expression', { complete: 'topic' }) },
  options: { internal: flag('--internal', "list Kafka's internal topics, such as __consumer_offsets, too") },
  shows: rows<ListedTopic>({
    columns: [
      { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
      { header: 'PARTITIONS', get: ({ partitions }) => partitions },
      { header: 'REPLICATION-FACTOR', get: ({ replicationFactor }) => replicationFactor },
      { header: 'INTERNAL', get: ({ internal }) => internal, wide: true },
    ],
    name: ({ topic }) => topic,
    fields: {
      topic: 'name of the topic',
      partitions: 'number of partitions',
      replicationFactor: 'the most replicas a partition has',
      internal: 'whether it is one of Kafka’s own topics',
    },
  }),
  examples: [
    { line: 'kt topics list', does: 'list all topics except internal ones' },
    { line: "kt topics list 'orders-*' -o name", does: 'names only, one per line, of the topics that begin with orders-' },
  ],
  async run(context, { pattern }, { internal }) {
    const topics = await listTopics(await context.cluster(), pattern, internal);
    await noteIfPartial(context, 'topics');
    return topics;
  },
});
