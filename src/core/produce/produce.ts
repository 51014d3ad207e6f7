/** `produce`: pieces of input to partitions, with an account of every line. */
import { KtError, usageError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { type PartitionerName, partitioner } from '../../kafka/records/partitioner.ts';
import { type ProducerOptions, RecordProducer } from '../../kafka/records/producer.ts';
import { topicsNamed } from '../topics.ts';
import { emptyInputRecord, type ReadPiece } from './record-input.ts';
import { chunks, type OnPiece, splitter } from './split.ts';

export interface ProduceRequest {
  readonly topic: string;
  /** Between records of the input; empty: all of it is one record; undefined: each chunk of it is one. */
  readonly separator: Buffer | undefined;
  readonly read: ReadPiece;
  /** Every record's headers, encoded; the input's own win. */
  readonly headers: Buffer | undefined;
  /** Every record's partition; the input's own wins. */
  readonly partition: number | undefined;
  /** Every record's timestamp in epoch ms; undefined is the time of sending. */
  readonly timestamp: number | undefined;
  readonly partitioner: PartitionerName;
  readonly delivery: Pick<ProducerOptions, 'acks' | 'idempotent' | 'compression' | 'retries' | 'deliveryTimeoutMs'>;
}

/** One acknowledged record; `offset` is -1 with acks 0. */
export interface Delivery {
  readonly line: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface ProduceEvents {
  readonly signal: AbortSignal;
  /** Acknowledged records, a batch at a time; absent when nobody wants them one by one. */
  readonly onDeliveries: ((deliveries: readonly Delivery[]) => void) | undefined;
  /** A run of input lines that were not acknowledged. */
  readonly onFailed: (lines: readonly number[], error: KtError) => void;
  /** What is known of the lines when the signal ended the work: how far it came, what was written, what was not or is not known. */
  readonly onInterrupted: (account: string) => void;
}

export interface ProduceSummary {
  readonly delivered: number;
  readonly failed: number;
  readonly bytes: number;
  readonly partitions: number;
  readonly elapsedMs: number;
  /** What ended the input early: a line that cannot be read, an interruption. All lines before it were sent. */
  readonly stoppedBy: KtError | undefined;
}

/**
 * Sends the input; resolves when every line read is acknowledged or reported. Nothing after a broken line is read, everything before it is sent.
 * @throws KtError `refused` (an unknown topic or partition, no permission to write at all), `connection`
 */
export async function produceRecords(
  cluster: Cluster,
  request: ProduceRequest,
  input: AsyncIterable<Buffer>,
  events: ProduceEvents,
): Promise<ProduceSummary> {
  const startedAt = performance.now();
  const count = await partitionCount(cluster, request.topic);
  let delivered = 0;
  let failed = 0;
  let bytes = 0;
  const partitions = new Set<number>();
  const producer = await RecordProducer.open(cluster, {
    ...request.delivery,
    signal: events.signal,
    onDelivered(topic, partition, baseOffset, lines) {
      delivered += lines.length;
      partitions.add(partition);
      events.onDeliveries?.(
        lines.map((line, index) => ({ line, topic, partition, offset: baseOffset < 0n ? -1n : baseOffset + BigInt(index) })),
      );
    },
    onFailed(_topic, _partition, lines, error) {
      failed += lines.length;
      events.onFailed(lines, error);
    },
  });
  await producer.addTopic(request.topic);
  const choose = partitioner(request.partitioner, count);
  const record = emptyInputRecord();
  const fixedPartition = checkedPartition(request.partition, request.topic, count);
  const timestamp = request.timestamp;
  let now = Date.now();
  let lastLine = 0;
  const endedBy = (error: unknown): unknown => {
    const pending = pendingText(producer);
    if (events.signal.aborted) {
      const written = `${delivered} record${delivered === 1 ? '' : 's'} written`;
      events.onInterrupted(`interrupted after line ${lastLine} (${[written, ...pending].join('; ')})`);
      return error;
    }
    if (!(error instanceof KtError) || pending.length === 0) return error;
    const { kind, code, hint } = error;
    return new KtError(kind, `${error.message}; ${pending.join('; ')}`, { code, hint, cause: error });
  };

  const onPiece: OnPiece = (piece, start, end, line) => {
    lastLine = line;
    record.headers = request.headers;
    record.timestamp = timestamp ?? now;
    record.partition = fixedPartition;
    try {
      request.read(record, piece, start, end);
      if (record.partition !== fixedPartition)
        record.partition = checkedPartition(record.partition, request.topic, count) ?? fixedPartition;
    } catch (error) {
      throw error instanceof KtError
        ? new KtError(error.kind, `line ${line}: ${error.message}`, { hint: error.hint, cause: error })
        : error;
    }
    const partition = record.partition ?? choose.partitionOf(record.key, record.keyStart, record.keyEnd);
    bytes += record.keyEnd - record.keyStart + (record.valueEnd - record.valueStart);
    if (producer.append(request.topic, partition, record, line)) choose.batchSealed(partition);
  };
  const pieces = request.separator ? splitter(request.separator, onPiece) : chunks(onPiece);

  let stoppedBy: KtError | undefined;
  try {
    for await (const chunk of untilAborted(input, events.signal)) {
      now = Date.now();
      pieces.push(chunk);
      producer.nudge();
      await producer.room();
    }
    pieces.end();
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw endedBy(error);
    stoppedBy = error;
  }
  try {
    await producer.flush();
  } catch (error) {
    throw endedBy(error);
  }
  return { delivered, failed, bytes, partitions: partitions.size, elapsedMs: performance.now() - startedAt, stoppedBy };
}

async function partitionCount(cluster: Cluster, topic: string): Promise<number> {
  const partitions = (await topicsNamed(cluster, [topic])).get(topic);
  if (!partitions) throw usageError(`topic ${topic} (a pattern)`, 'records are written to one topic: give its name');
  return partitions.length;
}

/** The input, ended by the signal also while nothing comes. */
async function* untilAborted(input: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
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

/** What is known of the lines under way. */
function pendingText(producer: RecordProducer): readonly string[] {
  const { unsent, unknown } = producer.pendingLines();
  return [
    ...(unknown.length > 0 ? [`may have been written: ${linesText(unknown)}`] : []),
    ...(unsent.length > 0 ? [`not sent: ${linesText(unsent)}`] : []),
  ];
}

/** Input lines as ranges: `line 17`, `lines 3-5, 9`. */
export function linesText(lines: readonly number[]): string {
  const sorted = [...lines].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let index = 0; index < sorted.length; ) {
    let end = index;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    ranges.push(end === index ? `${sorted[index]}` : `${sorted[index]}-${sorted[end]}`);
    index = end + 1;
  }
  const shown = ranges.length > 8 ? [...ranges.slice(0, 8), `… (${sorted.length} in all)`] : ranges;
  return `line${sorted.length === 1 ? '' : 's'} ${shown.join(', ')}`;
}
