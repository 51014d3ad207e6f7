/** The produce loop: records gathered into a batch per partition, sent in order, sent again where that is safe. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { BatchWriter, type RecordBytes } from '../batch/writer.ts';
import type { Cluster } from '../cluster.ts';
import { prepareCompression } from '../compression/index.ts';
import { refusedFor } from '../permissions.ts';
import { newProducerId } from '../transactions/producer-id.ts';
import { type ProducerIdentity, Transaction, type TransactionState } from '../transactions/transaction.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { type Batch, type Outcome, PartitionDelivery } from './delivery.ts';
import { locate } from './leaders.ts';
import type { ProducerOptions, Unwritten } from './options.ts';
import { ProducerProgress } from './progress.ts';
import { answersByPartition, answerTo, judge, requestProduce } from './request.ts';
import { type BadRecords, held, isDivisible, newBatch, partsOf, unwritten } from './sealed-batch.ts';

/** Half of what brokers take by default, so that topics with a lower limit seldom refuse one: each request wakes threads at both ends, so fewer are faster. */
const batchBytes = 512 << 10;
/**
 * Bytes that may wait or be in flight before `room()` makes the input wait: enough to keep a broker busy with five requests. Twice as much
 * made nothing faster, and 20 MB more are held then.
 */
const bufferedBytes = 4 << 20;
/** Bytes that may be collected in open batches: keys of many partitions fill none of them for long. */
const openBytes = 16 << 20;
/** Writers kept for the next batches: their memory costs more to get than to fill. */
const spareWriters = 64;
const requestsInFlight = 5;
const retryMs = 100;
/** How long an abort waits for what is under way: a batch that came behind the abort would hang on brokers before KIP-890. */
const settleMs = 5_000;
const unknownTopic = 3;

const noProducer: ProducerIdentity = { id: -1n, epoch: -1 };

export class RecordProducer {
  readonly #cluster: Cluster;
  readonly #options: ProducerOptions;
  readonly #topics = new Map<string, PartitionDelivery[]>();
  readonly #all: PartitionDelivery[] = [];
  readonly #spare: BatchWriter[] = [];
  /** Requests in flight per broker. */
  readonly #inFlight = new Map<number, number>();
  readonly #transaction: Transaction | undefined;
  readonly #progress: ProducerProgress;
  /** Requests under way, where an abort has to wait for them. */
  readonly #sending = new Set<Promise<void>>();
  #producer: ProducerIdentity = noProducer;
  #buffered = 0;
  #enlisting = false;
  #aborting = false;
  /** What is left was told of: it must not be sent any more. */
  #ended = false;
  /** Batches that are being compressed in the background. */
  #packing = 0;
  /** A record of the open transaction was not acknowledged. */
  #spoiled = false;
  #relocating = false;
  /** A new producer id is needed as soon as nothing is in flight. */
  #restarting = false;

  private constructor(cluster: Cluster, options: ProducerOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#progress = new ProducerProgress(options.signal);
    const { transactionalId, deliveryTimeoutMs } = options;
    if (transactionalId !== undefined) this.#transaction = new Transaction(cluster, transactionalId, deliveryTimeoutMs);
  }

