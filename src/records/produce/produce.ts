/** `produce`: pieces of input to partitions, with an account of every line. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Unwritten } from '../../kafka/produce/options.ts';
import { RecordProducer } from '../../kafka/produce/producer.ts';
import { Pace } from './pace.ts';
import { PieceQueue } from './piece-queue.ts';
import { NewTopic, RecordReader, untilAborted } from './record-reader.ts';
import type { DeliveredBatch, Reports } from './reports.ts';
import type { ProduceRequest } from './request.ts';
import type { OnPiece } from './split.ts';

export interface ProduceEvents {
  readonly signal: AbortSignal;
  /** Takes the acknowledged records, where somebody wants them one by one. */
  readonly reports: Reports | undefined;
  /** Told how many records were acknowledged, bytes of keys and values, and how many ms after the first of them was read. */
  readonly onAcknowledged?: ((records: number, bytes: number, latencyMs: number) => void) | undefined;
  /** A run of input lines that were not acknowledged. */
  readonly onFailed: (lines: readonly number[], error: KtError) => void;
  /** Every record that was taken from the input and not acknowledged, whatever the reason; absent when nobody keeps them. */
  readonly onUnwritten: ((records: Unwritten) => void) | undefined;
  /** What is known of the lines when the signal ended the work: how far it came, what was written, what was not or is not known. */
  readonly onInterrupted: (account: string) => void;
}

export interface ProduceSummary {
  /** Acknowledged; with transactions: committed. */
  readonly delivered: number;
  readonly failed: number;
  /** What became of a transaction that was not committed, and of its lines. */
  readonly aborted: string | undefined;
  /** Of their keys and values. */
  readonly bytes: number;
  readonly topics: number;
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
  const reader = await RecordReader.open(cluster, request);
  let delivered = 0;
  let failed = 0;
  let bytes = 0;
  /** Acknowledged in the open transaction: written once that is committed. */
  let uncommitted = 0;
  let uncommittedBytes = 0;
  const held: DeliveredBatch[] = [];
  let firstUncommitted = 1;
  let lastLine = 0;
  const isTransactional = request.delivery.transactionalId !== undefined;
  const topics = new Set<string>();
  const partitions = new Set<string>();
  const producer = await RecordProducer.open(cluster, {
    ...request.delivery,
    signal: events.signal,
    onDelivered({ topic, partition, baseOffset, lines, payload, openedAt }) {
      topics.add(topic);
      partitions.add(`${topic}-${partition}`);
      events.onAcknowledged?.(lines.length, payload, performance.now() - openedAt);
      if (isTransactional) {
        uncommitted += lines.length;
        uncommittedBytes += payload;
      } else {
        delivered += lines.length;
        bytes += payload;
      }
      if (!events.reports) return;
      const batch = { topic, partition, baseOffset, lines };
      if (isTransactional) held.push(batch);
      else events.reports.add(batch);
    },
    onFailed(records, error) {
      failed += records.lines.length;
      events.onFailed(records.lines, error);
      events.onUnwritten?.(records);
    },
  });
  await producer.addTopic(request.topic);
  const endedBy = async (error: unknown): Promise<unknown> => {
    const left = producer.pending();
    const pending = isTransactional ? [await abortedText(producer, firstUncommitted, lastLine)] : pendingText(left);
    for (const records of left) events.onUnwritten?.(records);
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
    const { record } = reader;
    const partition = reader.read(piece, start, end, line);
    const { topic, choose } = reader.destination;
    if (producer.append(topic, partition, record, line)) choose.batchSealed(partition);
    lastLine = line;
  };
  const commit = async (): Promise<void> => {
    if (!(await producer.commit())) return;
    delivered += uncommitted;
    bytes += uncommittedBytes;
    uncommitted = 0;
    uncommittedBytes = 0;
    firstUncommitted = lastLine + 1;
    for (const batch of held.splice(0)) events.reports?.add(batch);
  };
  const { transactionSize = Number.POSITIVE_INFINITY, recordsPerSecond } = request;
  const pace = recordsPerSecond === undefined ? undefined : new Pace(recordsPerSecond, events.signal);
  const isStepwise = request.transactionSize !== undefined || pace !== undefined || request.severalTopics;
  const queue = isStepwise ? new PieceQueue(onPiece) : undefined;
  const take = queue?.add ?? onPiece;
  const pieces = request.split(take);
  const drain = async (): Promise<void> => {
    while (queue && !queue.isEmpty) {
      if (pace?.isEarly) {
        producer.nudge();
        await producer.room();
        await pace.turn();
        reader.now = Date.now();
      }
      try {
        queue.next();
      } catch (error) {
        if (!(error instanceof NewTopic)) throw error;
        await reader.learn(error);
        await producer.addTopic(error.topic);
        continue;
      }
      pace?.took();
      if (lastLine - firstUncommitted + 1 < transactionSize) continue;
      await commit();
      if (failed > 0) return;
    }
  };

  let stoppedBy: KtError | undefined;
  try {
    for await (const chunk of untilAborted(input, events.signal)) {
      reader.now = Date.now();
      pieces.push(chunk);
      await drain();
      producer.nudge();
      await producer.room();
      await events.reports?.room(events.signal);
      if (isTransactional && failed > 0) break;
    }
    pieces.end();
    if (!isTransactional || failed === 0) await drain();
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw await endedBy(error);
    stoppedBy = error;
  }
  let aborted: string | undefined;
  try {
    if (!isTransactional) await producer.flush();
    else if (!stoppedBy) await commit();
    if (isTransactional && (stoppedBy || failed > 0)) aborted = await abortedText(producer, firstUncommitted, lastLine);
  } catch (error) {
    throw await endedBy(error);
  }
  const elapsedMs = performance.now() - startedAt;
  return { delivered, failed, aborted, bytes, topics: topics.size, partitions: partitions.size, elapsedMs, stoppedBy };
}

/** Aborts the transaction, and says what that means for the lines since the last commit. */
async function abortedText(producer: RecordProducer, first: number, last: number): Promise<string> {
  const lines = last < first ? 'nothing' : first === last ? `line ${first}` : `lines ${first}-${last}`;
  switch (await producer.abort()) {
    case 'unknown':
      return `no answer to the commit: ${lines} may have been written, all or none`;
    case 'open':
      return `transaction not committed: ${lines} not written; no coordinator took the abort, the brokers abort it in time`;
    default:
      return last < first ? 'no transaction was open' : `transaction aborted: ${lines} not written`;
  }
}

/** What is known of the lines under way. */
function pendingText(left: readonly Unwritten[]): readonly string[] {
  const unsent = left.filter(({ maybeWritten }) => !maybeWritten).flatMap(({ lines }) => lines);
  const unknown = left.filter(({ maybeWritten }) => maybeWritten).flatMap(({ lines }) => lines);
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
