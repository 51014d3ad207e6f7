/** `produce`: sends the input to partitions, and accounts for every line. */
import { compileEagerly } from '../../base/compile-eagerly.ts';
import { KtError } from '../../base/errors.ts';
import type { LineMemory } from '../../kafka/batch/line-memory.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Turn } from '../../kafka/produce/partitioner.ts';
import { RecordProducer } from '../../kafka/produce/producer.ts';
import { Account } from './account.ts';
import { untilAborted } from './chunks.ts';
import { Pace } from './pace.ts';
import { PieceQueue } from './piece-queue.ts';
import { RecordReader } from './record-reader.ts';
import type { ProduceEvents, ProduceRequest, ProduceSummary } from './request.ts';
import { linesOfText, type OnPieces } from './split.ts';
import { abortedText, pendingText } from './wording.ts';

/** From so many bytes on lines are appended by a kernel; making it takes longer than what is saved before. */
const worthRunning = 16 << 10;

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
  // Records are read and gathered before much is answered.
  compileEagerly(request.lines !== undefined);
  const isTransactional = request.delivery.transactionalId !== undefined;
  const account = new Account(isTransactional, events);
  const { onDelivered, onFailed } = account;
  const refused = new AbortController();
  const signal = AbortSignal.any([events.signal, refused.signal]);
  const open = () => RecordProducer.open(cluster, { ...request.delivery, signal, onDelivered, onFailed });
  const finding = RecordReader.open(cluster, request);
  // Meanwhile an id is asked for: by itself it changes nothing for anybody.
  const opening = isTransactional ? undefined : open();
  opening?.catch(() => {});
  const reader = await finding.catch((error) => {
    refused.abort(error);
    throw error;
  });
  const producer = await (opening ?? open());
  await producer.addTopic(request.topic);
  reader.backlog = (topic, partition) => producer.backlog(topic, partition);
  const sending = new Sending(request, events, reader, producer, account);
  try {
    const stoppedBy = await sending.send(input);
    const aborted = await sending.finish(stoppedBy);
    const { delivered, failed, bytes, topics, partitions } = account;
    return { delivered, failed, aborted, bytes, topics, partitions, elapsedMs: performance.now() - startedAt, stoppedBy };
  } catch (error) {
    throw await sending.endedBy(error);
  }
}

/** One input on its way to the brokers. */
class Sending {
  readonly #request: ProduceRequest;
  readonly #events: ProduceEvents;
  readonly #reader: RecordReader;
  readonly #producer: RecordProducer;
  readonly #account: Account;
  readonly #isTransactional: boolean;
  readonly #pace: Pace | undefined;
  /** Where records may have to wait for each other; undefined where they are sent as they are cut. */
  readonly #queue: PieceQueue | undefined;
  #firstUncommitted = 1;
  /** Records since the last commit, where the queue counts them. */
  #uncommitted = 0;
  #lastLine = 0;

  constructor(
    request: ProduceRequest,
    events: ProduceEvents,
    reader: RecordReader,
    producer: RecordProducer,
    account: Account,
  ) {
    this.#request = request;
    this.#events = events;
    this.#reader = reader;
    this.#producer = producer;
    this.#account = account;
    this.#isTransactional = request.delivery.transactionalId !== undefined;
    const { recordsPerSecond, transactionSize, severalTopics } = request;
    this.#pace = recordsPerSecond === undefined ? undefined : new Pace(recordsPerSecond, events.signal);
    const isStepwise = this.#pace !== undefined || transactionSize !== undefined || severalTopics;
    this.#queue = isStepwise ? new PieceQueue(this.#append) : undefined;
  }

