/** The sink of a pipe: writes what was read, keeps what fails, and knows when all of it is safe. */
import type { KtError } from '../../base/errors.ts';
import type { RecordBatch, RecordView } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Unwritten } from '../../kafka/produce/options.ts';
import { RecordProducer } from '../../kafka/produce/producer.ts';
import { RecordCopies } from '../copied-record.ts';
import { HeldBytes } from '../held-bytes.ts';
import { Pace } from '../produce/pace.ts';
import type { RecordSource } from '../source/record-source.ts';
import type { PipeAccount } from './account.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Destinations } from './destinations.ts';
import { mayPass, refusesRecord, stoppedAt } from './failures.ts';
import { type Origin, Origins } from './origins.ts';
import { Refusals } from './refusals.ts';
import type { PipeRequest } from './request.ts';
import type { Route } from './route.ts';

export interface SinkOptions {
  /** The cluster that is written to. */
  readonly cluster: Cluster;
  readonly request: PipeRequest;
  readonly route: Route;
  readonly destinations: Destinations;
  readonly account: PipeAccount;
  /** Records are written in transactions of this producer; undefined without transactions. */
  readonly transactionalId: string | undefined;
  /** Whether the pipe lives through outages, having no end. */
  readonly outlives: boolean;
  /** Ends the producer. */
  readonly signal: AbortSignal;
}

/** As in Kafka Streams: so long a killed process keeps its successor, and readers of committed records, waiting. */
const transactionTimeoutMs = 10_000;
/** Runs of records whose origin is kept, at most. */
const mostOrigins = 200_000;

export class PipeSink {
  /** Whether the open transaction can only be aborted. */
  isLost = false;
  /** Whether a transaction was aborted, whose records come again. */
  wasUndone = false;
  readonly #options: SinkOptions;
  readonly #ending = new AbortController();
  readonly #origins = new Origins();
  readonly #deadLetters: DeadLetters | undefined;
  readonly #pace: Pace | undefined;
  readonly #refusals = new Refusals();
  #producer!: RecordProducer;
  /** Which producer's answers count. */
  #era = 0;
  #line = 0;
  #deadLettersSent = 0;
  /** Why the pipe ends at a record. */
  #stop: KtError | undefined;

  private constructor(options: SinkOptions, deadLetters: DeadLetters | undefined) {
    this.#options = options;
    this.#deadLetters = deadLetters;
    const { request, destinations, signal } = options;
    const { recordsPerSecond } = request;
    this.#pace = recordsPerSecond === undefined ? undefined : new Pace(recordsPerSecond, signal);
    destinations.backlog = (topic, partition) => this.#producer.backlog(topic, partition);
    destinations.opened = (topic) => this.#producer.addTopic(topic);
  }

  /** @throws KtError `refused` for an unknown topic and without permission; `connection` */
  static async open(options: SinkOptions): Promise<PipeSink> {
    const { cluster, request, destinations } = options;
    const deadLetters = request.deadLetter === undefined ? undefined : await DeadLetters.open(cluster, request.deadLetter);
    await destinations.open();
    const sink = new PipeSink(options, deadLetters);
    await sink.#openProducer();
    return sink;
  }

  get account(): PipeAccount {
    return this.#options.account;
  }

  /** Aborted, with the reason, when something that was read cannot be written. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** The producer whose transaction holds what was written last. */
  get producer(): RecordProducer {
    return this.#producer;
  }

  /** How long the next record waits for its turn, in ms. */
  get waitMs(): number {
    return this.#pace?.leftMs ?? 0;
  }

