/** From positions as people give them to the range to read of each partition. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { resolvePositions } from '../../core/offsets/resolve.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import type { BoundedRange, FetchRange } from '../../kafka/fetch/fetch.ts';
import type { ReadRequest } from './request.ts';

/** A range, and where its log ended when it was looked up. */
export interface ReadRange extends FetchRange {
  readonly endOffset: bigint;
}

/** A start and an end for each partition; committed offsets win over the requested start. */
export async function rangesOf(
  cluster: Cluster,
  request: Pick<ReadRequest, 'from' | 'to' | 'exitAtEnd' | 'isolation' | 'timeoutMs'>,
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, bigint> | undefined,
): Promise<readonly ReadRange[]> {
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

/** All that partitions hold before the end that is asked for, or before their ends now. */
export async function wholeRanges(
  cluster: Cluster,
  request: ReadRequest,
  partitions: readonly TopicPartition[],
): Promise<readonly BoundedRange[]> {
  const whole = { ...request, from: { at: 'beginning' }, exitAtEnd: true } as const;
  const ranges = await rangesOf(cluster, whole, partitions, undefined);
  return ranges.map(({ topic, partition, start, end, endOffset }) => ({ topic, partition, start, end: end ?? endOffset }));
}

/**
 * The partitions of topics that are wanted.
 * @param wanted empty: all
 * @throws KtError `refused` for a partition that a topic does not have
 */
export function chosenPartitions(
  topics: ReadonlyMap<string, readonly number[]>,
  wanted: readonly number[],
): readonly TopicPartition[] {
  const chosen: TopicPartition[] = [];
  for (const [topic, partitions] of topics) {
    const missing = wanted.find((partition) => !partitions.includes(partition));
    if (missing !== undefined) throw unknownPartition(topic, missing, partitions.length);
    for (const partition of wanted.length > 0 ? new Set(wanted) : partitions) chosen.push({ topic, partition });
  }
  return chosen;
}

function unknownPartition(topic: string, partition: number, count: number): KtError {
  const range = count > 1 ? `${count}: 0 to ${count - 1}` : `${count}: 0`;
  return new KtError('refused', `topic ${topic} has no partition ${partition} (it has ${range})`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: `kt topics describe ${shellWord(topic)} shows its partitions`,
  });
}
