/** The records around the offset that a group is stuck on in each partition. */
import type { PeekPlace } from '../core/groups/peek.ts';
import type { RecordBatch, RecordView } from '../kafka/batch/record.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { BoundedRange, FetchOptions } from '../kafka/fetch/fetch.ts';
import { partitionName } from '../kafka/routing.ts';
import { byRunsOfTopic, RecordCopies } from './copied-record.ts';
import { type Look, lookForRecords } from './look.ts';
import type { RecordSchemas } from './schemas/record-schemas.ts';

/** How many partitions are read at once: their records are in memory together. */
const partitionsAtOnce = 32;
const look = { leastOffsets: 10, growth: 8 };
/** A few records are wanted, not all that an answer holds. */
const partitionMaxBytes = 64 << 10;

/**
 * The records, partition by partition; those of open and aborted transactions too, as a group may be stuck on one.
 * @param schemas what reads them; undefined where nothing does
 * @param neighbours how many records before the next one, and how many after it
 */
export async function* peekRecords(
  cluster: Cluster,
  places: readonly PeekPlace[],
  neighbours: number,
  schemas: RecordSchemas | undefined,
  { signal, warn }: Pick<FetchOptions, 'signal' | 'warn'>,
): AsyncGenerator<RecordBatch> {
  const options = { isolation: 'read_uncommitted', signal, warn, partitionMaxBytes } as const;
  for (let from = 0; from < places.length; from += partitionsAtOnce) {
    const together = places.slice(from, from + partitionsAtOnce);
    const [before, after] = await Promise.all([
      nearest(cluster, together.map(unreadBefore), { ...look, direction: 'back', count: neighbours }, options),
      nearest(cluster, together.map(unreadAfter), { ...look, direction: 'ahead', count: neighbours + 1 }, options),
    ]);
    for (const place of together) {
      const name = partitionName(place);
      const records = [...(before.get(name) ?? []), ...(after.get(name) ?? [])];
      for (const run of byRunsOfTopic(records)) {
        await schemas?.prepare(run);
        yield { ...run, passed: [] };
      }
    }
  }
}

function unreadBefore({ topic, partition, committedOffset, startOffset }: PeekPlace): BoundedRange {
  return { topic, partition, start: startOffset, end: committedOffset };
}

function unreadAfter({ topic, partition, committedOffset, startOffset, endOffset }: PeekPlace): BoundedRange {
  return { topic, partition, start: committedOffset < startOffset ? startOffset : committedOffset, end: endOffset };
}

/** The `count` records of each partition that are nearest to the side that is looked from, in the order of offsets. */
async function nearest(
  cluster: Cluster,
  ranges: readonly BoundedRange[],
  wanted: Look,
  options: FetchOptions,
): Promise<ReadonlyMap<string, readonly RecordView[]>> {
  const { direction, count } = wanted;
  const found = new Map<string, RecordView[]>();
  if (count === 0) return found;
  const copies = new RecordCopies();
  await lookForRecords(cluster, ranges, wanted, options, (record, name) => {
    const copy = copies.copy(record);
    if (!found.get(name)?.push(copy)) found.set(name, [copy]);
  });
  for (const [name, records] of found) {
    records.sort((a, b) => a.offset - b.offset);
    found.set(name, direction === 'back' ? records.slice(-count) : records.slice(0, count));
  }
  return found;
}
