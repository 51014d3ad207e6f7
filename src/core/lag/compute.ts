/** Lag as a pure function of what a group committed, what its members are assigned, and where partitions begin and end. */
import type { TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { Committed } from '../groups/offsets.ts';
import type { GroupPosition } from '../groups/positions.ts';
import type { OpenTransaction } from './open-transaction.ts';
import type { Verdict } from './verdicts.ts';

/** How a partition without a committed offset counts: all its records, nothing, or a failed check. */
export const uncommittedChoices = ['count', 'ignore', 'fail'] as const;
export type Uncommitted = (typeof uncommittedChoices)[number];

/**
 * - `uncommitted`: the group never committed an offset, or is a share group that has not started to read.
 * - `below-start`: the committed offset is older than the log: retention overtook the consumer. Records deleted unread are `lost`, not lag.
 * - `beyond-end`: the committed offset is after the log's end, for example because the topic was deleted and created again.
 * - `deleted`: the topic or partition is gone.
 * - `unavailable`: the log's offsets are unknown.
 * - `open-transaction`: the group has everything up to the last stable offset; what follows waits for the end of a transaction.
 */
type LagStatus = 'uncommitted' | 'below-start' | 'beyond-end' | 'deleted' | 'unavailable' | 'open-transaction';

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: bigint | null;
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  /** Null where it is unknown, or not counted (`--uncommitted ignore`). */
  readonly lag: bigint | null;
  /** Offsets that were deleted before the group read them; only with `below-start`. */
  readonly lost?: bigint;
  /** Age of the first unread record in seconds, 0 at the end; null where it is unknown. Only if asked for. */
  readonly lagSeconds?: number | null;
  /** Why the age is null although the lag is known. */
  readonly lagSecondsProblem?: string;
  /** How the lag developed; null with too few samples. Only if asked for. */
  readonly verdict?: Verdict | null;
  readonly memberId: string | null;
  /** `group.instance.id` of a static member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  readonly status?: LagStatus;
  /** The transaction that holds the lag back, null where it is unknown; only with `open-transaction`. */
  readonly transaction?: OpenTransaction | null;
}

export interface GroupLag {
  readonly group: string;
  readonly state: string;
  readonly type: string;
  /** Broker id. */
  readonly coordinator: number | null;
  /** The sum of the known lag of its partitions; null where it has partitions, and the lag of none is known. */
  readonly lag: bigint | null;
  /** By topic and partition. */
  readonly partitions: readonly PartitionLag[];
}

/** Where logs begin and end. */
export interface Logs {
  /** How many partitions a topic has; 0 when it does not exist, null when unknown. */
  partitionsOf(topic: string): number | null;
  startOf(partition: TopicPartition): bigint | null;
  /** Under read_committed the last stable offset. */
  endOf(partition: TopicPartition): bigint | null;
  /** The offset after the last record, committed or not: no committed offset can be higher. */
  highWatermarkOf(partition: TopicPartition): bigint | null;
}

/** The topics of a group: those it committed offsets for, has assigned partitions of, or is going to read. */
export function topicsOf({ commits, members, unread = [] }: GroupPosition): ReadonlySet<string> {
  const known = [...commits, ...members.flatMap(({ assignment }) => assignment)];
  return new Set([...known.map(({ topic }) => topic), ...unread]);
}

/**
 * A group's lag on every partition of its topics, including those it never committed.
 * @param only the topics to look at
 * @param counts the partitions of them that count; all unless given
 */
export function lagOf(
  position: GroupPosition,
  logs: Logs,
  uncommitted: Uncommitted,
  only: (topic: string) => boolean,
  counts: (partition: TopicPartition) => boolean = () => true,
): GroupLag {
  const { group, state, type, coordinator } = position.group;
  // A share group starts where share.auto.offset.reset says, by default at the end: before that it has no lag.
  const beforeFirst = type === 'share' ? 'ignore' : uncommitted;
  const committed = new Map(position.commits.map((commit) => [partitionName(commit), commit]));
  const owners = new Map(
    position.members.flatMap((member) => member.assignment.map((partition) => [partitionName(partition), member] as const)),
  );
  const partitions = [...topicsOf(position)]
    .filter(only)
    .sort()
    .flatMap((topic) => partitionsOf(position, topic, logs))
    .filter(counts)
    .map((partition): PartitionLag => {
      const name = partitionName(partition);
      const { memberId = null, groupInstanceId = null, clientId = null, host = null } = owners.get(name) ?? {};
      const row = rowOf(committed.get(name), partition, logs, beforeFirst);
      return { ...partition, ...row, memberId, groupInstanceId, clientId, host };
    });
  return { group, state, type, coordinator, lag: totalLag(partitions), partitions };
}

/** The sum of what is known; null where there is something, and nothing of it is known. */
export function totalLag(partitions: readonly Pick<PartitionLag, 'lag'>[]): bigint | null {
  const known = partitions.flatMap(({ lag }) => lag ?? []);
  return known.length > 0 || partitions.length === 0 ? known.reduce((sum, each) => sum + each, 0n) : null;
}

/** Existing partitions, and committed ones that no longer exist. */
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
    // A group that reads uncommitted records may be past the last stable offset.
    const beyond = committedOffset > (logs.highWatermarkOf(partition) ?? endOffset);
    return { ...row, lag: 0n, ...(beyond && { status: 'beyond-end' }) };
  }
  if (committedOffset < startOffset) {
    return { ...row, lag: endOffset - startOffset, lost: startOffset - committedOffset, status: 'below-start' };
  }
  return { ...row, lag: commit?.lag ?? endOffset - committedOffset };
}
