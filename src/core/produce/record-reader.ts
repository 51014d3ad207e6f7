/** From the input to records with a partition: what a producer and a dry run have in common. */
import { KtError, usageError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Partitioner } from '../../kafka/records/partitioner.ts';
import { topicsNamed } from '../topics.ts';
import type { ProduceRequest } from './produce.ts';
import { emptyInputRecord } from './record-input.ts';

export class RecordReader {
  /** The record read last. */
  readonly record = emptyInputRecord();
  /** Epoch ms: the timestamp of records that have none of their own. */
  now = Date.now();
  readonly #request: ProduceRequest;
  readonly #count: number;
  readonly #choose: Partitioner;
  readonly #partition: number | undefined;

  /** @throws KtError `usage` when the topic has no such partition as the request names */
  constructor(request: ProduceRequest, count: number, choose: Partitioner) {
    this.#request = request;
    this.#count = count;
    this.#choose = choose;
    this.#partition = checkedPartition(request.partition, request.topic, count);
  }

  /** Reads a piece of the input into `record`; returns its partition. @throws KtError `usage` naming the line and what is wrong with it */
  read(piece: Buffer, start: number, end: number, line: number): number {
    const request = this.#request;
    const { record } = this;
    record.headers = request.headers;
    record.timestamp = request.timestamp ?? this.now;
    record.partition = this.#partition;
    try {
      request.read(record, piece, start, end);
      if (record.partition !== this.#partition)
        record.partition = checkedPartition(record.partition, request.topic, this.#count) ?? this.#partition;
    } catch (error) {
      throw error instanceof KtError
        ? new KtError(error.kind, `line ${line}: ${error.message}`, { hint: error.hint, cause: error })
        : error;
    }
    return record.partition ?? this.#choose.partitionOf(record.key, record.keyStart, record.keyEnd);
  }
}

/** How many partitions the topic has. @throws KtError `refused` for an unknown topic, `usage` for a pattern */
export async function partitionCount(cluster: Cluster, topic: string): Promise<number> {
  const partitions = (await topicsNamed(cluster, [topic])).get(topic);
  if (!partitions) throw usageError(`topic ${topic} (a pattern)`, 'records are written to one topic: give its name');
  return partitions.length;
}

/** The input, ended by the signal also while nothing comes. */
export async function* untilAborted(input: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const reader = input[Symbol.asyncIterator]();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([reader.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    stop();
  }
}

function checkedPartition(partition: number | undefined, topic: string, count: number): number | undefined {
  if (partition !== undefined && (partition < 0 || partition >= count)) {
    throw usageError(`partition ${partition} (${topic} has ${count})`, `partitions of ${topic} go from 0 to ${count - 1}`);
  }
  return partition;
}
