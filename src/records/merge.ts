/** `tail --merge`: the records of all partitions in the order of their timestamps, as far as fetched. */
import TinyQueue from 'tinyqueue';
import type { FetchedRecords, RecordView } from '../kafka/batch/record.ts';
import type { TopicPartition } from '../kafka/cluster.ts';
import type { FetchedPart } from '../kafka/fetch/fetch.ts';
import type { RecordFetcher } from '../kafka/fetch/fetcher.ts';
import { partitionName } from '../kafka/routing.ts';
import { byTime, inBatches, RecordCopies } from './copied-record.ts';
import type { RecordFilter } from './filter.ts';
import type { TailRange } from './source/ranges.ts';

/** What all partitions together may keep waiting, in bytes; what is on its way comes on top. */
const waitingBytes = 16 << 20;
const recordBytes = 200;
const leastBytes = 64 << 10;
const mostBytes = 256 << 10;
/** How long nothing may come before what waits is looked at again. */
const idleMs = 1_000;

/** How much may wait of one partition of so many: also the most to fetch of it at a time, in bytes. */
export function mergedPartitionBytes(partitions: number): number {
  return Math.min(mostBytes, Math.max(leastBytes, Math.floor(waitingBytes / partitions)));
}

/** The records of one partition that wait for older ones of others. */
interface Lane extends TopicPartition {
  readonly copies: RecordCopies;
  readonly records: RecordView[];
  /** The first that was not handed out. */
  next: number;
  bytes: number;
  fetchedTo: bigint;
  /** Up to this offset its records are waited for: what was there at the start. */
  readonly waitedTo: bigint;
}

/**
 * Within a partition the order of offsets stays. What was in the logs at the start comes in order; after that, records that come later
 * with an older timestamp can only be in order with what comes with them.
 */
export async function* mergedRecords(
  fetcher: RecordFetcher,
  ranges: readonly TailRange[],
  filter: RecordFilter,
): AsyncGenerator<FetchedRecords> {
  const lanes = new Map<string, Lane>();
  for (const { topic, partition, start, end, endOffset } of ranges) {
    const waitedTo = end === undefined || end > endOffset ? endOffset : end;
    lanes.set(partitionName({ topic, partition }), { ...newLane({ topic, partition }), fetchedTo: start, waitedTo });
  }
  const enough = mergedPartitionBytes(ranges.length);
  const parts = fetcher.parts();
  let coming: Promise<IteratorResult<FetchedPart>> | undefined;
  try {
    for (;;) {
      coming ??= parts.next();
      const result = await within(idleMs, coming);
      if (result) coming = undefined;
      if (result && !result.done) {
        const waiting = filter.prepare(result.value.records);
        if (waiting) await waiting;
        fill(lanes, result.value, filter);
        if (!result.value.isLastOfAnswer) continue;
      }
      const isWaited = (lane: Lane): boolean =>
        !result?.done && isBehind(lane) && !(result === undefined && fetcher.isIdle(lane));
      yield* inBatches(oldest([...lanes.values()], isWaited));
      if (result?.done) return;
      for (const lane of lanes.values()) fetcher.hold(lane, lane.bytes >= enough);
    }
  } finally {
    fetcher.stop();
    await parts.return(undefined);
  }
}

function newLane({ topic, partition }: TopicPartition): Lane {
  return { topic, partition, copies: new RecordCopies(), records: [], next: 0, bytes: 0, fetchedTo: 0n, waitedTo: 0n };
}

/** What a record takes while it waits, about, in bytes. */
function sizeOf({ keyStart, keyEnd, valueStart, valueEnd }: RecordView): number {
  return recordBytes + keyEnd - keyStart + valueEnd - valueStart;
}

function isEmpty(lane: Lane): boolean {
  return lane.next === lane.records.length;
}

function isBehind(lane: Lane): boolean {
  return isEmpty(lane) && lane.fetchedTo < lane.waitedTo;
}

function fill(lanes: Map<string, Lane>, part: FetchedPart, filter: RecordFilter): void {
  const name = partitionName(part);
  // A partition that appeared later.
  const lane = lanes.get(name) ?? newLane(part);
  lanes.set(name, lane);
  lane.fetchedTo = part.nextOffset;
  filter.apply(part.records).each((record) => {
    lane.records.push(lane.copies.copy(record));
    lane.bytes += sizeOf(record);
  });
}

/** Takes records out, the oldest first, until a lane is empty that is waited for. */
function oldest(lanes: readonly Lane[], isWaited: (lane: Lane) => boolean): readonly RecordView[] {
  if (lanes.some(isWaited)) return [];
  const taken: RecordView[] = [];
  const head = (lane: Lane): RecordView => lane.records[lane.next]!;
  const heads = new TinyQueue(
    lanes.filter((lane) => !isEmpty(lane)),
    (a, b) => byTime(head(a), head(b)),
  );
  for (let lane = heads.pop(); lane !== undefined; lane = heads.pop()) {
    const record = head(lane);
    taken.push(record);
    lane.next++;
    lane.bytes -= sizeOf(record);
    if (!isEmpty(lane)) heads.push(lane);
    else {
      lane.records.length = 0;
      lane.next = 0;
      if (isWaited(lane)) break;
    }
  }
  for (const lane of lanes) lane.records.splice(0, lane.next);
  for (const lane of lanes) lane.next = 0;
  return taken;
}

/** The result, or undefined when it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
