/** A producer: records in, batches out, with transactions where it has a transactional id. */
import { KtError } from '../../base/errors.ts';
import { prepareChecksums } from '../batch/crc32c.ts';
import type { LineMemory, LineRun } from '../batch/line-memory.ts';
import type { RecordBytes } from '../batch/writer.ts';
import type { Cluster } from '../cluster.ts';
import { prepareCompression } from '../compression/index.ts';
import type { CommitOutcome, GroupMetadata, Offsets, OffsetTransaction } from '../group/offsets.ts';
import { refusedFor } from '../permissions.ts';
import { Transaction, type TransactionState } from '../transactions/transaction.ts';
import { ErrorCode } from '../wire/errors.ts';
import { RecordAccumulator } from './accumulator.ts';
import type { ProducerOptions, Unwritten } from './options.ts';
import { ProducerProgress } from './progress.ts';
import { newBatch, unwritten } from './sealed-batch.ts';
import { Sender } from './sender.ts';

/**
 * Bytes that may wait or be in flight before `room()` makes the input wait: enough to keep a broker busy with five requests. Twice as much
 * made nothing faster, and took 20 MB more.
 */
const bufferedBytes = 4 << 20;

/**
 * With a transactional id the first record or offset begins a transaction, which `commit` or `abort` ends; the next one begins another.
 * After an error the transaction can only be aborted: `abort` says whether the producer can go on.
 */
export class RecordProducer implements OffsetTransaction {
  readonly #cluster: Cluster;
  readonly #accumulator: RecordAccumulator;
  readonly #sender: Sender;
  readonly #progress: ProducerProgress;
  readonly #transaction: Transaction | undefined;
  /** What is left was handed to the caller: nothing is sent any more. */
  #ended = false;

