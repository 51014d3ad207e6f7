/** `kt producers`: who writes to partitions, idempotently or in transactions. */
import { isoTime } from '../base/iso-time.ts';
import { repeatable, variadicArgument } from '../cli/define.ts';
import { wholeNumber } from '../cli/options.ts';
import type { TableShape } from '../cli/shape.ts';
import { command } from '../context.ts';
import { selectPartitions } from '../core/partitions/selection.ts';
import { type ActiveProducer, type ActiveProducers, activeProducers } from '../core/transactions/producers.ts';
import { selectionsOf } from './selections.ts';
import { noteIfPartial } from './visibility.ts';

const shows: TableShape<ActiveProducers> = {
  kind: 'table',
  isList: true,
  blocks: ({ producers }) => [
    {
      columns: [
        { header: 'TOPIC', get: ({ topic }: ActiveProducer) => topic, tone: () => 'strong' },
        { header: 'PARTITION', get: ({ partition }: ActiveProducer) => partition },
        { header: 'PRODUCER-ID', get: ({ producerId }: ActiveProducer) => producerId },
        { header: 'EPOCH', get: ({ producerEpoch }: ActiveProducer) => producerEpoch },
        { header: 'LAST-SEQUENCE', get: ({ lastSequence }: ActiveProducer) => lastSequence },
        {
          header: 'LAST-WRITE',
          get: ({ lastTimestamp }: ActiveProducer) => (lastTimestamp < 0 ? null : isoTime(BigInt(lastTimestamp))),
        },
        { header: 'COORDINATOR-EPOCH', get: ({ coordinatorEpoch }: ActiveProducer) => coordinatorEpoch, wide: true },
        {
          header: 'OPEN-SINCE-OFFSET',
          get: ({ currentTransactionStartOffset }: ActiveProducer) => currentTransactionStartOffset,
          tone: () => 'warn',
        },
      ],
      rows: producers,
    },
  ],
  names: ({ producers }) => [...new Set(producers.map(({ producerId }) => String(producerId)))],
  json: ({ producers }) => producers,
  problems: ({ problems }) => problems,
  fields: {
    topic: 'name of the topic',
    partition: 'number of the partition',
    producerId: 'id of the producer',
    producerEpoch: 'epoch of the producer',
    lastSequence: 'sequence number of its last record there; -1 without one',
    lastTimestamp: 'epoch ms when it last wrote there',
    coordinatorEpoch: 'epoch of the coordinator that last ended a transaction of it there; null when none did',
    currentTransactionStartOffset: 'where its open transaction begins; null without one',
  },
};

export const producers = command({
  name: 'producers',
  summary: 'Show who writes to partitions, idempotently or in transactions',
  description:
    'Leaders remember the producers that have an id: idempotent ones, which is the default of Kafka’s clients, and transactional ones, until producer.id.expiration.ms (a day) after their last record. Producers without an id are not known.',
  args: {
    topics: variadicArgument(
      'topic|pattern',
      'a topic name, a glob or a regular expression; orders:0,3 for some partitions',
      true,
      {
        complete: 'topic',
      },
    ),
  },
  options: { partition: repeatable('-p, --partition <n>', 'only this partition', wholeNumber) },
  shows,
  examples: [
    { line: 'kt producers orders', does: 'show the producers of each partition' },
    { line: 'kt producers orders:3', does: 'show who holds a transaction open in a partition' },
  ],
  async run(context, { topics }, { partition }): Promise<ActiveProducers> {
    const cluster = await context.cluster();
    const selections = selectionsOf(topics, partition);
    const selected = await selectPartitions(cluster, selections, 'READ');
    const { producers, problems } = await activeProducers(cluster, selected.partitions);
    await noteIfPartial(
      context,
      'topics',
      selections.map(({ topic }) => topic),
    );
    return { producers, problems: [...selected.problems, ...problems] };
  },
});
