/** Sends sealed batches to the leaders of their partitions, and sends them again where that is safe (Kafka's Sender). */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { BatchWriter } from '../batch/writer.ts';
import type { Cluster } from '../cluster.ts';
import { newProducerId, noProducer } from '../transactions/producer-id.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import type { RecordAccumulator } from './accumulator.ts';
import type { Batch, Outcome, PartitionDelivery } from './delivery.ts';
import { findLeaders } from './leaders.ts';
import type { ProducerOptions } from './options.ts';
import type { ProducerProgress } from './progress.ts';
import { answersByPartition, answerTo, isGap, judge, requestProduce } from './request.ts';
import { type BadRecords, held, isDivisible, mayBeWritten, partsOf, unwritten } from './sealed-batch.ts';

const requestsInFlight = 5;
/** While one is under way, and records are still being gathered, the next waits for so many bytes: it costs each end as much as 100 kB do. */
const worthRequest = 768 << 10;
/** How long an abort waits for requests in flight: a batch that arrived after the abort would hang on brokers before KIP-890. */
const settleMs = 5_000;

export class Sender {
  /** A record was not acknowledged since the open transaction began. */
  hasFailures = false;
  readonly #cluster: Cluster;
  readonly #options: ProducerOptions;
  readonly #accumulator: RecordAccumulator;
  readonly #progress: ProducerProgress;
  readonly #transaction: Transaction | undefined;
  /** Requests in flight per broker. */
  readonly #inFlight = new Map<number, number>();
  /** Requests under way, where an abort has to wait for them. */
  readonly #sending = new Set<Promise<void>>();
  /** Without transactions; else the transaction has it. */
  #producer = noProducer;
  #stopped = false;
  /** The request that adds partitions to the transaction, while it is under way. */
  #adding: Promise<void> | undefined;
  /** A failed batch may be in the log, or a sequence number was refused. */
  #sequenceLost = false;
  #relocating = false;
  /** A new producer id is needed as soon as nothing is in flight. */
  #restarting = false;

  constructor(
    cluster: Cluster,
    options: ProducerOptions,
    accumulator: RecordAccumulator,
    progress: ProducerProgress,
    transaction: Transaction | undefined,
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.#accumulator = accumulator;
    this.#progress = progress;
    this.#transaction = transaction;
  }

