/** `groups peek`: the record that a group reads next in each partition where it is behind, with the records around it. */
import { KtError, usageError } from '../../base/errors.ts';
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { fetchRecords } from '../../kafka/fetch/fetch.ts';
import { partitionName } from '../../kafka/routing.ts';
import { inBatches, RecordCopies } from '../../records/copied-record.ts';
import type { PartitionLag } from '../lag/compute.ts';
import { measureLag } from '../lag/report.ts';
import type { TopicSelection } from '../partitions/selection.ts';

/** A partition that the group has not read to its end. */
export interface PeekPlace extends PartitionLag {
  readonly committedOffset: bigint;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

export interface PeekPlan {
  readonly places: readonly PeekPlace[];
  /** Partitions with nothing to read. */
  readonly caughtUp: readonly TopicPartition[];
  /** Partitions that the group never committed: where it would begin is for its members to say. */
  readonly uncommitted: readonly TopicPartition[];
  readonly problems: readonly KtError[];
}

/**
 * Where a group stands.
 * @param selections empty: all topics of the group
 * @throws KtError `refused` for an unknown group or one that does not read the topics, `usage` for a pattern
 */
export async function planPeek(cluster: Cluster, group: string, selections: readonly TopicSelection[]): Promise<PeekPlan> {
  const topics = selections.map(({ topic }) => topic);
  const { groups, problems } = await measureLag(cluster, [group], { topics, uncommitted: 'ignore' });
  const found = groups.find((each) => each.group === group);
  if (!found) throw problems[0] ?? usageError(`'${group}' (a pattern, and this takes one group)`, 'kt groups list shows them');
  const wanted = found.partitions.filter(({ topic, partition }) => isSelected(selections, topic, partition));
  const behind = wanted.filter(isBehind);
  return {
    places: behind,
    caughtUp: wanted.filter((row) => row.committedOffset !== null && row.endOffset !== null && !isBehind(row)),
    uncommitted: wanted.filter(({ status }) => status === 'uncommitted'),
    problems: [...problems, ...wanted.flatMap(unreadable)],
  };
}

function isSelected(selections: readonly TopicSelection[], topic: string, partition: number): boolean {
  const partitions = selections.filter((each) => each.topic === topic).map((each) => each.partitions);
  // A pattern names all partitions.
  return partitions.length === 0 || partitions.some((each) => each === undefined || each.includes(partition));
}

function isBehind(row: PartitionLag): row is PeekPlace {
  const { committedOffset, startOffset, endOffset } = row;
  return committedOffset !== null && startOffset !== null && endOffset !== null && committedOffset < endOffset;
}

function unreadable({ topic, partition, status }: PartitionLag): readonly KtError[] {
  if (status !== 'unavailable') return [];
  const what = `partition ${partitionName({ topic, partition })}`;
  return [new KtError('refused', `${what} (its leader does not answer)`, { code: 'LEADER_NOT_AVAILABLE' })];
}

/** Where a record lies beside the committed offset. */
export type Beside = 'before' | 'next' | 'after';

/** Says it of records that come partition by partition in their order: the first at the committed offset or behind it is the next. */
export function besideCommit(places: readonly PeekPlace[]): (record: RecordView) => readonly [PeekPlace, Beside] {
  const byName = new Map(places.map((place) => [partitionName(place), place]));
  let passed: PeekPlace | undefined;
  return (record) => {
    const place = byName.get(partitionName(record))!;
    if (record.exactOffset() < place.committedOffset) return [place, 'before'];
    if (passed === place) return [place, 'after'];
    passed = place;
    return [place, 'next'];
  };
}

export interface PeekEvents {
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

/** So many partitions are read at once: their records are in memory together. */
const together = 32;

/** The records, partition by partition; those of open and aborted transactions too, as a group may be stuck on one. */
export async function* peekRecords(
  cluster: Cluster,
  places: readonly PeekPlace[],
  neighbours: number,
  events: PeekEvents,
): AsyncGenerator<FetchedRecords> {
  for (let from = 0; from < places.length; from += together) {
    const part = places.slice(from, from + together);
    const [before, after] = await Promise.all([
      around(cluster, part, 'before', neighbours, events),
      around(cluster, part, 'after', neighbours + 1, events),
    ]);
    for (const place of part) {
      const name = partitionName(place);
      yield* inBatches([...(before.get(name) ?? []), ...(after.get(name) ?? [])]);
    }
  }
}

/** The first look goes over this many offsets at least, and each further one over so many times as many. */
const leastOffsets = 10n;
const growth = 8n;
/** A few records are wanted, not all that an answer holds. */
const partitionMaxBytes = 64 << 10;

/** The nearest records on one side of the commit, further away where offsets hold none (transaction markers, compacted ones). */
async function around(
  cluster: Cluster,
  places: readonly PeekPlace[],
  side: 'before' | 'after',
  count: number,
  { signal, warn }: PeekEvents,
): Promise<ReadonlyMap<string, readonly RecordView[]>> {
  const found = new Map<string, readonly RecordView[]>();
  if (count === 0) return found;
  const copies = new RecordCopies();
  let size = BigInt(count) > leastOffsets ? BigInt(count) : leastOffsets;
  let unread = places.map(({ topic, partition, committedOffset, startOffset, endOffset }) => {
    const commit = committedOffset < startOffset ? startOffset : committedOffset;
    return side === 'before'
      ? { topic, partition, start: startOffset, end: commit }
      : { topic, partition, start: commit, end: endOffset };
  });
  for (;;) {
    const looks = unread.filter(({ start, end }) => start < end).map((range) => lookAt(range, side, size));
    if (looks.length === 0) return found;
    const seen = new Map<string, RecordView[]>();
    for await (const part of fetchRecords(cluster, looks, { isolation: 'read_uncommitted', signal, warn, partitionMaxBytes })) {
      const records = seen.get(partitionName(part)) ?? [];
      seen.set(partitionName(part), records);
      part.records.each((record) => {
        records.push(copies.copy(record));
      });
    }
    for (const [name, records] of seen) {
      const had = found.get(name) ?? [];
      found.set(name, side === 'before' ? [...records, ...had].slice(-count) : [...had, ...records].slice(0, count));
    }
    unread = unread
      .filter((range) => (found.get(partitionName(range))?.length ?? 0) < count)
      .map((range) => {
        const look = lookAt(range, side, size);
        return side === 'before' ? { ...range, end: look.start } : { ...range, start: look.end };
      });
    size *= growth;
  }
}

interface Range extends TopicPartition {
  readonly start: bigint;
  readonly end: bigint;
}

function lookAt(range: Range, side: 'before' | 'after', size: bigint): Range {
  if (range.end - range.start <= size) return range;
  return side === 'before' ? { ...range, start: range.end - size } : { ...range, end: range.start + size };
}
