/** Finds the records nearest to one side of ranges, in steps that grow: next to it first, further away where few are found. */
import type { KtError } from '../base/errors.ts';
import type { RecordView } from '../kafka/batch/record.ts';
import type { Cluster, TopicPartition } from '../kafka/cluster.ts';
import type { BoundedRange, FetchOptions } from '../kafka/fetch/fetch.ts';
import { fetchRecords } from '../kafka/fetch/fetcher.ts';
import { partitionName } from '../kafka/routing.ts';

export interface Look {
  /** `back` starts at the ranges' ends, `ahead` at their starts. */
  readonly direction: 'back' | 'ahead';
  /** How many records each partition should give. */
  readonly count: number;
  /** The first step covers this many offsets at least: each step costs a round trip. */
  readonly leastOffsets: number;
  /** Each further step covers this many times as many offsets. */
  readonly growth: number;
}

/**
 * Visits records until each partition has given `count` of them or was read whole. Offsets may hold no record that is wanted: transaction
 * markers, compacted or filtered records. The last step gives all it finds, so a partition may give more; a step's own records come in order.
 * A partition that is given up (`options.unread`), or whose topic is deleted (`options.deleted`), is not looked at again.
 * @param visit called with each record and its `partitionName`
 * @returns what is left of each range that was not read whole
 */
export async function lookForRecords(
  cluster: Cluster,
  ranges: readonly BoundedRange[],
  { direction, count, leastOffsets, growth }: Look,
  options: FetchOptions,
  visit: (record: RecordView, partition: string) => void,
): Promise<readonly BoundedRange[]> {
  const found = new Map<string, number>();
  const left: BoundedRange[] = [];
  const lost = new Set<string>();
  const { unread: tell, deleted } = options;
  const unreadToo = (partition: TopicPartition, cause: KtError): void => {
    lost.add(partitionName(partition));
    tell?.(partition, cause);
  };
  const isForgotten = (topic: string): boolean => {
    const isPassedOver = deleted?.(topic) === true;
    if (isPassedOver) for (const range of ranges) if (range.topic === topic) lost.add(partitionName(range));
    return isPassedOver;
  };
  const reading = { ...options, ...(tell && { unread: unreadToo }), deleted: isForgotten };
  let unread = ranges.filter(({ start, end }) => start < end);
  for (let size = BigInt(Math.max(count, leastOffsets)); unread.length > 0; size *= BigInt(growth)) {
    const steps = unread.map((range) => stepOf(range, direction, size));
    for await (const batch of fetchRecords(cluster, steps, reading)) {
      const name = partitionName(batch);
      let seen = found.get(name) ?? 0;
      batch.each((record) => {
        seen++;
        visit(record, name);
      });
      found.set(name, seen);
    }
    const rest = unread
      .map((range, index) => behind(range, steps[index]!, direction))
      .filter((range) => range.start < range.end && !lost.has(partitionName(range)));
    const isWanted = (range: BoundedRange) => (found.get(partitionName(range)) ?? 0) < count;
    for (const range of rest) if (!isWanted(range)) left.push(range);
    unread = rest.filter(isWanted);
  }
  return left;
}

function stepOf(range: BoundedRange, direction: Look['direction'], size: bigint): BoundedRange {
  if (range.end - range.start <= size) return range;
  return direction === 'back' ? { ...range, start: range.end - size } : { ...range, end: range.start + size };
}

/** What is left of a range after a step. */
function behind(range: BoundedRange, step: BoundedRange, direction: Look['direction']): BoundedRange {
  return direction === 'back' ? { ...range, end: step.start } : { ...range, start: step.end };
}