  /** Takes a producer id where writing is idempotent. @throws KtError `refused` without permission, `connection` */
  async open(): Promise<void> {
    if (this.#transaction) await this.#transaction.init();
    else if (this.#options.idempotent) this.#producer = await this.#newId();
  }

  /** Whether the brokers may have batches of the open transaction that they did not acknowledge. */
  get isUnresolved(): boolean {
    return this.#sequenceLost || this.#accumulator.deliveries.some((delivery) => delivery.isUnresolved);
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Sends nothing more, and resolves when what is in flight is answered, or after 5 s without an answer. */
  async settle(): Promise<void> {
    this.#stopped = true;
    // Partitions that reached the coordinator after the abort would be in a transaction that nobody ends.
    await this.#adding;
    const settled = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#sending).then(() => settled.abort()),
      pause(settleMs, settled.signal).catch(() => {}),
    ]);
  }

  /** Sends again: what the next transaction has. */
  resume(): void {
    this.#stopped = false;
    this.#sequenceLost = false;
    this.hasFailures = false;
  }

  /** Sends what may be sent, one batch per partition and request; `idle` also seals open batches where nothing is in flight. */
  pump(idle: boolean): void {
    if (this.#restarting || this.#stopped) return;
    const leaders = new Map<number, PartitionDelivery[]>();
    for (const delivery of this.#accumulator.deliveries) {
      if (delivery.leader === undefined) {
        if (delivery.waiting.length > 0 || delivery.open) this.#relocate();
        continue;
      }
      if (this.#transaction && !delivery.inTransaction) {
        if (delivery.waiting.length > 0 || delivery.open) this.#addPartitions(this.#transaction);
        continue;
      }
      const mine = leaders.get(delivery.leader);
      if (mine) mine.push(delivery);
      else leaders.set(delivery.leader, [delivery]);
    }
    for (const [leader, deliveries] of leaders) this.#pumpTo(leader, deliveries, idle);
  }

  #pumpTo(leader: number, deliveries: readonly PartitionDelivery[], idle: boolean): void {
    for (;;) {
      const inFlight = this.#inFlight.get(leader) ?? 0;
      if (inFlight >= requestsInFlight || (inFlight > 0 && mayGrow(deliveries))) break;
      let batches = take(deliveries);
      if (batches.length === 0 && idle && inFlight === 0 && this.#accumulator.packing === 0) {
        for (const delivery of deliveries) if (delivery.waiting.length === 0) this.#accumulator.seal(delivery);
        batches = take(deliveries);
      }
      if (batches.length === 0) break;
      this.#inFlight.set(leader, inFlight + 1);
      const sent = this.#send(leader, batches).catch((error: unknown) => this.#progress.fail(error));
      if (this.#transaction) {
        this.#sending.add(sent);
        void sent.then(() => this.#sending.delete(sent));
      }
    }
  }

  async #send(leader: number, batches: readonly Batch[]): Promise<void> {
    const { acks, idempotent } = this.#options;
    const isTransactional = this.#transaction !== undefined;
    const { id, epoch } = this.#transaction?.producer ?? this.#producer;
    for (const { bytes, sequence } of batches)
      BatchWriter.setProducer(bytes, id, epoch, idempotent ? sequence : -1, isTransactional);
    try {
      const response = await requestProduce(this.#cluster, leader, batches, this.#options);
      if (acks === 0) for (const batch of batches) this.#answered(batch, { result: 'written', baseOffset: -1n });
      else this.#read(response, batches);
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      for (const batch of batches) {
        batch.maybeWritten ||= batch.isSent;
        batch.delivery.leader = undefined;
        this.#answered(batch, this.#mayRetry(batch, error));
      }
    } finally {
      this.#inFlight.set(leader, (this.#inFlight.get(leader) ?? 1) - 1);
    }
    if (this.#restarting) await this.#restart();
    this.pump(true);
    this.#progress.made();
  }

  #read(response: ResponseBodies['Produce'], batches: readonly Batch[]): void {
    const answers = answersByPartition(response);
    for (const batch of batches) {
      const verdict = judge(batch, answerTo(batch, answers), this.#transaction !== undefined);
      if (verdict.result === 'fenced') throw this.#transaction!.fenced();
      if (verdict.result !== 'again') {
        this.#answered(batch, verdict);
        continue;
      }
      if (verdict.needsProducerId) this.#restarting = true;
      if (verdict.maybeWritten) batch.maybeWritten = true;
      if (verdict.needsLeader) batch.delivery.leader = undefined;
      this.#answered(batch, this.#mayRetry(batch, verdict.error));
    }
  }

  #mayRetry(batch: Batch, error: KtError): Outcome {
    const late = performance.now() - batch.sealedAt > this.#options.deliveryTimeoutMs;
    if (!late && batch.attempts <= this.#options.retries && !this.#options.signal.aborted) return { result: 'retry', error };
    return { result: 'failed', error: batch.maybeWritten ? mayBeWritten(error) : error, badRecords: new Map() };
  }

  #answered(batch: Batch, outcome: Outcome): void {
    if (batch.delivery.discarded) return;
    for (const decided of batch.delivery.answered(batch, outcome)) {
      const { delivery, lines } = decided;
      const decision = decided.outcome!;
      this.#accumulator.buffered -= held(decided);
      if (decision.result === 'written') {
        const { topic, partition } = delivery;
        const { payload, openedAt } = decided;
        this.#options.onDelivered({ topic, partition, baseOffset: decision.baseOffset, lines, payload, openedAt });
        this.#accumulator.keep(decided.writer);
      } else if (decision.result === 'failed') this.#failed(decided, decision.error, decision.badRecords);
    }
  }

  /** Takes a refused batch apart, so that only the records at fault fail: those the broker named, else half by half. */
  #failed(batch: Batch, error: KtError, badRecords: BadRecords): void {
    const { topic, partition } = batch.delivery;
    const { onFailed, compression } = this.#options;
    if (batch.maybeWritten) this.#loseSequence();
    if (isGap(error.code)) this.#sequenceLost = true;
    const divisible = isDivisible(batch, error, badRecords);
    if (!divisible || badRecords.size > 0) this.hasFailures = true;
    if (!divisible) {
      onFailed(unwritten(batch), error);
      return;
    }
    for (const [index, why] of badRecords) {
      const reason = why
        ? new KtError('refused', `writing to ${topic}:${partition} (${why})`, { code: error.code, hint: error.hint })
        : error;
      onFailed(unwritten(batch, new Set([index])), reason);
    }
    this.#accumulator.requeue(partsOf(batch, badRecords, compression), batch);
  }

  /** Nobody knows which number the broker expects next. */
  #loseSequence(): void {
    this.#sequenceLost = true;
    if (this.#options.idempotent && !this.#transaction) this.#restarting = true;
  }

  /** Adds all partitions to the transaction that have something to send, which starts when that is done. */
  #addPartitions(transaction: Transaction): void {
    if (this.#adding) return;
    const added = this.#accumulator.deliveries.filter(
      ({ inTransaction, waiting, open }) => !inTransaction && (waiting.length > 0 || open),
    );
    this.#adding = transaction
      .addPartitions(added)
      .then(() => {
        for (const delivery of added) delivery.inTransaction = true;
      })
      .catch((error: unknown) => this.#progress.fail(error))
      .finally(() => {
        this.#adding = undefined;
        if (!this.#progress.failed) this.pump(true);
        this.#progress.made();
      });
  }

  #relocate(): void {
    if (this.#relocating) return;
    this.#relocating = true;
    findLeaders(this.#cluster, () => this.#accumulator.deliveries, this.#options.signal)
      .then(async (leaderless) => {
        for (const [delivery, problem] of leaderless) if (!delivery.discarded) this.#expire(delivery, problem);
        if (this.#restarting) await this.#restart();
      })
      .catch((error: unknown) => this.#progress.fail(error))
      .finally(() => {
        this.#relocating = false;
        this.pump(true);
        this.#progress.made();
      });
  }

  /** Gives up what waited too long for a leader. */
  #expire(delivery: PartitionDelivery, error: KtError): void {
    const now = performance.now();
    while (delivery.waiting[0] && now - delivery.waiting[0].sealedAt > this.#options.deliveryTimeoutMs) {
      const batch = delivery.giveUpFirst();
      this.#accumulator.buffered -= held(batch);
      if (delivery.hasGap) this.#loseSequence();
      this.#failed(batch, batch.maybeWritten ? mayBeWritten(error) : error, new Map());
    }
    if (delivery.open && delivery.waiting.length === 0) this.#accumulator.seal(delivery);
  }

  /** Takes a new producer id when nothing is in flight any more: sequence numbers begin at 0 again everywhere. */
  async #restart(): Promise<void> {
    const { deliveries } = this.#accumulator;
    if (deliveries.some(({ inFlight }) => inFlight.length > 0)) return;
    this.#producer = await this.#newId();
    for (const delivery of deliveries) delivery.restart();
    this.#restarting = false;
  }

  #newId() {
    return newProducerId(this.#cluster, this.#options.deliveryTimeoutMs, this.#options.signal);
  }
}

/** Whether what could be sent now is little, and more may soon go with it. */
function mayGrow(deliveries: readonly PartitionDelivery[]): boolean {
  let bytes = 0;
  let isGathering = false;
  let lacksBatch = false;
  for (const { next, open } of deliveries) {
    if (next) bytes += next.bytes.length;
    else lacksBatch = true;
    isGathering ||= open !== undefined;
  }
  return isGathering && lacksBatch && bytes < worthRequest;
}

function take(deliveries: readonly PartitionDelivery[]): Batch[] {
  const batches: Batch[] = [];
  for (const delivery of deliveries) {
    const batch = delivery.take();
    if (batch) batches.push(batch);
  }
  return batches;
}
