/** `tail --last N`: the newest records of all partitions together, in time order; within a partition the highest offsets are the newest. */
import TinyQueue from 'tinyqueue';
import type { RecordBatch, RecordView } from '../kafka/batch/record.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { BoundedRange, FetchOptions } from '../kafka/fetch/fetch.ts';
import { partitionName } from '../kafka/routing.ts';
import { byRunsOfTopic, byTime, type CopiedRecord, RecordCopies } from './copied-record.ts';
import { HeldBytes } from './held-bytes.ts';
import { lookForRecords } from './look.ts';

const look = { direction: 'back', leastOffsets: 100, growth: 4 } as const;
/** Records from this size on are large. */
const largeBytes = 64 << 10;
/** How much more each further look at a partition asks for. */
const growth = 4;

/**
 * Takes records off the ends of the partitions, each time the one with the latest timestamp, and looks further back where an end is used up.
 * @param ranges whole partitions
 */
export async function* lastRecords(
  cluster: Cluster,
  ranges: readonly BoundedRange[],
  count: number,
  options: FetchOptions,
): AsyncGenerator<RecordBatch> {
  if (count === 0 || ranges.length === 0) return;
  const held = new HeldBytes(`--last ${count}`, options.maxBatchBytes);
  const ends = ranges.map((range) => new LogEnd(range, held));
  const taken: CopiedRecord[] = [];
  // Twice an even share: most topics then need one look.
  for (let wanted = Math.ceil((2 * count) / ranges.length); ; wanted *= growth) {
    const lacking = Math.min(wanted, count - taken.length);
    await lookBack(cluster, ends, lacking, count - taken.length, options);
    if (takeNewest(ends, count, taken)) break;
  }
  // Each partition keeps its own order, so none is passed before the last record.
  for (const run of byRunsOfTopic(taken.toReversed())) yield { ...run, passed: [] };
  const passed = ranges.map(({ topic, partition, end }) => ({ topic, partition, nextOffset: end }));
  yield { topic: ranges[0]!.topic, each: () => {}, passed };
}

/** Refills the ends that hold less than half of what is wanted. @param most more than this is never taken from one partition */
async function lookBack(cluster: Cluster, ends: readonly LogEnd[], wanted: number, most: number, options: FetchOptions) {
  const low = new Map<string, LogEnd>();
  for (const end of ends) if (end.unread && end.length * 2 < wanted) low.set(partitionName(end.unread), end);
  const unread = [...low.values()].map((end) => end.unread!);
  const left = await lookForRecords(cluster, unread, { ...look, count: wanted }, options, (record, name) =>
    low.get(name)!.add(record, most),
  );
  for (const end of low.values()) end.unread = undefined;
  for (const range of left) low.get(partitionName(range))!.unread = range;
}

/**
 * Moves the newest records to `taken`, the very newest first.
 * @returns whether that is all: otherwise a partition has to be looked at further back
 */
function takeNewest(ends: readonly LogEnd[], count: number, taken: CopiedRecord[]): boolean {
  if (ends.some(isUsedUp)) return false;
  const newest = new TinyQueue(
    ends.filter((end) => end.length > 0),
    (a, b) => byTime(b.last, a.last),
  );
  while (taken.length < count) {
    const end = newest.pop();
    if (end === undefined) return true;
    taken.push(end.take());
    if (end.length > 0) newest.push(end);
    else if (end.unread) return taken.length === count;
  }
  return true;
}

/** Whether its next record is not known yet. */
function isUsedUp({ length, unread }: LogEnd): boolean {
  return length === 0 && unread !== undefined;
}

/** What was read of the end of a partition, and not taken yet. */
class LogEnd {
  /** What is still to be read, before the records here; undefined when nothing is. */
  unread: BoundedRange | undefined;
  length = 0;
  readonly #held: HeldBytes;
  readonly #copies: RecordCopies;
  /** Each step further back is a list of its own, in the order of offsets; the newest step comes first, and none is empty. */
  readonly #steps: CopiedRecord[][] = [];

  constructor(range: BoundedRange, held: HeldBytes) {
    this.#held = held;
    this.#copies = new RecordCopies(held);
    this.unread = range.start < range.end ? range : undefined;
  }

  get last(): RecordView {
    return this.#steps[0]!.at(-1)!;
  }

  /** @param most how many records to hold: of more, the oldest go */
  add(record: RecordView, most: number): void {
    let step = this.#steps.at(-1);
    if (step === undefined || record.offset < step.at(-1)!.offset) {
      step = [];
      this.#steps.push(step);
    }
    // Small ones go many at a time; of large ones there must never be one too many.
    const isLarge = record.valueEnd - record.valueStart >= largeBytes;
    const spare = step.length >= 2 * most || (isLarge && step.length >= most) ? step.length - most + 1 : 0;
    if (spare > 0) this.#held.drop(step.splice(0, spare));
    step.push(this.#copies.copy(record));
    this.length += 1 - spare;
  }

  take(): CopiedRecord {
    const step = this.#steps[0]!;
    const record = step.pop()!;
    this.length--;
    if (step.length === 0) this.#steps.shift();
    return record;
  }
}
