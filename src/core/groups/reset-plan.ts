/** The target of a reset for each partition: a pure function of the log, the committed offset and what was asked for. */
import type { KtError } from '../../base/errors.ts';
import type { Position } from '../../base/position.ts';
import type { TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';

/** What `reset-offsets` can be asked for. */
export type ResetTarget =
  | Position
  | { readonly at: 'current' }
  /** This many records forward from the committed offset, or back. */
  | { readonly at: 'shift'; readonly by: bigint }
  /** An offset for each partition, by `partitionName`. */
  | { readonly at: 'given'; readonly offsets: ReadonlyMap<string, bigint> };

/** A partition before the reset. */
export interface ResetPlace extends TopicPartition {
  readonly committedOffset: bigint | null;
  /** The log's first offset and the one after its last; null where unknown. */
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  /** The first offset at that time or later; negative when there is none. */
  readonly atTime?: bigint;
  /** Why the log's offsets are unknown; absent while they are null: the partition is gone. */
  readonly error?: KtError;
}

export interface PartitionReset extends TopicPartition {
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  readonly committedOffset: bigint | null;
  /** Null for a partition that is left alone. */
  readonly targetOffset: bigint | null;
  /** Offsets that the group will read again; null where it never committed. */
  readonly reread: bigint | null;
  /** Offsets that the group will never read; null where it never committed. */
  readonly skipped: bigint | null;
  readonly status: 'planned' | 'reset' | 'left' | 'failed';
  /** A remark: an offset clamped to the log, why the partition is left alone. */
  readonly note?: string;
  readonly error?: KtError;
}

/** The plan for one partition. */
export function planPartition(place: ResetPlace, to: ResetTarget): PartitionReset {
  const { topic, partition, startOffset, endOffset, committedOffset } = place;
  const row = { topic, partition, startOffset, endOffset, committedOffset };
  const none = { ...row, targetOffset: null, reread: null, skipped: null };
  if (place.error) return { ...none, status: 'failed', error: place.error };
  if (startOffset === null || endOffset === null) return { ...none, status: 'left', note: 'the partition is gone' };
  const log = { startOffset, endOffset };
  const wanted = wantedOffset(place, log, to);
  if (wanted.offset === undefined) return { ...none, status: 'left', note: wanted.note };
  const { offset: targetOffset, note: clampNote } = clamped(wanted.offset, log);
  const notes = [wanted.note, clampNote].filter((note) => note !== undefined);
  return {
    ...row,
    targetOffset,
    ...changeOf(committedOffset, targetOffset, log),
    status: 'planned',
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

export interface ResetTotals {
  readonly reread: bigint;
  readonly skipped: bigint;
}

/** Over the partitions that have a target. */
export function totalsOf(partitions: readonly PartitionReset[]): ResetTotals {
  const sum = (numbers: readonly (bigint | null)[]) => numbers.reduce<bigint>((total, each) => total + (each ?? 0n), 0n);
  return { reread: sum(partitions.map(({ reread }) => reread)), skipped: sum(partitions.map(({ skipped }) => skipped)) };
}

interface Log {
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

type Wanted =
  | { readonly offset: bigint; readonly note?: string | undefined }
  | { readonly offset: undefined; readonly note: string };

function wantedOffset(place: ResetPlace, { startOffset, endOffset }: Log, to: ResetTarget): Wanted {
  const { committedOffset, atTime = -1n } = place;
  switch (to.at) {
    case 'beginning':
      return { offset: startOffset };
    case 'end':
      return { offset: endOffset };
    case 'offset':
      return { offset: to.offset };
    case 'last': {
      const offset = endOffset - BigInt(to.count);
      return { offset: offset > startOffset ? offset : startOffset };
    }
    case 'time':
      return atTime < 0n ? { offset: endOffset, note: 'no record at that time or later: set to the end' } : { offset: atTime };
    case 'current':
      // As in Kafka's own tool.
      return committedOffset === null
        ? { offset: endOffset, note: 'never committed: set to the end' }
        : { offset: committedOffset };
    case 'shift':
      return committedOffset === null
        ? { offset: undefined, note: 'never committed: nothing to shift' }
        : { offset: committedOffset + to.by };
    case 'given': {
      const offset = to.offsets.get(partitionName(place));
      return offset === undefined ? { offset, note: 'not in the file' } : { offset };
    }
  }
}

function clamped(offset: bigint, { startOffset, endOffset }: Log): { readonly offset: bigint; readonly note?: string } {
  if (offset < startOffset) return { offset: startOffset, note: `${offset} is before the log: set to its start` };
  if (offset > endOffset) return { offset: endOffset, note: `${offset} is beyond the log: set to its end` };
  return { offset };
}

/** Counts only what is in the log; deleted records are neither read again nor skipped. */
function changeOf(committed: bigint | null, target: bigint, log: Log): Pick<PartitionReset, 'reread' | 'skipped'> {
  if (committed === null) return { reread: null, skipped: null };
  const change = target - clamped(committed, log).offset;
  return { reread: change < 0n ? -change : 0n, skipped: change > 0n ? change : 0n };
}