  /**
   * Sends the input, to its end or to a line that cannot be read.
   * @returns why that line cannot be read
   */
  async send(input: AsyncIterable<Buffer>): Promise<KtError | undefined> {
    const reader = this.#reader;
    const producer = this.#producer;
    const { signal, reports } = this.#events;
    const { split, lines } = this.#request;
    const turn = lines && !this.#queue ? reader.turn : undefined;
    const pieces = split(this.#queue?.add ?? this.#append, lines && turn && this.#appending(lines, turn));
    try {
      for await (const chunk of untilAborted(input, AbortSignal.any([signal, producer.ended]))) {
        reader.now = Date.now();
        await this.#cut(() => pieces.push(chunk));
        producer.nudge();
        await producer.room();
        await reports?.room(signal);
        if (this.#isLost) break;
      }
      if (!this.#isLost) await this.#cut(() => pieces.end());
      return undefined;
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
      return error;
    }
  }

  /**
   * Waits for what was sent, and commits it.
   * @returns what happened to a transaction that was aborted instead
   */
  async finish(stoppedBy: KtError | undefined): Promise<string | undefined> {
    if (!this.#isTransactional) {
      await this.#producer.flush();
      return undefined;
    }
    if (!stoppedBy) await this.#commit();
    return stoppedBy || this.#isLost ? this.#abort() : undefined;
  }

  /** The error to end with: with what is known of the lines, where nobody else is told. */
  async endedBy(error: unknown): Promise<unknown> {
    const { signal, onUnwritten, onInterrupted } = this.#events;
    const left = this.#producer.pending();
    const pending = this.#isTransactional ? [await this.#abort()] : pendingText(left);
    for (const records of left) onUnwritten?.(records);
    if (signal.aborted) {
      const { delivered } = this.#account;
      const written = `${delivered} record${delivered === 1 ? '' : 's'} written`;
      onInterrupted(`interrupted after line ${this.#lastLine} (${[written, ...pending].join('; ')})`);
      return error;
    }
    if (!(error instanceof KtError) || pending.length === 0) return error;
    const { kind, code, hint } = error;
    return new KtError(kind, `${error.message}; ${pending.join('; ')}`, { code, hint, cause: error });
  }

  /** Whether a record of the transaction was refused, so that it cannot be committed. */
  get #isLost(): boolean {
    return this.#isTransactional && this.#account.failed > 0;
  }

  /** Reads a piece and gives it to the producer; or returns what to wait for first, which only happens where there is a queue. */
  readonly #append = (piece: Buffer, start: number, end: number, line: number): Promise<void> | undefined => {
    const reader = this.#reader;
    const learning = reader.read(piece, start, end, line);
    if (learning) {
      const { topic } = reader.record;
      return learning.then(() => this.#producer.addTopic(topic!));
    }
    this.#producer.append(reader.destination.topic, reader.partition, reader.record, line);
    this.#lastLine = line;
    return undefined;
  };

  /** Gives whole lines to the producer, many at once. */
  #appending(lines: LineMemory, turn: Turn): OnPieces {
    const { mayEndInCrLf } = linesOfText;
    return (chunk, start, number) => {
      const { topic } = this.#request;
      if (chunk.length - start < worthRunning) return { start, count: 0 };
      const run = lines.run(chunk, start, this.#reader.timestamp, mayEndInCrLf);
      const first = run.at;
      let count = 0;
      for (;;) {
        const partition = turn.partition(chunk.length);
        run.left = turn.left;
        const added = this.#producer.appendLines(topic, partition, lines, run, number + count);
        turn.left = run.left;
        count += added;
        if (added === 0 || turn.left >= 0) break;
      }
      if (count > 0) this.#lastLine = number + count - 1;
      return { start: start + run.at - first, count };
    };
  }

  /** Cuts records off the input and sends them, also those before a place where it cannot be cut. */
  async #cut(step: () => void): Promise<void> {
    try {
      step();
    } finally {
      await this.#drain();
    }
  }

  /** Sends what the queue holds, each record in its turn. */
  async #drain(): Promise<void> {
    const queue = this.#queue;
    const { transactionSize = Number.POSITIVE_INFINITY } = this.#request;
    while (queue && !queue.isEmpty) {
      if (this.#pace?.isEarly) await this.#turn(this.#pace);
      const waiting = queue.next();
      if (waiting) {
        await waiting;
        continue;
      }
      this.#pace?.took();
      if (++this.#uncommitted < transactionSize) continue;
      await this.#commit();
      if (this.#account.failed > 0) return;
    }
  }

  async #turn(pace: Pace): Promise<void> {
    this.#producer.nudge();
    await this.#producer.room();
    await pace.turn();
    this.#reader.now = Date.now();
  }

  async #commit(): Promise<void> {
    if (!(await this.#producer.commit())) return;
    this.#account.committed();
    this.#firstUncommitted = this.#lastLine + 1;
    this.#uncommitted = 0;
  }

  async #abort(): Promise<string> {
    return abortedText(await this.#producer.abort(), this.#firstUncommitted, this.#lastLine);
  }
}
