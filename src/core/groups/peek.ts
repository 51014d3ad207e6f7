/** Where a group is behind: the partitions of which `groups peek` shows the next record. */
import { KtError, usageError } from '../../base/errors.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
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
  /** Partitions read to their end. */
  readonly caughtUp: readonly TopicPartition[];
  /** Partitions that the group never committed: its members decide where they would begin. */
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
  const { groups, problems } = await measureLag(cluster, [group], { topics, partitions: selections, uncommitted: 'ignore' });
  const found = groups.find((each) => each.group === group);
  if (!found) throw problems[0] ?? usageError(`'${group}' (a pattern, and this takes one group)`, 'kt groups list shows them');
  const { partitions } = found;
  const behind = partitions.filter(isBehind);
  return {
    places: behind,
    caughtUp: partitions.filter((row) => row.committedOffset !== null && row.endOffset !== null && !isBehind(row)),
    uncommitted: partitions.filter(({ status }) => status === 'uncommitted'),
    problems: [...problems, ...partitions.flatMap(unreadable)],
  };
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

/** Places records that come partition by partition, in order: the first at or behind the committed offset is the next. */
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
