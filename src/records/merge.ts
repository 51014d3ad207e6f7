/** `tail --merge`: the records of all partitions in the order of their timestamps, as far as fetched. */
import TinyQueue from 'tinyqueue';
import { within } from '../base/pause.ts';
import type { NextOffset, RecordBatch, RecordView } from '../kafka/batch/record.ts';
import type { TopicPartition } from '../kafka/cluster.ts';
import type { FetchedBatch } from '../kafka/fetch/fetch.ts';
import type { RecordFetcher } from '../kafka/fetch/fetcher.ts';
import { partitionName } from '../kafka/routing.ts';
import { byRunsOfTopic, byTime, type CopiedRecord, RecordCopies } from './copied-record.ts';
import { HeldBytes } from './held-bytes.ts';
import type { ReadRange } from './source/ranges.ts';

/** What all partitions together may keep waiting, in bytes; what is on its way comes on top. */
const waitingBytes = 16 << 20;
const recordBytes = 200;
const leastBytes = 64 << 10;
const mostBytes = 256 << 10;
/** How long nothing may come before the waiting records are looked at again. */
const idleMs = 1_000;

/** How much of one partition may wait when there are so many of them: also the most to fetch of it at a time, in bytes. */
export function mergedPartitionBytes(partitions: number): number {
  return Math.min(mostBytes, Math.max(leastBytes, Math.floor(waitingBytes / partitions)));
}

/** The records of one partition that wait for older ones of others. */
interface RecordQueue extends TopicPartition {
  readonly copies: RecordCopies;
  readonly records: CopiedRecord[];
  /** Index of the first record that was not handed out. */
  next: number;
  bytes: number;
  fetchedTo: bigint;
  /** The offset up to which everything was handed out or filtered, as last told to the sink. */
  passedTo: bigint;
  /** Records below this offset are waited for: they were there at the start. */
  readonly waitedTo: bigint;
}

/**
 * Keeps the order of offsets within a partition. Records that were in the logs at the start come in order of time; later ones
 * can only be in order with those that arrive with them.
 */
export async function* mergedRecords(
  fetcher: RecordFetcher,
  ranges: readonly ReadRange[],
  maxBatchBytes: number | undefined,
): AsyncGenerator<RecordBatch> {
  const held = new HeldBytes('--merge', maxBatchBytes);
  const queues = new Map<string, RecordQueue>();
  for (const range of ranges) queues.set(partitionName(range), queueOf(range, held));
  const enough = mergedPartitionBytes(ranges.length);
  const batches = fetcher.batches();
  let coming: Promise<IteratorResult<FetchedBatch>> | undefined;
  try {
    for (;;) {
      coming ??= batches.next();
      const result = await within(idleMs, coming);
      if (result) coming = undefined;
      if (result && !result.done) {
        fill(queues, result.value, held);
        if (!result.value.isLastOfAnswer && held.held < waitingBytes) continue;
      }
      const isWaited = (queue: RecordQueue): boolean =>
        !result?.done && isBehind(queue) && !(result === undefined && fetcher.isIdle(queue));
      const taken = oldest([...queues.values()], isWaited);
      yield* batchesOf(taken, queues);
      held.drop(taken);
      if (result?.done) return;
      for (const queue of queues.values()) fetcher.hold(queue, queue.bytes >= enough);
    }
  } finally {
    fetcher.stop();
    await batches.return(undefined);
  }
}

/** What was taken out of the queues, as batches; the last one says how far each partition has come, also past filtered records. */
function* batchesOf(taken: readonly RecordView[], queues: ReadonlyMap<string, RecordQueue>): Generator<RecordBatch> {
  const runs = byRunsOfTopic(taken);
  const last = runs.at(-1);
  for (const run of runs) if (run !== last) yield { ...run, passed: nextOffsets(run.records) };
  const passed = newlyPassed(queues.values());
  if (last) yield { ...last, passed };
  else if (passed.length > 0) yield { topic: passed[0]!.topic, each: () => {}, passed };
}

/** Behind the last record of each partition. */
function nextOffsets(records: readonly RecordView[]): readonly NextOffset[] {
  const last = new Map(records.map((record) => [record.partition, record]));
  return [...last.values()].map((record) => ({
    topic: record.topic,
    partition: record.partition,
    nextOffset: record.exactOffset() + 1n,
  }));
}

function newlyPassed(queues: Iterable<RecordQueue>): readonly NextOffset[] {
  const passed: NextOffset[] = [];
  for (const queue of queues) {
    const { topic, partition } = queue;
    const nextOffset = isEmpty(queue) ? queue.fetchedTo : headOf(queue).exactOffset();
    if (nextOffset === queue.passedTo) continue;
    queue.passedTo = nextOffset;
    passed.push({ topic, partition, nextOffset });
  }
  return passed;
}

function queueOf({ topic, partition, start, end, endOffset }: ReadRange, held: HeldBytes): RecordQueue {
  const waitedTo = end === undefined || end > endOffset ? endOffset : end;
  const copies = new RecordCopies(held);
  return { topic, partition, copies, records: [], next: 0, bytes: 0, fetchedTo: start, passedTo: start, waitedTo };
}

/** Roughly what a record takes while it waits, in bytes. */
function sizeOf({ keyStart, keyEnd, valueStart, valueEnd }: RecordView): number {
  return recordBytes + keyEnd - keyStart + valueEnd - valueStart;
}

function isEmpty(queue: RecordQueue): boolean {
  return queue.next === queue.records.length;
}

function headOf(queue: RecordQueue): CopiedRecord {
  return queue.records[queue.next]!;
}

function isBehind(queue: RecordQueue): boolean {
  return isEmpty(queue) && queue.fetchedTo < queue.waitedTo;
}

function fill(queues: Map<string, RecordQueue>, batch: FetchedBatch, held: HeldBytes): void {
  const { topic, partition } = batch;
  const name = partitionName(batch);
  // A partition that appeared later is read from its beginning, and nothing of it is waited for.
  const queue = queues.get(name) ?? queueOf({ topic, partition, start: 0n, end: 0n, endOffset: 0n }, held);
  queues.set(name, queue);
  batch.each((record) => {
    queue.records.push(queue.copies.copy(record));
    queue.bytes += sizeOf(record);
  });
  queue.fetchedTo = batch.nextOffset;
}

/** Takes records out, the oldest first, until a queue is empty that is waited for. */
function oldest(queues: readonly RecordQueue[], isWaited: (queue: RecordQueue) => boolean): readonly CopiedRecord[] {
  if (queues.some(isWaited)) return [];
  const taken: CopiedRecord[] = [];
  const byHead = new TinyQueue(
    queues.filter((queue) => !isEmpty(queue)),
    (a, b) => byTime(headOf(a), headOf(b)),
  );
  for (let queue = byHead.pop(); queue !== undefined; queue = byHead.pop()) {
    const record = headOf(queue);
    taken.push(record);
    queue.next++;
    queue.bytes -= sizeOf(record);
    if (!isEmpty(queue)) byHead.push(queue);
    else {
      queue.records.length = 0;
      queue.next = 0;
      if (isWaited(queue)) break;
    }
  }
  for (const queue of queues) {
    queue.records.splice(0, queue.next);
    queue.next = 0;
  }
  return taken;
}
