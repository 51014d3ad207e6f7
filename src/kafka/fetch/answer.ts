/** A broker's answer to Fetch: what it may hold, and the batches of records it gives. */
import { KtError } from '../../base/errors.ts';
import { splitBatches } from '../batch/header.ts';
import { corruptBatch } from '../batch/malformed.ts';
import type { RecordParts } from '../batch/reader.ts';
import type { FetchedRecords, TakeRun, Visit } from '../batch/record.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { type AbortedTransactions, decoded } from './decode.ts';
import type { FetchOptions } from './fetch.ts';
import type { PartitionFetchState } from './partition-state.ts';
import type { PartitionStates } from './partition-states.ts';

export type FetchAnswer = ResponseBodies['Fetch'];
export type PartitionAnswer = FetchAnswer['responses'][number]['partitions'][number];

type Sizes = Pick<FetchOptions, 'maxBatchBytes' | 'partBytes'>;

/** An answer is given in batches of at least this size: while one is decoded nothing is read off the socket, and brokers soon wait. */
const batchBytes = 1 << 20;

/**
 * Partitions that nobody asked for, or that come twice, were damaged on their way: their records may belong to any partition.
 * @throws KtError `connection`
 */
export function checkAsked(
  broker: number,
  answer: FetchAnswer,
  states: PartitionStates,
  wanted: readonly PartitionFetchState[],
): void {
  const asked = new Set(wanted);
  for (const response of answer.responses) {
    const topic = states.topicOf(response);
    for (const { partitionIndex: partition } of response.partitions) {
      const state = states.of({ topic, partition });
      if (state && asked.delete(state)) continue;
      throw new KtError(
        'connection',
        `the answer to Fetch from broker ${broker} cannot be read (${topic || response.topicId}:${partition} is not what was asked for)`,
        { code: 'CORRUPT_MESSAGE' },
      );
    }
  }
}

/** Where an answer lies: all of its records are views of one frame. */
export function memoryOf({ responses }: FetchAnswer): ArrayBufferLike | undefined {
  for (const { partitions } of responses) for (const { records } of partitions) if (records?.length) return records.buffer;
  return undefined;
}

/**
 * Moves a partition past the records that came for it, before any of them is visited, and gives them as batches.
 * @param abortedTransactions as the answer lists them; undefined to see their records too
 * @throws KtError `refused` for records that lie before the offset that was fetched from
 */
export async function takeRecords(
  state: PartitionFetchState,
  bytes: Buffer,
  abortedTransactions: AbortedTransactions,
  sizes: Sizes,
): Promise<readonly PendingRecords[]> {
  // Aborted transactions are listed for the whole answer, and markers in it end them.
  const pieces = abortedTransactions?.length ? [bytes] : splitBatches(bytes, batchBytes);
  const batches: PendingRecords[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (state.done) break;
    batches.push(await takePiece(state, piece, index > 0, abortedTransactions, sizes));
  }
  return batches;
}

async function takePiece(
  state: PartitionFetchState,
  bytes: Buffer,
  continues: boolean,
  abortedTransactions: AbortedTransactions,
  { maxBatchBytes, partBytes }: Sizes,
): Promise<PendingRecords> {
  const { topic, partition, offset: startOffset, end } = state;
  const { records, nextOffset } = await decoded({
    topic,
    partition,
    bytes,
    startOffset,
    continues,
    abortedTransactions,
    maxBatchBytes,
    partBytes,
  });
  // Bytes without a whole batch are passed on: visiting them reports what is wrong with them.
  if (nextOffset !== -1n && nextOffset <= startOffset) {
    throw corruptBatch(topic, partition, startOffset, `the records that came end before it, at ${nextOffset - 1n}`);
  }
  state.done = end !== undefined && end <= nextOffset;
  state.offset = state.done ? end! : nextOffset;
  return new PendingRecords(records.parts(), state.offset, state.done && end! < nextOffset);
}

/** Records of one partition out of an answer: given as one batch, or where they decompress to a lot as several, each going on behind the last. */
export class PendingRecords implements FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly #parts: RecordParts;
  readonly #records: FetchedRecords;
  readonly #end: bigint;

  /** @param end the offset behind all of these records, at which some that came may lie or beyond: those are left out */
  constructor(parts: RecordParts, end: bigint, cut: boolean) {
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.#parts = parts;
    this.#records = cut ? new RecordsBefore(end, parts) : parts;
    this.#end = end;
  }

  each(visit: Visit, take?: TakeRun): void {
    this.#records.each(visit, take);
  }

  /** Says that the visits so far were only a look. */
  looked(): void {
    this.#parts.looked();
  }

  /** Once they were visited: whether there are more than that. */
  get hasMore(): boolean {
    return this.#parts.hasMore;
  }

  /** The offset behind the records that were visited. */
  get nextOffset(): bigint {
    const { hasMore, nextOffset } = this.#parts;
    return hasMore && nextOffset < this.#end ? nextOffset : this.#end;
  }

  /** Moves on behind the records that were visited. Returns whether there are more. */
  advance(): boolean {
    return this.#parts.advance();
  }
}

/** The records before an end that lies within a batch. */
class RecordsBefore implements FetchedRecords {
  readonly topic: string;
  readonly #records: FetchedRecords;
  readonly #end: number;

  constructor(end: bigint, records: FetchedRecords) {
    this.topic = records.topic;
    this.#records = records;
    this.#end = Number(end);
  }

  each(visit: Visit): void {
    const end = this.#end;
    this.#records.each((record) => record.offset < end && visit(record));
  }
}
