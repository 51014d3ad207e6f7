/** From positions as people give them to the range that is read of each partition. */
import { usageError } from '../../base/errors.ts';
import { resolvePositions } from '../../core/offsets/resolve.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import type { FetchRange } from '../../kafka/fetch/fetch.ts';
import type { TailEvents, TailRequest } from './request.ts';

/** A range, and where its log ended when it was looked up. */
export interface TailRange extends FetchRange {
  readonly endOffset: bigint;
}

/** Has the reading's progress told, when every range has an end. */
export function progressOf(ranges: readonly FetchRange[], { bounded }: TailEvents): ((passed: number) => void) | undefined {
  let offsets = 0;
  for (const { start, end } of ranges) {
    if (end === undefined) return undefined;
    if (end > start) offsets += Number(end - start);
  }
  return bounded(offsets);
}

/** A start and an end for each partition; committed offsets win over the requested start. */
export async function rangesOf(
  cluster: Cluster,
  request: TailRequest,
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, bigint> | undefined,
): Promise<readonly TailRange[]> {
  if (partitions.length === 0) return [];
  const { from, to, exitAtEnd, isolation, timeoutMs } = request;
  const [starts, stops] = await Promise.all([
    resolvePositions(cluster, partitions, from, isolation, { timeoutMs }),
    // An offset to stop at may be still to come, or deleted already.
    to?.at === 'offset' ? partitions.map(() => to) : to && resolvePositions(cluster, partitions, to, isolation, { timeoutMs }),
  ]);
  return starts.map(({ topic, partition, offset, startOffset, endOffset }, index) => {
    const ends = [...(stops ? [stops[index]!.offset] : []), ...(exitAtEnd ? [endOffset] : [])];
    const commit = committed?.get(`${topic}-${partition}`);
    const start = commit === undefined ? offset : commit < startOffset ? startOffset : commit;
    return { topic, partition, start, end: ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b)), endOffset };
  });
}

export function chosenPartitions(
  topics: ReadonlyMap<string, readonly number[]>,
  wanted: readonly number[],
): readonly TopicPartition[] {
  const chosen: TopicPartition[] = [];
  for (const [topic, partitions] of topics) {
    const missing = wanted.find((partition) => !partitions.includes(partition));
    if (missing !== undefined) {
      throw usageError(
        `partition ${missing} (${topic} has ${partitions.length})`,
        `partitions of ${topic} go from 0 to ${partitions.length - 1}`,
      );
    }
    for (const partition of wanted.length > 0 ? new Set(wanted) : partitions) chosen.push({ topic, partition });
  }
  return chosen;
}
