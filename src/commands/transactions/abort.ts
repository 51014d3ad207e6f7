/** `kt transactions abort`: ends an open transaction through its coordinator, or one that hangs in a partition. */

import { KtError, usageError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import { flag, type OptionValues, option, optionalArgument } from '../../cli/define.ts';
import { text, wholeNumber } from '../../cli/options.ts';
import { rows, type Tone } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
import { abortInPartition, abortTransaction, hangingProducer, isOpen } from '../../core/transactions/abort.ts';
import { describeTransactions } from '../../core/transactions/describe.ts';
import { partitionName } from '../../kafka/routing.ts';
import { topicPartitions } from '../selections.ts';

interface AbortOutcome {
  readonly transactionalId: string | null;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly startOffset: bigint | null;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly status: 'aborted' | 'absent' | 'valid' | 'failed';
  readonly error?: KtError;
}

const tones: Readonly<Record<AbortOutcome['status'], Tone>> = { aborted: 'good', absent: 'dim', valid: 'dim', failed: 'bad' };

const options = {
  topic: option('--topic <topic>', 'where a transaction hangs; orders:3 names the partition too', text, { complete: 'topic' }),
  partition: option('--partition <n>', 'the partition where it hangs', wholeNumber),
  startOffset: option('--start-offset <offset>', 'where it begins there, as kt transactions find-hanging shows', wholeNumber),
  dryRun: flag('--dry-run', 'show what would be aborted, and abort nothing'),
};

export const transactionsAbort = command({
  name: 'transactions abort',
  summary: 'Abort an open transaction, or one that hangs',
  description:
    'With a transactional id its coordinator aborts the transaction in all partitions, as when another producer starts with that id: the producer that has it open can no longer write and fails. With a place, for a transaction that hangs there, the partition’s leader writes the marker that aborts it; one that its coordinator still knows is refused. Asks first; without a terminal, add --yes.',
  args: { id: optionalArgument('transactional-id', 'the transactional id') },
  options,
  shows: rows<AbortOutcome>({
    columns: [
      { header: 'TRANSACTIONAL-ID', get: ({ transactionalId }) => transactionalId, tone: () => 'strong' },
      { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
      { header: 'PARTITION', get: ({ partition }) => partition },
      { header: 'START-OFFSET', get: ({ startOffset }) => startOffset },
      { header: 'PRODUCER-ID', get: ({ producerId }) => producerId },
      { header: 'EPOCH', get: ({ producerEpoch }) => producerEpoch },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
    ],
    name: ({ transactionalId, topic, partition }) => transactionalId ?? `${topic}:${partition}`,
    fields: {
      transactionalId: 'transactional id; null for a transaction that hangs',
      topic: 'topic where it hangs; null for one that was aborted by its id',
      partition: 'partition likewise',
      startOffset: 'where it begins there, likewise',
      producerId: 'id of its producer',
      producerEpoch: 'epoch of its producer',
      status: 'aborted, absent (none is open), valid (with --dry-run: would be aborted) or failed',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    { line: 'kt transactions abort payments', does: 'abort the open transaction of a transactional id' },
    { line: 'kt transactions abort --topic orders:3 --start-offset 4711', does: 'abort one that hangs in a partition' },
  ],
  async run(context, { id }, given) {
    const place = placeOf(id, given);
    return [place ? await abortHanging(context, place, given.dryRun) : await abortById(context, id!, given.dryRun)];
  },
});

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: bigint;
}

/** @throws KtError `usage` when it is not clear which transaction is meant */
function placeOf(id: string | undefined, { topic, partition, startOffset }: OptionValues<typeof options>): Place | undefined {
  const named = topic !== undefined || partition !== undefined || startOffset !== undefined;
  if (id !== undefined && named)
    throw usageError(`${id} with --topic, --partition or --start-offset (one excludes the other)`, 'leave one of them out');
  if (id !== undefined) return undefined;
  const usage = 'kt transactions abort ID, or --topic T --partition P --start-offset O';
  if (!named) throw usageError('transactions abort (it is not said which)', usage);
  const selected = topicPartitions(topic ?? '');
  const numbers = [...(selected.partitions ?? []), ...(partition === undefined ? [] : [partition])];
  if (selected.topic === '' || numbers.length !== 1 || startOffset === undefined)
    throw usageError('transactions abort (the place is not complete)', usage);
  return { topic: selected.topic, partition: numbers[0]!, startOffset: BigInt(startOffset) };
}

async function abortById({ cluster, confirm }: Context, id: string, dryRun: boolean): Promise<AbortOutcome> {
  const connected = await cluster();
  const transaction = (await describeTransactions(connected, [id])).get(id)!;
  if (transaction instanceof KtError) throw transaction;
  const { producerId, producerEpoch, partitions } = transaction;
  const row = { transactionalId: id, topic: null, partition: null, startOffset: null, producerId, producerEpoch };
  if (!isOpen(transaction)) return { ...row, status: 'absent' };
  if (dryRun) return { ...row, status: 'valid' };
  const where = counted(partitions.length, 'partition');
  await confirm(`Abort the transaction of ${id} in ${where} and fence its producer`, { count: 1, byPattern: false });
  const error = await abortTransaction(connected, transaction);
  return error ? { ...row, status: 'failed', error } : { ...row, status: 'aborted' };
}

async function abortHanging({ cluster, confirm }: Context, place: Place, dryRun: boolean): Promise<AbortOutcome> {
  const connected = await cluster();
  const producer = await hangingProducer(connected, place, place.startOffset);
  const { producerId, producerEpoch } = producer;
  const row = { transactionalId: null, ...place, producerId, producerEpoch };
  if (dryRun) return { ...row, status: 'valid' };
  const what = `the transaction of producer ${producerId} at ${partitionName(place)} offset ${place.startOffset}`;
  await confirm(`Abort ${what}`, { count: 1, byPattern: false });
  const error = await abortInPartition(connected, producer);
  return error ? { ...row, status: 'failed', error } : { ...row, status: 'aborted' };
}
