/** How a group's partitions look: where it stands in each, and who reads it. */
import type { Block, Column, Tone } from '../../cli/shape.ts';
import type { PartitionLag } from '../../core/lag/compute.ts';
import { transactionInWords } from '../../core/lag/open-transaction.ts';

export type LagRow = PartitionLag & { readonly group: string };

export const lagColumns: readonly Column<LagRow>[] = [
  { header: 'GROUP', get: ({ group }) => group, wide: true },
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'COMMITTED-OFFSET', get: ({ committedOffset }) => committedOffset },
  { header: 'START-OFFSET', get: ({ startOffset }) => startOffset, wide: true },
  { header: 'END-OFFSET', get: ({ endOffset }) => endOffset },
  { header: 'LAG', get: ({ lag }) => lag, unit: 'count', tone: ({ lag }) => (lag !== null && lag > 0n ? 'warn' : undefined) },
  { header: 'LOST', get: ({ lost }) => lost, unit: 'count', wide: true, tone: () => 'bad' },
  { header: 'MEMBER-ID', get: ({ memberId }) => memberId, wide: true },
  { header: 'INSTANCE-ID', get: ({ groupInstanceId }) => groupInstanceId, wide: true },
  { header: 'CLIENT-ID', get: ({ clientId }) => clientId },
  { header: 'HOST', get: ({ host }) => host },
  { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => (status ? 'warn' : undefined) },
  { header: 'PRODUCER-ID', get: ({ transaction }) => transaction?.producerId, wide: true },
  { header: 'PRODUCER-EPOCH', get: ({ transaction }) => transaction?.producerEpoch, wide: true },
  { header: 'TRANSACTIONAL-ID', get: ({ transaction }) => transaction?.transactionalId, wide: true },
];

export function lagTone(lag: bigint | null): Tone | undefined {
  if (lag === null) return undefined;
  return lag > 0n ? 'warn' : 'good';
}

/** The heading shows so many transactions; `-o wide` shows all. */
const shownTransactions = 5;

/** The open transactions that hold a group back, one a line. */
export function transactionsHeading(partitions: readonly PartitionLag[]): NonNullable<Block['heading']> {
  const told = partitions.flatMap(({ transaction }) => (transaction ? [transactionInWords(transaction)] : []));
  return [...new Set(told)].slice(0, shownTransactions).map((text) => ['open transaction', text, 'warn']);
}

export const lagFields: Readonly<Record<string, string>> = {
  'partitions[].topic': 'name of the topic',
  'partitions[].partition': 'number of the partition',
  'partitions[].committedOffset': 'the next offset the group reads; null where it never committed one',
  'partitions[].startOffset': 'the first offset of the log',
  'partitions[].endOffset': 'the offset after the last record of the log',
  'partitions[].lag': 'records between the committed and the end offset; null where it is unknown or not counted',
  'partitions[].lost': 'offsets deleted by retention before the group read them; only with status below-start',
  'partitions[].memberId': 'member that is assigned the partition, or null',
  'partitions[].groupInstanceId': 'group.instance.id of a static member, or null',
  'partitions[].clientId': 'its client id',
  'partitions[].host': 'address it connects from',
  'partitions[].status':
    'absent when all is well; otherwise uncommitted, below-start (retention deleted records before the group read them), beyond-end, deleted (the topic is gone), unavailable (no leader) or open-transaction (all up to the last stable offset is committed; what follows waits for a transaction to end)',
  'partitions[].transaction.producerId':
    'with status open-transaction: the producer whose transaction is open; the transaction is null where it cannot be known',
  'partitions[].transaction.producerEpoch': 'its epoch',
  'partitions[].transaction.transactionalId': 'its transactional id; null where no coordinator tells it',
  'partitions[].transaction.startOffset': 'the first offset of the transaction',
  'partitions[].transaction.lastTimestamp': 'when the producer last wrote to the partition, epoch ms',
};