  private constructor(cluster: Cluster, options: ProducerOptions) {
    this.#cluster = cluster;
    this.#progress = new ProducerProgress(options.signal);
    const { transactionalId, transactionTimeoutMs: timeoutMs, deliveryTimeoutMs: giveUpMs } = options;
    if (transactionalId !== undefined) this.#transaction = new Transaction(cluster, transactionalId, { giveUpMs, timeoutMs });
    this.#accumulator = new RecordAccumulator(options.compression, {
      onReady: (late) => {
        if (!late || !this.#progress.failed) this.#sender.pump(late);
        if (late) this.#progress.made();
      },
      onFailure: (error) => this.#progress.fail(error),
    });
    this.#sender = new Sender(cluster, options, this.#accumulator, this.#progress, this.#transaction);
  }

  /**
   * Ready to append. Takes a producer id where writing is idempotent; with a transactional id it aborts the transaction that an
   * earlier producer left open, and fences that producer.
   * @throws KtError `refused` without permission; `connection` when no broker gives an id within the delivery timeout
   */
  static async open(cluster: Cluster, options: ProducerOptions): Promise<RecordProducer> {
    const producer = new RecordProducer(cluster, options);
    await prepareCompression(options.compression);
    const opening = producer.#sender.open();
    prepareChecksums();
    await opening;
    return producer;
  }

  /** Makes a topic's partitions known, for `append`. @throws KtError `refused` for an unknown topic */
  async addTopic(topic: string): Promise<void> {
    if (this.#accumulator.knows(topic)) return;
    const found = (await this.#cluster.cachedMetadata([topic])).topics.get(topic);
    if (found?.errorCode !== 0)
      throw refusedFor(found?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `topic ${topic}`, {
        topic: ['DESCRIBE', topic],
      });
    this.#accumulator.addTopic(found);
  }

  /**
   * Adds one record.
   * @param line where it comes from, for the callbacks; it rises from record to record
   */
  append(topic: string, partition: number, record: RecordBytes, line: number): void {
    this.#accumulator.append(topic, partition, record, line);
  }

  /**
   * Adds lines, as many as the run has and its turn lasts. Those that it leaves for another reason (they are longer than a batch, or there is no
   * memory) are for `append`.
   * @param line number of the first
   * @returns how many it took
   */
  appendLines(topic: string, partition: number, lines: LineMemory, run: LineRun, line: number): number {
    return this.#accumulator.appendLines(topic, partition, lines, run, line);
  }

  /** Batches of a partition that wait or are in flight, an open one as half of one; undefined while it has no leader. */
  backlog(topic: string, partition: number): number | undefined {
    return this.#accumulator.backlog(topic, partition);
  }

  /** Sends open batches where a broker would idle: called when the input has nothing more at the moment. */
  nudge(): void {
    this.#accumulator.sealLargeSum();
    this.#sender.pump(true);
  }

  /** Aborted, with its reason, when the producer has failed and sends nothing more: input may not come for long. */
  get ended(): AbortSignal {
    return this.#progress.ended;
  }

  /** Resolves when more may be appended. @throws what ended the producer */
  async room(): Promise<void> {
    while (this.#accumulator.buffered > bufferedBytes) await this.#progress.next();
  }

  /** Resolves when every record was delivered or reported as failed. @throws what ended the producer */
  async flush(): Promise<void> {
    this.#accumulator.sealAll();
    this.#sender.pump(true);
    while (this.#accumulator.deliveries.some(({ waiting, inFlight }) => waiting.length + inFlight.length > 0))
      await this.#progress.next();
    this.#progress.check();
  }

  /**
   * Puts a group's next offsets into the open transaction, on behalf of one of its members: `membership.commit(offsets, producer)`.
   * @returns `stale` when the group has moved on without the member: abort the transaction, rejoin and read again
   * @throws KtError `refused`, also when this producer was fenced; `connection`
   */
  async addOffsets(member: GroupMetadata, offsets: Offsets): Promise<CommitOutcome> {
    this.#progress.check();
    return this.#transaction!.addOffsets(member, offsets);
  }

  /**
   * Delivers all and commits the transaction. False when a record was refused: then nothing is committed, and it is to be aborted.
   * @throws KtError what ended the producer; `connection` when the commit's answer did not come
   */
  async commit(): Promise<boolean> {
    await this.flush();
    if (this.#sender.hasFailures) return false;
    await this.#transaction?.commit();
    for (const delivery of this.#accumulator.deliveries) delivery.inTransaction = false;
    return true;
  }

  /**
   * Drops what is not delivered and aborts the transaction, also after an interruption or a failure.
   * @returns `empty` when it is aborted, and the producer can begin another one. Else the producer has ended, and the transaction
   *   is left `fenced` (its successor aborted it), `unknown` (it may be committed) or `open` (the brokers abort it in time)
   */
  async abort(): Promise<TransactionState> {
    const transaction = this.#transaction!;
    await this.#sender.settle();
    const { isUnresolved } = this.#sender;
    await transaction.abort(isUnresolved).catch((error: unknown) => {
      if (!(error instanceof KtError)) throw error;
    });
    if (transaction.state !== 'empty') this.#progress.fail(notAborted(transaction));
    else if (!this.#ended) {
      this.#accumulator.discard(isUnresolved);
      this.#progress.recover();
      this.#sender.resume();
    }
    return transaction.state;
  }

  /** Records that are neither delivered nor reported, in order per partition: what an interruption leaves behind. It ends the producer. */
  pending(): readonly Unwritten[] {
    const pending: Unwritten[] = [];
    this.#ended = true;
    this.#sender.stop();
    for (const delivery of this.#accumulator.deliveries) {
      const { open, openLines } = delivery;
      for (const batch of delivery.inFlight)
        pending.push(unwritten({ ...batch, maybeWritten: batch.maybeWritten || batch.isSent }));
      for (const batch of delivery.waiting) pending.push(unwritten(batch));
      if (open) pending.push(unwritten(newBatch(delivery, { bytes: open.draft(), lines: openLines, payload: open.payload })));
    }
    return pending;
  }
}

function notAborted({ id, state }: Transaction): KtError {
  return new KtError(
    'refused',
    `transactional id ${id} (its last transaction is ${state}: this producer cannot begin another)`,
    {
      code: 'INVALID_TXN_STATE',
    },
  );
}
