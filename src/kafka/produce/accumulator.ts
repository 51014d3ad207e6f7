/** Records gathered into one open batch per partition, and the sealed batches that wait to be sent (Kafka's RecordAccumulator). */
import { KtError } from '../../base/errors.ts';
import type { LineMemory, LineRun } from '../batch/line-memory.ts';
import { BatchWriter, type RecordBytes } from '../batch/writer.ts';
import type { TopicMetadata } from '../cluster.ts';
import type { CompressionName } from '../compression/index.ts';
import { type Batch, PartitionDelivery } from './delivery.ts';
import { held, newBatch } from './sealed-batch.ts';

/** Half of what brokers accept by default, so that topics with a lower limit seldom refuse one. Large, as each request wakes threads at both ends. */
const batchBytes = 512 << 10;
/** Bytes of open batches together: with keys of many partitions none of them fills up for long. */
const openBytes = 16 << 20;
/** Writers kept for the next batches: their memory costs more to get than to fill. */
const spareWriters = 64;

interface AccumulatorEvents {
  /** A batch may be ready to be sent; `late` when it became so in the background. */
  onReady(late: boolean): void;
  onFailure(error: unknown): void;
}

export class RecordAccumulator {
  /** Bytes that wait or are in flight. */
  buffered = 0;
  /** Batches that are being compressed in the background. */
  packing = 0;
  /** Of all topics. */
  deliveries: PartitionDelivery[] = [];
  readonly #compression: CompressionName;
  readonly #events: AccumulatorEvents;
  readonly #topics = new Map<string, PartitionDelivery[]>();
  readonly #spare: BatchWriter[] = [];

  constructor(compression: CompressionName, events: AccumulatorEvents) {
    this.#compression = compression;
    this.#events = events;
  }

  knows(topic: string): boolean {
    return this.#topics.has(topic);
  }

  addTopic({ topic, partitions }: TopicMetadata): void {
    const deliveries = partitions.map(({ partition, leader }) => {
      const delivery = new PartitionDelivery(topic, partition);
      if (leader >= 0) delivery.leader = leader;
      return delivery;
    });
    this.#topics.set(topic, deliveries);
    for (const delivery of deliveries) this.deliveries.push(delivery);
  }

  /**
   * Batches of a partition that wait or are in flight, an open one as half of one, so that few records reach every partition; undefined while
   * it has no leader. How full the open ones are does not count: all would be full at the same time.
   */
  backlog(topic: string, partition: number): number | undefined {
    const delivery = this.#topics.get(topic)?.[partition];
    if (delivery?.leader === undefined) return undefined;
    return delivery.waiting.length + delivery.inFlight.length + (delivery.open ? 0.5 : 0);
  }

  /** Adds one record, after sealing the partition's batch if it would not fit. */
  append(topic: string, partition: number, record: RecordBytes, line: number): void {
    const delivery = this.#deliveryTo(topic, partition);
    const isFull = delivery.open !== undefined && !delivery.open.fits(record, batchBytes);
    if (isFull) this.seal(delivery);
    this.#openOf(delivery).append(record);
    delivery.openLines.push(line);
    if (isFull) this.#events.onReady(false);
  }

  /** Adds lines as values of records, as many as the run has and its turn lasts, but for what `append` has to take. @returns how many */
  appendLines(topic: string, partition: number, lines: LineMemory, run: LineRun, line: number): number {
    const delivery = this.#deliveryTo(topic, partition);
    let added = 0;
    for (;;) {
      const open = this.#openOf(delivery);
      open.appendLines(lines, run, batchBytes);
      for (const end = added + run.added; added < end; added++) delivery.openLines.push(line + added);
      if (open.count === 0) this.#giveUp(delivery);
      if (!run.isFull || open.count === 0) return added;
      this.seal(delivery);
      this.#openOf(delivery);
      this.#events.onReady(false);
    }
  }

  #deliveryTo(topic: string, partition: number): PartitionDelivery {
    const delivery = this.#topics.get(topic)?.[partition];
    if (delivery) return delivery;
    throw new KtError('refused', `${topic} has no partition ${partition}`, { code: 'UNKNOWN_TOPIC_OR_PARTITION' });
  }

  /** The partition's open batch. */
  #openOf(delivery: PartitionDelivery): BatchWriter {
    if (!delivery.open) {
      delivery.open = this.#spare.pop() ?? new BatchWriter();
      delivery.openedAt = performance.now();
    }
    return delivery.open;
  }

  /** An open batch without records is none. */
  #giveUp(delivery: PartitionDelivery): void {
    this.keep(delivery.open);
    delivery.open = undefined;
  }

  /** Seals the open batches where they hold too much together. */
  sealLargeSum(): void {
    if (this.deliveries.reduce((sum, { open }) => sum + (open?.size ?? 0), 0) > openBytes) this.sealAll();
  }

  sealAll(): void {
    for (const delivery of this.deliveries) this.seal(delivery);
  }

  /** Closes a partition's open batch, and compresses it. Sends nothing: several that are sealed together go in one request. */
  seal(delivery: PartitionDelivery): void {
    const { open, openLines: lines, openedAt } = delivery;
    if (!open) return;
    const { payload } = open;
    const packing = open.finishInBackground(this.#compression);
    const bytes = packing ? open.draft() : open.finish(this.#compression, false);
    delivery.open = undefined;
    delivery.openLines = [];
    const isCopy = this.#compression !== 'none';
    if (isCopy && !packing) this.keep(open);
    const writer = isCopy ? undefined : open;
    const batch = newBatch(delivery, { bytes, lines, payload, openedAt, writer, isPacked: packing === undefined });
    this.buffered += held(batch);
    delivery.waiting.push(batch);
    if (packing) this.#pack(batch, packing, open);
  }

  /** Makes a batch ready when it is compressed; those behind it in its partition wait for it. */
  #pack(batch: Batch, packing: Promise<Buffer>, writer: BatchWriter): void {
    this.packing++;
    packing
      .then((bytes) => {
        // Meanwhile it may have been given up, having waited too long for a leader, or its transaction aborted.
        const isWaiting = batch.delivery.waiting.includes(batch);
        if (isWaiting) this.buffered -= held(batch);
        batch.bytes = bytes;
        batch.isPacked = true;
        if (isWaiting) this.buffered += held(batch);
        this.keep(writer);
      })
      .catch((error: unknown) => this.#events.onFailure(error))
      .finally(() => {
        this.packing--;
        this.#events.onReady(true);
      });
  }

  /** Puts the parts of a refused batch where it stood. */
  requeue(parts: readonly Batch[], failed: Batch): void {
    for (const part of parts) this.buffered += held(part);
    failed.delivery.requeue(parts, failed);
  }

  /** A writer whose bytes nobody looks at any more, since they are acknowledged or copied, serves the next batch. */
  keep(writer: BatchWriter | undefined): void {
    if (!writer || this.#spare.length >= spareWriters) return;
    writer.reset();
    this.#spare.push(writer);
  }

  /** Drops every record that is not acknowledged: its transaction was aborted. */
  discard(isNewEpoch: boolean): void {
    for (const delivery of this.deliveries) {
      this.keep(delivery.open);
      delivery.open = undefined;
      delivery.waiting.length = 0;
    }
    this.deliveries = [];
    for (const [topic, deliveries] of this.#topics) {
      const next = deliveries.map((delivery) => delivery.afterAbort(isNewEpoch));
      this.#topics.set(topic, next);
      for (const delivery of next) this.deliveries.push(delivery);
    }
    this.buffered = 0;
  }
}
