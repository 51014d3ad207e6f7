/** `kt transactions find-hanging`: open transactions that no coordinator will ever end. */
import { isoTime } from '../../base/iso-time.ts';
import { option, repeatable } from '../../cli/define.ts';
import { finiteDuration } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { selectPartitions } from '../../core/partitions/selection.ts';
import { findTopics } from '../../core/topics/find.ts';
import { type HangingTransaction, type HangingTransactions, hangingTransactions } from '../../core/transactions/hanging.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import { topicPartitions } from '../selections.ts';
import { noteIfPartial } from '../visibility.ts';

/** The brokers' default of transaction.max.timeout.ms. */
const usualLongestMs = 15 * 60_000;

const shows: TableShape<HangingTransactions> = {
  kind: 'table',
  isList: true,
  blocks: ({ transactions }) => [
    {
      columns: [
        { header: 'TOPIC', get: ({ topic }: HangingTransaction) => topic, tone: () => 'strong' },
        { header: 'PARTITION', get: ({ partition }: HangingTransaction) => partition },
        { header: 'PRODUCER-ID', get: ({ producerId }: HangingTransaction) => producerId },
        { header: 'EPOCH', get: ({ producerEpoch }: HangingTransaction) => producerEpoch },
        { header: 'START-OFFSET', get: ({ startOffset }: HangingTransaction) => startOffset },
        { header: 'LAST-WRITE', get: ({ lastTimestamp }: HangingTransaction) => isoTime(BigInt(lastTimestamp)) },
        { header: 'AGE-MS', get: ({ durationMs }: HangingTransaction) => durationMs, unit: 'ms', tone: () => 'bad' },
      ],
      rows: transactions,
    },
  ],
  names: ({ transactions }) => transactions.map(partitionName),
  json: ({ transactions }) => transactions,
  problems: ({ problems }) => problems,
  fields: {
    topic: 'name of the topic',
    partition: 'number of the partition',
    producerId: 'id of the producer',
    producerEpoch: 'epoch of the producer',
    startOffset: 'where it begins: readers of committed records wait here',
    lastTimestamp: 'epoch ms when its producer last wrote to the partition',
    durationMs: 'milliseconds since then',
  },
};

export const transactionsFindHanging = command({
  name: 'transactions find-hanging',
  summary: 'Find transactions that hang: no coordinator will end them',
  description:
    'Looks at every partition, or those of --topic. A transaction hangs when it is open, nobody has written to it for --longer-than, and no coordinator knows that it is there. Readers of committed records wait at it for ever; kt transactions abort ends it.',
  args: {},
  options: {
    topic: repeatable('--topic <topic>', 'only this topic or pattern; orders:3 for one partition', topicPartitions, {
      complete: 'topic',
    }),
    longerThan: option('--longer-than <duration>', 'only those to which nobody has written for this long', finiteDuration, {
      defaultText: '15m',
    }),
  },
  shows,
  examples: [
    { line: 'kt transactions find-hanging', does: 'look at all partitions of the cluster' },
    { line: 'kt transactions find-hanging --topic orders --longer-than 1h', does: 'look at one topic' },
  ],
  async run(context, _, { topic, longerThan = usualLongestMs }): Promise<HangingTransactions> {
    const cluster = await context.cluster();
    const { partitions, problems } =
      topic.length > 0 ? await selectPartitions(cluster, topic, 'READ') : await everyPartition(cluster);
    const found = await hangingTransactions(cluster, partitions, longerThan);
    await noteIfPartial(
      context,
      'topics',
      topic.map((selection) => selection.topic),
    );
    if (found.transactions.length > 0) await noteIfPartial(context, 'transactions');
    return { ...found, problems: [...problems, ...found.problems] };
  },
});

/** Internal topics too: offsets are committed in transactions. */
async function everyPartition(cluster: Cluster) {
  const { topics } = await findTopics(cluster, [], true);
  const partitions = topics.flatMap(({ topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })));
  return { partitions, problems: [] };
}
