/** Turns positions (`beginning`, `-10`, `@TIME`) into offsets of each partition. */
import { KtError } from '../../base/errors.ts';
import type { Position } from '../../base/position.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { partitionName, type RoutingOptions } from '../../kafka/routing.ts';
import { type ListedOffset, listOffsets, offsetRanges } from './list.ts';

export interface ResolvedPosition extends TopicPartition {
  readonly offset: bigint;
  /** The log's first offset. */
  readonly startOffset: bigint;
  /** The offset after the last record that this isolation level shows, at the time of the request. */
  readonly endOffset: bigint;
}

/**
 * Resolves one position for all partitions, in at most four requests per leader.
 * @returns in the order of `partitions`
 * @throws KtError `refused`: a partition without leader or permission, or (OFFSET_OUT_OF_RANGE) an offset outside its log
 */
export async function resolvePositions(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  position: Position,
  isolation: Isolation,
  options: RoutingOptions = {},
): Promise<readonly ResolvedPosition[]> {
  return (await resolveEach(cluster, partitions, position, isolation, options)).map((resolved) => {
    if (resolved instanceof KtError) throw resolved;
    return resolved;
  });
}

/**
 * As `resolvePositions`, but a partition that cannot be asked has its error.
 * @throws KtError `refused` (OFFSET_OUT_OF_RANGE) for an offset outside a log
 */
export async function resolveEach(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  position: Position,
  isolation: Isolation,
  options: RoutingOptions = {},
): Promise<readonly (ResolvedPosition | KtError)[]> {
  const list = (at: Parameters<typeof listOffsets>[2], level: Isolation) =>
    listOffsets(cluster, partitions, at, level, options);
  const [{ starts, ends }, times, highWatermarks] = await Promise.all([
    offsetRanges(cluster, partitions, isolation, options),
    position.at === 'time' ? list({ timestampMs: position.timestampMs }, isolation) : undefined,
    // An offset in an open transaction is valid: it is in the log, only not shown yet.
    position.at === 'offset' && isolation === 'read_committed' ? list('end', 'read_uncommitted') : undefined,
  ]);
  return partitions.map(({ topic, partition }) => {
    const [start, end, last, atTime] = [starts, ends, highWatermarks ?? ends, times ?? starts].map(
      (listed) => listed.get(partitionName({ topic, partition }))!,
    ) as [Listed, Listed, Listed, Listed];
    if (start instanceof KtError) return start;
    if (end instanceof KtError) return end;
    if (last instanceof KtError) return last;
    if (atTime instanceof KtError) return atTime;
    const places = { topic, partition, startOffset: start.offset, endOffset: end.offset };
    const offset = offsetAt(position, { ...places, last: last.offset, atTime: atTime.offset });
    return { ...places, offset };
  });
}

type Listed = ListedOffset | KtError;

interface Places extends Omit<ResolvedPosition, 'offset'> {
  /** The high watermark. */
  readonly last: bigint;
  /** The first offset at that time or later; negative when there is none. */
  readonly atTime: bigint;
}

function offsetAt(position: Position, places: Places): bigint {
  const { startOffset, endOffset, last, atTime } = places;
  switch (position.at) {
    case 'beginning':
      return startOffset;
    case 'end':
      return endOffset;
    case 'last': {
      const offset = endOffset - BigInt(position.count);
      return offset > startOffset ? offset : startOffset;
    }
    case 'time':
      return atTime < 0n ? endOffset : atTime;
    case 'offset':
      if (position.offset < startOffset || position.offset > last) throw outOfRange(places, position.offset);
      return position.offset;
  }
}

function outOfRange(places: Places, offset: bigint): KtError {
  const { startOffset, last } = places;
  return new KtError(
    'refused',
    `offset ${offset} of partition ${partitionName(places)} (the partition holds ${startOffset} to ${last})`,
    {
      code: 'OFFSET_OUT_OF_RANGE',
      hint: `give an offset from ${startOffset} to ${last}, beginning or end; -p picks partitions`,
    },
  );
}
