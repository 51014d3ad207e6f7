/** What lag is: a pure function of what a group committed, what its members are assigned, and where partitions begin and end. */
import type { TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { Committed } from '../groups/offsets.ts';
import type { GroupPosition } from '../groups/positions.ts';
import type { Verdict } from './verdicts.ts';

/** What a partition that the group never committed counts as: all there is to read, nothing, or a failed check. */
export const uncommittedChoices = ['count', 'ignore', 'fail'] as const;
export type Uncommitted = (typeof uncommittedChoices)[number];

/**
 * - `uncommitted`: the group never committed an offset there, or is a share group that has not begun there.
 * - `below-start`: the committed offset is older than the log: retention passed the consumer. What was deleted unread is `lost`, and no lag.
 * - `beyond-end`: the committed offset is after the log's end, as after a topic was deleted and made again.
 * - `deleted`: the topic or partition is gone.
 * - `unavailable`: the cluster does not tell the log's offsets.
 */
type LagStatus = 'uncommitted' | 'below-start' | 'beyond-end' | 'deleted' | 'unavailable';

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: bigint | null;
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  /** Null where it cannot be known, or is not asked for (`--uncommitted ignore`). */
  readonly lag: bigint | null;
  /** Offsets that were deleted before the group read them; only with `below-start`. */
  readonly lost?: bigint;
  /** Age of the first unread record in seconds, 0 at the end; null where it is not known. Only where it was asked for. */
  readonly lagSeconds?: number | null;
  /** What the lag did over a time; null where too little was seen of it. Only where it was asked for. */
  readonly verdict?: Verdict | null;
  readonly memberId: string | null;
  /** `group.instance.id` of a static member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  readonly status?: LagStatus;
}

export interface GroupLag {
  readonly group: string;
  readonly state: string;
  readonly type: string;
  /** Broker id. */
  readonly coordinator: number | null;
  /** The sum over the partitions whose lag is known. */
  readonly lag: bigint;
  /** By topic and partition. */
  readonly partitions: readonly PartitionLag[];
}

/** Where logs begin and end. */
export interface Logs {
  /** How many partitions a topic has; 0 when it does not exist, null when the cluster does not tell. */
  partitionsOf(topic: string): number | null;
  startOf(partition: TopicPartition): bigint | null;
  /** Under read_committed the last stable offset. */
  endOf(partition: TopicPartition): bigint | null;
  /** The offset after the last record of any kind: what a committed offset can be at most. */
  highWatermarkOf(partition: TopicPartition): bigint | null;
}

/** The topics that a group has anything to do with: it committed offsets there, a member is assigned a partition, or it is to read them. */
export function topicsOf({ commits, members, unread = [] }: GroupPosition): ReadonlySet<string> {
  const known = [...commits, ...members.flatMap(({ assignment }) => assignment)];
  return new Set([...known.map(({ topic }) => topic), ...unread]);
}

/**
 * A group's lag on every partition of its topics, those it never committed included.
 * @param only the topics to look at
 */
export function lagOf(
  position: GroupPosition,
  logs: Logs,
  uncommitted: Uncommitted,
  only: (topic: string) => boolean,
): GroupLag {
  const { group, state, type, coordinator } = position.group;
  // A share group begins where share.auto.offset.reset says, by default at the end: nothing is to be counted before it did.
  const beforeFirst = type === 'share' ? 'ignore' : uncommitted;
  const committed = new Map(position.commits.map((commit) => [partitionName(commit), commit]));
  const owners = new Map(
    position.members.flatMap((member) => member.assignment.map((partition) => [partitionName(partition), member] as const)),
  );
  const partitions = [...topicsOf(position)]
    .filter(only)
    .sort()
    .flatMap((topic) => partitionsOf(position, topic, logs))
    .map((partition): PartitionLag => {
      const name = partitionName(partition);
      const { memberId = null, groupInstanceId = null, clientId = null, host = null } = owners.get(name) ?? {};
      const row = rowOf(committed.get(name), partition, logs, beforeFirst);
      return { ...partition, ...row, memberId, groupInstanceId, clientId, host };
    });
  return { group, state, type, coordinator, lag: partitions.reduce((sum, { lag }) => sum + (lag ?? 0n), 0n), partitions };
}

/** Those that exist, and those that do not any more but the group has committed. */
function partitionsOf({ commits }: GroupPosition, topic: string, logs: Logs): readonly TopicPartition[] {
  const count = logs.partitionsOf(topic) ?? 0;
  const there = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const gone = commits.filter((commit) => commit.topic === topic && commit.partition >= count);
  return [...there, ...gone.map(({ partition }) => ({ topic, partition })).sort((a, b) => a.partition - b.partition)];
}

type Row = Pick<PartitionLag, 'committedOffset' | 'startOffset' | 'endOffset' | 'lag' | 'lost' | 'status'>;

function rowOf(commit: Committed | undefined, partition: TopicPartition, logs: Logs, uncommitted: Uncommitted): Row {
  const committedOffset = commit?.offset ?? null;
  const startOffset = logs.startOf(partition);
  const endOffset = logs.endOf(partition);
  const row = { committedOffset, startOffset, endOffset };
  const count = logs.partitionsOf(partition.topic);
  if (count !== null && partition.partition >= count) return { ...row, lag: null, status: 'deleted' };
  if (startOffset === null || endOffset === null) return { ...row, lag: null, status: 'unavailable' };
  if (committedOffset === null) {
    return { ...row, lag: uncommitted === 'ignore' ? null : endOffset - startOffset, status: 'uncommitted' };
  }
  if (committedOffset > endOffset) {
    // One that reads uncommitted records may well be past the last stable offset.
    const beyond = committedOffset > (logs.highWatermarkOf(partition) ?? endOffset);
    return { ...row, lag: 0n, ...(beyond && { status: 'beyond-end' }) };
  }
  if (committedOffset < startOffset) {
    return { ...row, lag: endOffset - startOffset, lost: startOffset - committedOffset, status: 'below-start' };
  }
  return { ...row, lag: commit?.lag ?? endOffset - committedOffset };
}
