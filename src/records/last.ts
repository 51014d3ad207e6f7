/** `tail --last N`: the newest records of all partitions together, in time order. */
import TinyQueue from 'tinyqueue';
import type { RecordBatch, RecordView } from '../kafka/batch/record.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { BoundedRange, FetchOptions } from '../kafka/fetch/fetch.ts';
import { byRunsOfTopic, byTime, RecordCopies } from './copied-record.ts';
import { lookForRecords } from './look.ts';

const look = { direction: 'back', leastOffsets: 100, growth: 4 } as const;

/**
 * Looks back from the end of each partition until each has given `count` records or was read whole: the newest might all lie in one.
 * @param ranges whole partitions
 */
export async function* lastRecords(
  cluster: Cluster,
  ranges: readonly BoundedRange[],
  count: number,
  options: FetchOptions,
): AsyncGenerator<RecordBatch> {
  if (count === 0 || ranges.length === 0) return;
  const copies = new RecordCopies();
  const newest = new TinyQueue<RecordView>([], byTime);
  await lookForRecords(cluster, ranges, { ...look, count }, options, (record) => {
    if (newest.length === count) {
      if (byTime(record, newest.peek()!) < 0) return;
      newest.pop();
    }
    newest.push(copies.copy(record));
  });
  // Time order is not the order of offsets, so no partition is passed before the last record.
  for (const run of byRunsOfTopic(newest.data.toSorted(byTime))) yield { ...run, passed: [] };
  const passed = ranges.map(({ topic, partition, end }) => ({ topic, partition, nextOffset: end }));
  yield { topic: ranges[0]!.topic, each: () => {}, passed };
}
