/** Lag that an open transaction holds back: who reads committed records only is at the end of what it may read, and yet behind the log's end. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { type FirstRecordOptions, firstRecords, type Lookup } from '../../kafka/fetch/first-record.ts';
import { partitionName, type RoutingOptions } from '../../kafka/routing.ts';
import { perBroker } from '../cluster/brokers.ts';
import { listOffsets, offsetOf } from '../offsets/list.ts';
import { type ActiveProducer, activeProducers } from '../transactions/producers.ts';
import type { GroupLag, PartitionLag } from './compute.ts';
import type { OpenTransaction } from './open-transaction.ts';

/** So many offsets before the last stable offset may hold nothing but markers; more are seldom without a record. */
const mostMarkers = 8n;

/**
 * Marks partitions where a group has read up to the last stable offset (KIP-98) while the log goes on, and names the transaction that is open.
 * A commit at the end of the last transaction's records counts too: only the transaction's marker lies between.
 * Costs nothing without lag; with lag one ListOffsets per leader; more (Fetch, DescribeProducers and ListTransactions, KIP-664) only where a
 * transaction is open.
 * @param groups with lag counted up to the high watermark
 */
export async function withOpenTransactions(
  cluster: Cluster,
  groups: readonly GroupLag[],
  { maxBatchBytes, ...options }: FirstRecordOptions,
): Promise<readonly GroupLag[]> {
  const behind = unique(groups, isBehind);
  if (behind.length === 0) return groups;
  const stable = await listOffsets(cluster, behind, 'end', 'read_committed', options);
  const lookups: Lookup[] = [];
  const rows = groups.flatMap(({ partitions }) => partitions.filter(isBehind));
  for (const { topic, partition, committedOffset: offset, endOffset } of rows) {
    const end = offsetOf(stable, { topic, partition });
    if (end === null || end >= endOffset! || offset! >= end || end - offset! > mostMarkers) continue;
    lookups.push({ topic, partition, offset: offset!, end });
  }
  const unread = await firstRecords(cluster, lookups, 'read_committed', { maxBatchBytes, ...options });
  const isHeld = (row: PartitionLag) => {
    if (!isBehind(row)) return false;
    if (row.committedOffset === offsetOf(stable, row)) return true;
    const records = unread.get(partitionName(row));
    return records !== undefined && !(records instanceof KtError) && records.timestamps.get(row.committedOffset!) === null;
  };
  const held = unique(groups, isHeld);
  if (held.length === 0) return groups;
  const transactions = await openTransactions(cluster, held, options);
  const marked = (row: PartitionLag): PartitionLag =>
    isHeld(row) ? { ...row, status: 'open-transaction', transaction: transactions.get(partitionName(row)) ?? null } : row;
  return groups.map((group) => ({ ...group, partitions: group.partitions.map(marked) }));
}

/** The partitions of all groups for which it holds, each once. */
function unique(groups: readonly GroupLag[], holds: (row: PartitionLag) => boolean): readonly TopicPartition[] {
  const found = new Map<string, TopicPartition>();
  for (const { partitions } of groups) for (const row of partitions) if (holds(row)) found.set(partitionName(row), row);
  return [...found.values()];
}

function isBehind({ committedOffset, endOffset, lag, status }: PartitionLag): boolean {
  return status === undefined && committedOffset !== null && endOffset !== null && committedOffset < endOffset && lag !== 0n;
}

/** The earliest open transaction of each partition, by name; missing where it cannot be known (no permission, an old broker, it has just ended). */
async function openTransactions(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  options: RoutingOptions,
): Promise<ReadonlyMap<string, OpenTransaction>> {
  if ((await cluster.apiVersion('DescribeProducers')) < 0) return new Map();
  const open = await earliestTransactions(cluster, partitions, options);
  const ids = await transactionalIds(cluster, new Set([...open.values()].map(({ producerId }) => producerId)));
  return new Map(
    [...open].map(([name, { producerId, producerEpoch, currentTransactionStartOffset, lastTimestamp }]) => [
      name,
      {
        producerId,
        producerEpoch,
        startOffset: currentTransactionStartOffset!,
        lastTimestamp,
        transactionalId: ids.get(producerId) ?? null,
      },
    ]),
  );
}

/** The producer of the transaction that has been open for longest in each partition, by the partition's name. */
async function earliestTransactions(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  options: RoutingOptions,
): Promise<ReadonlyMap<string, ActiveProducer>> {
  const { producers } = await activeProducers(cluster, partitions, options);
  const earliest = new Map<string, ActiveProducer>();
  for (const producer of producers) {
    const start = producer.currentTransactionStartOffset;
    const first = earliest.get(partitionName(producer))?.currentTransactionStartOffset ?? null;
    if (start !== null && (first === null || start < first)) earliest.set(partitionName(producer), producer);
  }
  return earliest;
}

/** Asks all brokers, since the coordinator of a transaction follows from the id that is looked for. */
async function transactionalIds(cluster: Cluster, producerIds: ReadonlySet<bigint>): Promise<ReadonlyMap<bigint, string>> {
  if (producerIds.size === 0 || (await cluster.apiVersion('ListTransactions')) < 0) return new Map();
  const { brokers } = await cluster.cachedMetadata([]);
  const body = { stateFilters: [], producerIdFilters: [...producerIds] };
  const answers = await perBroker(
    brokers.map(({ id }) => id),
    (broker) => cluster.request('ListTransactions', body, { broker }),
  );
  const listed = [...answers.values()].flatMap((answer) => (answer instanceof KtError ? [] : answer.transactionStates));
  return new Map(listed.map(({ producerId, transactionalId }) => [producerId, transactionalId]));
}
