/** Offsets at which people say that partitions begin: none that is wrong may be skipped over in silence. */
import { KtError } from '../../base/errors.ts';
import type { Position } from '../../base/position.ts';
import { listOffsets } from '../../core/offsets/list.ts';
import { unknownPartition } from '../../core/partitions/selection.ts';
import { partitionNames } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName, partitionOf, type RoutingOptions } from '../../kafka/routing.ts';

interface StartedRange extends TopicPartition {
  readonly start: bigint;
  readonly endOffset: bigint;
}

/**
 * Checks which partitions the starts in a file are for. What is not read, and what begins elsewhere, is told.
 * @param offsets by `partitionName`
 * @param topics what is read, with all partitions of each
 * @param partitions those that are read
 * @param otherwise where partitions begin that have no start
 * @throws KtError `refused` for a partition that a topic does not have
 */
export function checkStarts(
  file: string,
  offsets: ReadonlyMap<string, bigint>,
  topics: ReadonlyMap<string, readonly number[]>,
  partitions: readonly TopicPartition[],
  otherwise: Position,
  note: (text: string) => void,
): void {
  const others = new Set<string>();
  for (const name of offsets.keys()) {
    const { topic, partition } = partitionOf(name);
    const existing = topics.get(topic);
    if (!existing) others.add(topic);
    else if (!existing.includes(partition)) throw unknownPartition({ topic, partition }, existing.length);
  }
  if (others.size > 0) note(`${file} has offsets of other topics too, which are not read: ${[...others].sort().join(', ')}`);
  const missing = partitions.filter((each) => !offsets.has(partitionName(each)));
  if (missing.length > 0) note(`${file} has no offset of ${partitionNames(missing)}: read from ${placeText(otherwise)}`);
}

/**
 * Checks that no partition is to begin behind its end: nothing would be read of it until it has come so far.
 * @throws KtError `refused` (OFFSET_OUT_OF_RANGE)
 */
export async function checkWithinLogs(
  cluster: Cluster,
  ranges: readonly StartedRange[],
  options: RoutingOptions,
): Promise<void> {
  const behind = ranges.filter(({ start, endOffset }) => start > endOffset);
  if (behind.length === 0) return;
  // Behind the last stable offset there may be open transactions.
  const highWatermarks = await listOffsets(cluster, behind, 'end', 'read_uncommitted', options);
  for (const range of behind) {
    const last = highWatermarks.get(partitionName(range))!;
    if (last instanceof KtError) throw last;
    if (range.start <= last.offset) continue;
    throw new KtError('refused', `offset ${range.start} of ${partitionName(range)} (the partition ends at ${last.offset})`, {
      code: 'OFFSET_OUT_OF_RANGE',
      hint: 'the topic was made anew or lost records since the offset was kept: leave its line out to read what is there',
    });
  }
}

function placeText(position: Position): string {
  switch (position.at) {
    case 'beginning':
    case 'end':
      return `its ${position.at}`;
    case 'offset':
      return `offset ${position.offset}`;
    case 'last':
      return `the last ${position.count} on`;
    case 'time':
      return new Date(position.timestampMs).toISOString();
  }
}
