/** The records around the offset that a group is stuck on in each partition. */
import type { PeekPlace } from '../core/groups/peek.ts';
import type { RecordBatch, RecordView } from '../kafka/batch/record.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { BoundedRange, FetchOptions } from '../kafka/fetch/fetch.ts';
import { partitionName } from '../kafka/routing.ts';
import { byRunsOfTopic, type CopiedRecord, RecordCopies } from './copied-record.ts';
import { HeldBytes } from './held-bytes.ts';
import { type Look, lookForRecords } from './look.ts';
import type { RecordSchemas } from './schemas/record-schemas.ts';

/** How many partitions are read at once: their records are in memory together. */
const partitionsAtOnce = 32;
const look = { leastOffsets: 10, growth: 8 };
/** A few records are wanted, not all that an answer holds. */
const partitionMaxBytes = 64 << 10;

interface PeekOptions extends Pick<FetchOptions, 'signal' | 'warn' | 'maxBatchBytes'> {
  /** What reads them with schemas; undefined where nothing does. */
  readonly schemas: RecordSchemas | undefined;
}

/**
 * The records, partition by partition; those of open and aborted transactions too, as a group may be stuck on one.
 * @param neighbours how many records before the next one, and how many after it
 */
export async function* peekRecords(
  cluster: Cluster,
  places: readonly PeekPlace[],
  neighbours: number,
  { schemas, signal, warn, maxBatchBytes }: PeekOptions,
): AsyncGenerator<RecordBatch> {
  const options = { isolation: 'read_uncommitted', signal, warn, partitionMaxBytes, maxBatchBytes } as const;
  for (let from = 0; from < places.length; from += partitionsAtOnce) {
    const together = places.slice(from, from + partitionsAtOnce);
    const held = new HeldBytes('groups peek', maxBatchBytes);
    const back: Look = { ...look, direction: 'back', count: neighbours };
    const ahead: Look = { ...look, direction: 'ahead', count: neighbours + 1 };
    // One after the other: each may decompress a large batch.
    const before = await nearest(cluster, together.map(unreadBefore), back, options, held);
    const after = await nearest(cluster, together.map(unreadAfter), ahead, options, held);
    for (const place of together) {
      const name = partitionName(place);
      const records = [...(before.get(name) ?? []), ...(after.get(name) ?? [])];
      for (const run of byRunsOfTopic(records)) {
        await schemas?.prepare(run);
        yield { ...run, passed: [] };
      }
      held.drop(records);
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
  held: HeldBytes,
): Promise<ReadonlyMap<string, readonly CopiedRecord[]>> {
  const found = new Map<string, CopiedRecord[]>();
  if (wanted.count === 0) return found;
  const copies = new RecordCopies(held);
  await lookForRecords(cluster, ranges, wanted, options, (record, name) => {
    const records = found.get(name) ?? [];
    found.set(name, records);
    if (makeRoom(records, record, wanted, held)) insert(records, copies.copy(record));
  });
  return found;
}

/** Whether a record is among the `count` nearest so far; if so, the furthest one goes. */
function makeRoom(records: CopiedRecord[], record: RecordView, { direction, count }: Look, held: HeldBytes): boolean {
  if (records.length < count) return true;
  if (direction === 'ahead' || record.offset < records[0]!.offset) return false;
  held.drop(records.splice(0, 1));
  return true;
}

/** In the order of offsets. */
function insert(records: CopiedRecord[], record: CopiedRecord): void {
  let at = records.length;
  while (at > 0 && records[at - 1]!.offset > record.offset) at--;
  records.splice(at, 0, record);
}
