/** Deletes the oldest records of partitions (DeleteRecords, KIP-107): makes a plan, then carries out exactly that. */

import { KtError } from '../../base/errors.ts';
import type { Position } from '../../base/position.ts';
import { shellWord } from '../../base/shell-word.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { type Answer, partitionName, perLeader, type Send } from '../../kafka/routing.ts';
import { listOffsets, offsetRanges } from '../offsets/list.ts';
import { selectPartitions, type TopicSelection } from './selection.ts';

interface DoomedRecords extends TopicPartition {
  /** The first offset that stays. */
  readonly before: bigint;
  /** The present start offset. */
  readonly startOffset: bigint;
}

export interface RecordDeletionPlan {
  /** Only partitions with something to delete. */
  readonly doomed: readonly DoomedRecords[];
  /** Partitions with nothing before the position, and those that cannot be read. */
  readonly settled: readonly RecordDeletion[];
  /** Unknown topics and partitions. */
  readonly problems: readonly KtError[];
}

export interface RecordDeletion extends TopicPartition {
  /** `valid`: a dry run that would have deleted them; `unchanged`: there is nothing before the position. */
  readonly status: 'deleted' | 'unchanged' | 'valid' | 'failed';
  /** How many offsets were deleted; null when it failed. */
  readonly records: bigint | null;
  /** The start offset afterwards; null when it failed. */
  readonly startOffset: bigint | null;
  readonly error?: KtError;
}

export interface RecordDeletions {
  readonly partitions: readonly RecordDeletion[];
  readonly problems: readonly KtError[];
}

/** What would be deleted, at the present offsets: `end` is the end of each partition now, and stays the same. */
export async function planRecordDeletion(
  cluster: Cluster,
  selection: TopicSelection,
  position: Position,
): Promise<RecordDeletionPlan> {
  const { partitions, problems } = await selectPartitions(cluster, [selection], 'DELETE');
  const [{ starts, ends }, times] = await Promise.all([
    offsetRanges(cluster, partitions, 'read_uncommitted'),
    position.at === 'time'
      ? listOffsets(cluster, partitions, { timestampMs: position.timestampMs }, 'read_uncommitted')
      : undefined,
  ]);
  const doomed: DoomedRecords[] = [];
  const settled: RecordDeletion[] = [];
  for (const partition of partitions) {
    const name = partitionName(partition);
    const [start, end, time] = [starts.get(name)!, ends.get(name)!, times?.get(name)];
    const error = [start, end, time].find((listed) => listed instanceof KtError);
    if (error || start instanceof KtError || end instanceof KtError || time instanceof KtError) {
      settled.push(failed(partition, allowed(error!, partition.topic)));
      continue;
    }
    const before = firstKept(position, start.offset, end.offset, time?.offset);
    if (before > end.offset) settled.push(failed(partition, beyondEnd(name, before, end.offset)));
    else if (before <= start.offset)
      settled.push({ ...partition, status: 'unchanged', records: 0n, startOffset: start.offset });
    else doomed.push({ ...partition, before, startOffset: start.offset });
  }
  return { doomed, settled, problems };
}

/** The first offset to be kept; not past the end unless the user named such an offset. */
function firstKept(position: Position, start: bigint, end: bigint, atTime: bigint | undefined): bigint {
  switch (position.at) {
    case 'beginning':
      return start;
    case 'end':
      return end;
    case 'offset':
      return position.offset;
    case 'last':
      return end - BigInt(position.count);
    case 'time':
      // Without a record at that time or later, all records are older.
      return atTime === undefined || atTime < 0n ? end : atTime;
  }
}

function beyondEnd(name: string, offset: bigint, end: bigint): KtError {
  return new KtError('refused', `records of partition ${name} not deleted (it ends at ${end}, before offset ${offset})`, {
    code: 'OFFSET_OUT_OF_RANGE',
    hint: `give an offset up to ${end}, or end for all records; -p picks partitions`,
  });
}

/** The outcomes of a plan that is not carried out. */
export function plannedDeletions({ doomed, settled, problems }: RecordDeletionPlan): RecordDeletions {
  const partitions = doomed.map(
    ({ topic, partition, before, startOffset }): RecordDeletion => ({
      topic,
      partition,
      status: 'valid',
      records: before - startOffset,
      startOffset: before,
    }),
  );
  return { partitions: inOrder([...partitions, ...settled]), problems };
}

/** Carries out a plan, on all leaders at once; a partition that fails does not stop the others. */
export async function deleteRecords(
  cluster: Cluster,
  { doomed, settled, problems }: RecordDeletionPlan,
): Promise<RecordDeletions> {
  const { timeoutMs } = cluster;
  const offsets = new Map(doomed.map((item) => [partitionName(item), item.before]));
  const send: Send<TopicPartition, Answer & { readonly lowWatermark: bigint }> = async (broker, asked) => {
    const topics = byTopic(asked).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map((partition) => ({
        partitionIndex: partition,
        offset: offsets.get(partitionName({ topic, partition }))!,
      })),
    }));
    // The leader answers once its followers have deleted the records too.
    const answer = await cluster.request('DeleteRecords', { topics, timeoutMs }, { broker }, { longPollMs: timeoutMs });
    return new Map(
      answer.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode, lowWatermark }) => [
          partitionName({ topic: name, partition: partitionIndex }),
          { errorCode, lowWatermark },
        ]),
      ),
    );
  };
  const answers = await perLeader(cluster, doomed, send);
  const done = doomed.map(({ topic, partition, startOffset }): RecordDeletion => {
    const answer = answers.get(partitionName({ topic, partition }))!;
    if (answer instanceof KtError) return failed({ topic, partition }, allowed(answer, topic));
    const { lowWatermark } = answer;
    return { topic, partition, status: 'deleted', records: lowWatermark - startOffset, startOffset: lowWatermark };
  });
  return { partitions: inOrder([...done, ...settled]), problems };
}

function failed({ topic, partition }: TopicPartition, error: KtError): RecordDeletion {
  return { topic, partition, status: 'failed', records: null, startOffset: null, error };
}

/** Adds what has to be granted or changed to make the deletion possible, or where to look whether it is done. */
function allowed(error: KtError, topic: string): KtError {
  if (error.kind === 'refused' && error.code === 'REQUEST_TIMED_OUT') {
    const hint = `its leader may have deleted them, but not all followers did in time: kt topics offsets ${shellWord(topic)} --at beginning shows what is left`;
    return new KtError(error.kind, error.message, { code: error.code, hint });
  }
  const hint =
    error.code === 'POLICY_VIOLATION'
      ? `records can only be deleted where cleanup.policy includes delete: kt topics alter ${shellWord(topic)} --append-config cleanup.policy=delete`
      : permissionHint(error.code ?? '', 'DELETE', `topic ${topic}`);
  return hint ? new KtError(error.kind, error.message, { code: error.code, hint }) : error;
}

function inOrder(partitions: readonly RecordDeletion[]): readonly RecordDeletion[] {
  return [...partitions].sort((a, b) => a.partition - b.partition);
}
