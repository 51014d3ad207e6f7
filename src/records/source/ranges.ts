/** From positions as people give them to the range to read of each partition. */
import { KtError } from '../../base/errors.ts';
import { listOffsets, offsetOf } from '../../core/offsets/list.ts';
import { resolveEach } from '../../core/offsets/resolve.ts';
import { unknownPartition } from '../../core/partitions/selection.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import type { BoundedRange, FetchRange } from '../../kafka/fetch/fetch.ts';
import { partitionName, type RoutingOptions } from '../../kafka/routing.ts';
import { checkWithinLogs } from './given-starts.ts';
import { type ReadRequest, wantedPartitions } from './request.ts';

/** A range, and where its log ended when it was looked up. */
export interface ReadRange extends FetchRange {
  readonly endOffset: bigint;
  /** How many offsets lie behind its end because of a transaction that was open then; absent without one. */
  readonly hidden?: bigint;
}

/** A partition that cannot be read for now: it has no leader, or its leader cannot be reached. */
export interface LeaderlessPartition extends TopicPartition {
  readonly cause: KtError;
}

export interface FoundRanges {
  /** In the order of the partitions. */
  readonly ranges: readonly ReadRange[];
  readonly leaderless: readonly LeaderlessPartition[];
}

/** Errors that say that a leader is missing, not that it refuses. */
const leaderless: ReadonlySet<string | undefined> = new Set([
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
]);

/**
 * A start and an end for each partition; committed offsets and given starts win over the requested start.
 * @throws KtError `refused`: no permission, or an offset outside its log
 */
export async function rangesOf(
  cluster: Cluster,
  request: Pick<ReadRequest, 'from' | 'starts' | 'to' | 'exitAtEnd' | 'isolation'> & Partial<Pick<ReadRequest, 'isFollowedOn'>>,
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, bigint> | undefined,
  options: RoutingOptions = {},
): Promise<FoundRanges> {
  if (partitions.length === 0) return { ranges: [], leaderless: [] };
  const { from, starts: given, to, exitAtEnd, isolation, isFollowedOn } = request;
  const stopsAtEnd = exitAtEnd || to?.at === 'end';
  const [last, starts, stops] = await Promise.all([
    // Asked for before the ends: what is written in between is not taken for a part of an open transaction.
    stopsAtEnd && isolation === 'read_committed' && !isFollowedOn
      ? listOffsets(cluster, partitions, 'end', 'read_uncommitted', options)
      : undefined,
    resolveEach(cluster, partitions, from, isolation, options),
    // An offset to stop at may be still to come, or deleted already.
    to && to.at !== 'offset' ? resolveEach(cluster, partitions, to, isolation, options) : undefined,
  ]);
  const found = { ranges: [] as ReadRange[], leaderless: [] as LeaderlessPartition[] };
  for (const [index, { topic, partition }] of partitions.entries()) {
    const start = starts[index]!;
    const stop = stops?.[index] ?? (to?.at === 'offset' ? to : undefined);
    const error = start instanceof KtError ? start : stop;
    if (start instanceof KtError || stop instanceof KtError) {
      const cause = error as KtError;
      if (cause.kind !== 'connection' && !leaderless.has(cause.code)) throw cause;
      found.leaderless.push({ topic, partition, cause });
      continue;
    }
    const { offset, startOffset, endOffset } = start;
    const ends = [...(stop ? [stop.offset] : []), ...(exitAtEnd ? [endOffset] : [])];
    const name = partitionName({ topic, partition });
    const commit = committed?.get(name);
    const end = ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b));
    const highWatermark = last && offsetOf(last, { topic, partition });
    found.ranges.push({
      topic,
      partition,
      start: commit === undefined ? (given?.get(name) ?? offset) : commit < startOffset ? startOffset : commit,
      end,
      endOffset,
      ...(highWatermark && end === endOffset && highWatermark > end && { hidden: highWatermark - end }),
    });
  }
  if (given) await checkWithinLogs(cluster, found.ranges, options);
  return found;
}

/** All that partitions hold before the end that is asked for, or before their ends now. */
export async function wholeRanges(
  cluster: Cluster,
  request: ReadRequest,
  partitions: readonly TopicPartition[],
): Promise<{ readonly ranges: readonly (BoundedRange & ReadRange)[]; readonly leaderless: readonly LeaderlessPartition[] }> {
  const whole = { ...request, from: { at: 'beginning' }, exitAtEnd: true } as const;
  const found = await rangesOf(cluster, whole, partitions, undefined);
  const ranges = found.ranges.map((range) => ({ ...range, end: range.end ?? range.endOffset }));
  return { ranges, leaderless: found.leaderless };
}

/**
 * The partitions of topics that are wanted.
 * @throws KtError `refused` for a partition that a topic does not have
 */
export function chosenPartitions(
  topics: ReadonlyMap<string, readonly number[]>,
  request: Pick<ReadRequest, 'partitions' | 'partitionsOf'>,
): readonly TopicPartition[] {
  const chosen: TopicPartition[] = [];
  for (const [topic, partitions] of topics) {
    const wanted = wantedPartitions(request, topic);
    const missing = wanted.find((partition) => !partitions.includes(partition));
    if (missing !== undefined) throw unknownPartition({ topic, partition: missing }, partitions.length);
    for (const partition of wanted.length > 0 ? new Set(wanted) : partitions) chosen.push({ topic, partition });
  }
  return chosen;
}