  /** Ready to append; takes a producer id where writing is idempotent. @throws KtError `refused` without permission */
  static async open(cluster: Cluster, options: ProducerOptions): Promise<RecordProducer> {
    const producer = new RecordProducer(cluster, options);
    await prepareCompression(options.compression);
    if (producer.#transaction) producer.#producer = await producer.#transaction.begin();
    else if (options.idempotent) producer.#producer = await producer.#newId();
    return producer;
  }

  /** Makes a topic's partitions known, for `append`. @throws KtError `refused` for an unknown topic */
  async addTopic(topic: string): Promise<void> {
    if (this.#topics.has(topic)) return;
    const found = (await this.#cluster.cachedMetadata([topic])).topics.get(topic);
    if (found?.errorCode !== 0)
      throw refusedFor(found?.errorCode ?? unknownTopic, `topic ${topic}`, { topic: ['DESCRIBE', topic] });
    const deliveries = found.partitions.map(({ partition, leader }) => {
      const delivery = new PartitionDelivery(topic, partition);
      if (leader >= 0) delivery.leader = leader;
      return delivery;
    });
    this.#topics.set(topic, deliveries);
    this.#all.push(...deliveries);
  }

  /** Adds one record; true when that sealed the partition's batch (the sticky partitioner moves on then). `line` rises, and is what the callbacks tell. */
  append(topic: string, partition: number, record: RecordBytes, line: number): boolean {
    const delivery = this.#topics.get(topic)?.[partition];
    if (!delivery)
      throw new KtError('refused', `${topic} has no partition ${partition}`, { code: 'UNKNOWN_TOPIC_OR_PARTITION' });
    let sealed = false;
    if (delivery.open && !delivery.open.fits(record, batchBytes)) {
      this.#seal(delivery);
      sealed = true;
    }
    if (!delivery.open) {
      delivery.open = this.#spare.pop() ?? new BatchWriter();
      delivery.openedAt = performance.now();
    }
    delivery.open.append(record);
    delivery.openLines.push(line);
    return sealed;
  }

  /** Sends what is open where a broker would idle: called when the input has nothing more at the moment. */
  nudge(): void {
    if (this.#all.reduce((sum, { open }) => sum + (open?.size ?? 0), 0) > openBytes) this.#sealAll();
    this.#pump(true);
  }

  /** Resolves when more may be appended. @throws what ended the producer */
  async room(): Promise<void> {
    while (this.#buffered > bufferedBytes) await this.#progress.next();
  }

  /** Resolves when every record was delivered or reported as failed. */
  async flush(): Promise<void> {
    this.#sealAll();
    this.#pump(true);
    while (this.#all.some(({ waiting, inFlight }) => waiting.length + inFlight.length > 0)) await this.#progress.next();
    this.#progress.check();
  }

  /**
   * Delivers all and commits the transaction; the next record begins another one. False when a record was refused: then nothing is committed.
   * @throws KtError what ended the producer; `connection` when the commit's answer did not come
   */
  async commit(): Promise<boolean> {
    await this.flush();
    if (this.#spoiled) return false;
    await this.#transaction?.commit();
    for (const delivery of this.#all) delivery.enlisted = false;
    return true;
  }

  /**
   * Sends nothing more and aborts the transaction, also after an interruption or a failure.
   * @returns `empty` when it is aborted, else how it is left: `fenced` (its successor aborted it), `unknown` (it may be committed), `open`
   */
  async abort(): Promise<TransactionState> {
    const transaction = this.#transaction!;
    this.#aborting = true;
    const settled = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#sending).then(() => settled.abort()),
      pause(settleMs, settled.signal).catch(() => {}),
    ]);
    await transaction.abort().catch((error: unknown) => {
      if (!(error instanceof KtError)) throw error;
    });
    return transaction.state;
  }

  /** Records that are neither delivered nor reported, in order per partition: what an interruption leaves behind. Nothing can be appended afterwards. */
  pending(): readonly Unwritten[] {
    const pending: Unwritten[] = [];
    this.#ended = true;
    for (const delivery of this.#all) {
      const { open, openLines } = delivery;
      for (const batch of delivery.inFlight) pending.push(unwritten({ ...batch, maybeWritten: true }));
      for (const batch of delivery.waiting) pending.push(unwritten(batch));
      if (open) pending.push(unwritten(newBatch(delivery, { bytes: open.draft(), lines: openLines, payload: open.payload })));
    }
    return pending;
  }

  #sealAll(): void {
    for (const delivery of this.#all) this.#seal(delivery);
  }

  #seal(delivery: PartitionDelivery): void {
    const { open, openLines: lines, openedAt } = delivery;
    if (!open) return;
    const { payload } = open;
    const { compression } = this.#options;
    const packing = open.finishInBackground(compression);
    const bytes = packing ? open.draft() : open.finish(compression);
    delivery.open = undefined;
    delivery.openLines = [];
    const isCopy = compression !== 'none';
    if (isCopy && !packing) this.#keep(open);
    const writer = isCopy ? undefined : open;
    const batch = newBatch(delivery, { bytes, lines, payload, openedAt, writer, isPacked: packing === undefined });
    this.#buffered += held(batch);
    delivery.waiting.push(batch);
    if (packing) this.#pack(batch, packing, open);
    else this.#pump(false);
  }

  /** Lets a batch go when it is compressed; those behind it in its partition wait that long. */
  #pack(batch: Batch, packing: Promise<Buffer>, writer: BatchWriter): void {
    this.#packing++;
    packing
      .then((bytes) => {
        // It may have waited too long for a leader, and be given up.
        const isWaiting = batch.delivery.waiting.includes(batch);
        if (isWaiting) this.#buffered -= held(batch);
        batch.bytes = bytes;
        batch.isPacked = true;
        if (isWaiting) this.#buffered += held(batch);
        this.#keep(writer);
      })
      .catch((error: unknown) => this.#progress.fail(error))
      .finally(() => {
        this.#packing--;
        if (!this.#progress.failed) this.#pump(true);
        this.#progress.made();
      });
  }

  /** Sends what may be sent, one batch per partition and request; `idle` also seals open batches where nothing is in flight. */
  #pump(idle: boolean): void {
    if (this.#restarting || this.#aborting || this.#ended) return;
    const leaders = new Map<number, PartitionDelivery[]>();
    for (const delivery of this.#all) {
      if (delivery.leader === undefined) {
        if (delivery.waiting.length > 0 || delivery.open) this.#relocate();
        continue;
      }
      if (this.#transaction && !delivery.enlisted) {
        if (delivery.waiting.length > 0 || delivery.open) this.#enlist(this.#transaction);
        continue;
      }
      const mine = leaders.get(delivery.leader);
      if (mine) mine.push(delivery);
      else leaders.set(delivery.leader, [delivery]);
    }
    for (const [leader, deliveries] of leaders) {
      for (;;) {
        const inFlight = this.#inFlight.get(leader) ?? 0;
        if (inFlight >= requestsInFlight) break;
        let batches = take(deliveries);
        if (batches.length === 0 && idle && inFlight === 0 && this.#packing === 0) {
          for (const delivery of deliveries) if (delivery.waiting.length === 0) this.#seal(delivery);
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
  }

  async #send(leader: number, batches: readonly Batch[]): Promise<void> {
    const { acks, idempotent } = this.#options;
    const isTransactional = this.#transaction !== undefined;
    if (idempotent) {
      for (const { bytes, sequence } of batches) {
        BatchWriter.setProducer(bytes, this.#producer.id, this.#producer.epoch, sequence, isTransactional);
      }
    }
    try {
      const response = await requestProduce(this.#cluster, leader, batches, this.#options);
      if (acks === 0) for (const batch of batches) this.#answered(batch, { result: 'written', baseOffset: -1n });
      else this.#read(response, batches);
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      for (const batch of batches) {
        batch.maybeWritten = true;
        batch.delivery.leader = undefined;
        this.#answered(batch, this.#mayRetry(batch, error));
      }
    } finally {
      this.#inFlight.set(leader, (this.#inFlight.get(leader) ?? 1) - 1);
    }
    if (this.#restarting) await this.#restart();
    this.#pump(true);
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
    for (const decided of batch.delivery.answered(batch, outcome)) {
      const { delivery, lines } = decided;
      const decision = decided.outcome!;
      this.#buffered -= held(decided);
      if (decision.result === 'written') {
        const { topic, partition } = delivery;
        const { payload, openedAt } = decided;
        this.#options.onDelivered({ topic, partition, baseOffset: decision.baseOffset, lines, payload, openedAt });
        this.#keep(decided.writer);
      } else if (decision.result === 'failed') this.#failed(decided, decision.error, decision.badRecords);
    }
  }

  /** A writer whose bytes are not looked at any more, since they are acknowledged or copied, serves the next batch. */
  #keep(writer: BatchWriter | undefined): void {
    if (!writer || this.#spare.length >= spareWriters) return;
    writer.reset();
    this.#spare.push(writer);
  }

  /** A refused batch is taken apart, so that only the records at fault fail: those the broker named, else half by half. */
  #failed(batch: Batch, error: KtError, badRecords: BadRecords): void {
    const { delivery } = batch;
    const { topic, partition } = delivery;
    const { onFailed, compression } = this.#options;
    if (batch.maybeWritten && this.#options.idempotent && !this.#transaction) this.#restarting = true;
    const divisible = isDivisible(batch, error, badRecords);
    if (!divisible || badRecords.size > 0) this.#spoiled = true;
    if (!divisible) {
      onFailed(unwritten(batch), error);
      return;
    }
    for (const [index, why] of badRecords) {
      const reason = why
        ? new KtError('refused', `writing to ${topic} [${partition}] (${why})`, { code: error.code, hint: error.hint })
        : error;
      onFailed(unwritten(batch, new Set([index])), reason);
    }
    const parts = partsOf(batch, badRecords, compression);
    for (const part of parts) this.#buffered += held(part);
    delivery.requeue(parts, batch);
  }

  /** Puts into the transaction all partitions that have something to send; they are sent from then on. */
  #enlist(transaction: Transaction): void {
    if (this.#enlisting) return;
    this.#enlisting = true;
    const added = this.#all.filter(({ enlisted, waiting, open }) => !enlisted && (waiting.length > 0 || open));
    transaction
      .add(added)
      .then(() => {
        for (const delivery of added) delivery.enlisted = true;
      })
      .catch((error: unknown) => this.#progress.fail(error))
      .finally(() => {
        this.#enlisting = false;
        if (!this.#progress.failed) this.#pump(true);
        this.#progress.made();
      });
  }

  #relocate(): void {
    if (this.#relocating) return;
    this.#relocating = true;
    this.#findLeaders()
      .catch((error: unknown) => this.#progress.fail(error))
      .finally(() => {
        this.#relocating = false;
        this.#pump(true);
        this.#progress.made();
      });
  }

  async #findLeaders(): Promise<void> {
    await pause(retryMs, this.#options.signal);
    const lost = this.#all.filter(({ leader, waiting, open }) => leader === undefined && (waiting.length > 0 || open));
    const metadata = await this.#cluster.metadata([...new Set(lost.map(({ topic }) => topic))]).catch((error: unknown) => {
      if (error instanceof KtError && error.kind === 'connection') return error;
      throw error;
    });
    for (const delivery of lost) {
      const problem = metadata instanceof KtError ? metadata : locate(delivery, metadata);
      if (problem) this.#expire(delivery, problem);
    }
  }

  /** Gives up what waited too long for a leader. */
  #expire(delivery: PartitionDelivery, error: KtError): void {
    const now = performance.now();
    while (delivery.waiting[0] && now - delivery.waiting[0].sealedAt > this.#options.deliveryTimeoutMs) {
      const batch = delivery.waiting.shift()!;
      this.#buffered -= held(batch);
      this.#failed(batch, batch.maybeWritten ? mayBeWritten(error) : error, new Map());
    }
    if (delivery.open && delivery.waiting.length === 0) this.#seal(delivery);
  }

  /** Takes a new producer id when nothing is in flight any more: sequence numbers begin again everywhere. */
  async #restart(): Promise<void> {
    if (this.#all.some(({ inFlight }) => inFlight.length > 0)) return;
    this.#producer = await this.#newId();
    for (const delivery of this.#all) delivery.restart();
    this.#restarting = false;
  }

  #newId(): Promise<ProducerIdentity> {
    return newProducerId(this.#cluster, this.#options.deliveryTimeoutMs, this.#options.signal);
  }
}

function take(deliveries: readonly PartitionDelivery[]): Batch[] {
  const batches: Batch[] = [];
  for (const delivery of deliveries) {
    const batch = delivery.take();
    if (batch) batches.push(batch);
  }
  return batches;
}

function mayBeWritten(error: KtError): KtError {
  return new KtError(error.kind, `${error.message}; these records may have been written`, {
    code: error.code,
    hint: error.hint,
    cause: error,
  });
}