  /** Writes a batch's records; resolves when there is room for more. @throws KtError why the pipe ends: at one of them, or for good */
  async write(batch: RecordBatch, source: RecordSource): Promise<void> {
    this.ended.throwIfAborted();
    if (this.isLost) return;
    if (this.#pace?.isEarly) {
      this.#producer.nudge();
      await this.#pace.turn();
    }
    const { filter } = this.#options.request.read;
    const skippedBefore = filter.skipped;
    let wanted = 0;
    await this.#options.route.each(batch, (record, failure) => {
      wanted++;
      return this.#take(record, failure, source);
    });
    const skipped = filter.skipped - skippedBefore;
    this.account.add('skipped', skipped);
    this.account.add('read', wanted + skipped);
    if (this.#stop) throw this.#stop;
    this.#producer.nudge();
    await this.#room();
  }

  /** Resolves when everything is acknowledged, or kept in the dead-letter topic. @throws KtError what was not, and what ended the producer */
  async flush(): Promise<void> {
    for (let before = -1; before !== this.#deadLettersSent; ) {
      before = this.#deadLettersSent;
      await this.#producer.flush();
    }
    this.ended.throwIfAborted();
    this.#origins.clear();
  }

  /** Commits the open transaction. False when something of it was refused. @throws KtError what ended the producer */
  async commit(): Promise<boolean> {
    if (!(await this.#producer.commit())) return false;
    this.account.committed();
    this.#refusals.committed();
    this.#origins.clear();
    return true;
  }

  /** Takes back what was written since the last commit. @returns whether the producer can go on */
  async abort(): Promise<boolean> {
    this.isLost = true;
    this.wasUndone = true;
    const state = await this.#producer.abort();
    this.account.undone();
    this.#refusals.undone();
    this.#origins.clear();
    return state === 'empty';
  }

  /** As `abort`, to go on: with a new producer where the old one cannot. @throws KtError `refused`, `connection` */
  async undo(): Promise<void> {
    const goesOn = await this.abort();
    if (this.#options.signal.aborted) return;
    if (!goesOn) await this.#openProducer();
    this.isLost = false;
  }

  async #openProducer(): Promise<void> {
    const { cluster, request, transactionalId, signal, destinations } = this.#options;
    const era = ++this.#era;
    this.#producer = await RecordProducer.open(cluster, {
      ...request.delivery,
      retries: Number.POSITIVE_INFINITY,
      signal,
      closing: true,
      ...(transactionalId !== undefined && { transactionalId, transactionTimeoutMs }),
      onDelivered: ({ topic, lines }) => {
        if (era === this.#era) this.account.add(topic === this.#deadLetters?.topic ? 'deadLettered' : 'written', lines.length);
      },
      onFailed: (records, error) => {
        if (era === this.#era) this.#onFailed(records, error);
      },
    });
    for (const topic of destinations.topics) await this.#producer.addTopic(topic);
    if (this.#deadLetters) await this.#producer.addTopic(this.#deadLetters.topic);
    if (transactionalId !== undefined) return;
    const { ended } = this.#producer;
    ended.addEventListener('abort', () => this.#ending.abort(ended.reason), { once: true });
  }

  #take(record: RecordView, failed: unknown, source: RecordSource): boolean {
    const known = this.#refusals.of(record);
    if (failed === undefined && known === undefined) {
      const { topic, partition, bytes } = this.#options.route;
      this.#origins.add(record, ++this.#line);
      this.#producer.append(topic, partition, bytes, this.#line);
      this.#pace?.took();
      return true;
    }
    const why = known ?? (failed as Error).message;
    if (this.#deadLetters) {
      this.#keep(this.#deadLetters, record, record, why);
      return true;
    }
    this.account.add('failed', 1);
    this.#stop = stoppedAt(record, why);
    source.handledBefore(record);
    return false;
  }

  #keep(deadLetters: DeadLetters, record: RecordView, origin: Origin, why: string): void {
    this.#origins.add(origin, ++this.#line);
    deadLetters.keep(this.#producer, record, origin, why, this.#line);
    this.#deadLettersSent++;
  }

  /** Waits until the brokers have taken enough. */
  async #room(): Promise<void> {
    try {
      await this.#producer.room();
      if (this.#origins.size > mostOrigins) await this.flush();
    } catch (error) {
      const { transactionalId, outlives } = this.#options;
      if (transactionalId === undefined || !mayPass(error, outlives)) throw error;
      this.isLost = true;
    }
  }

  #onFailed(records: Unwritten, error: KtError): void {
    const { transactionalId, outlives, signal } = this.#options;
    if (signal.aborted) return;
    const isKept = this.#deadLetters !== undefined && records.topic !== this.#deadLetters.topic && refusesRecord(error);
    if (transactionalId !== undefined) {
      this.isLost = true;
      if (refusesRecord(error) && records.topic !== this.#deadLetters?.topic) {
        for (const line of records.lines) this.#refusals.add(this.#origins.of(line), error.message);
      } else if (!mayPass(error, outlives)) this.#endAt(records, error);
    } else if (isKept) this.#keepLater(records, error);
    else this.#endAt(records, error);
  }

  #endAt({ lines }: Unwritten, error: KtError): void {
    this.account.add('failed', lines.length);
    this.#ending.abort(stoppedAt(this.#origins.of(lines[0]!), error.message, error));
  }

  /** Not at once: the producer is in the middle of an answer. */
  #keepLater(records: Unwritten, error: KtError): void {
    const copies = new RecordCopies(new HeldBytes('--dead-letter', this.#options.request.read.maxBatchBytes));
    const kept: { record: RecordView; origin: Origin }[] = [];
    records.each((record) => {
      kept.push({ record: copies.copy(record), origin: this.#origins.of(records.lines[kept.length]!) });
    });
    queueMicrotask(() => {
      for (const { record, origin } of kept) this.#keep(this.#deadLetters!, record, origin, error.message);
      this.#producer.nudge();
    });
  }
}
