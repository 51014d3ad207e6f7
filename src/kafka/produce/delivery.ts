/**
 * The batches of one partition on their way to its leader: in order, up to five in flight, with sequence numbers by which the
 * broker drops duplicates (KIP-98).
 *
 * A failed batch mutes the partition until everything in flight is answered; only then is it known what to send again. Until the
 * broker has acknowledged the first batch, only one is in flight: a broker that does not know the producer accepts any number, so
 * a batch that overtook the first would change the order.
 */
import type { KtError } from '../../base/errors.ts';
import type { BatchWriter } from '../batch/writer.ts';

/** A sealed batch with the input lines its records came from. */
export interface Batch {
  readonly delivery: PartitionDelivery;
  /** The encoded batch; producer id, epoch, sequence and checksum are written into it when it is sent. Until it is packed: its draft. */
  bytes: Buffer;
  /** Ready to be sent: not still being compressed. */
  isPacked: boolean;
  readonly lines: readonly number[];
  /** Bytes of its keys and values. */
  readonly payload: number;
  /** When its first record came, in ms of `performance.now()`. */
  readonly openedAt: number;
  /** Whose memory the bytes are, uncompressed. */
  readonly writer: BatchWriter | undefined;
  readonly sealedAt: number;
  sequence: number;
  attempts: number;
  /** Under way, and written to the broker's socket. */
  isSent: boolean;
  /** Sent, but not answered: the broker may have it. */
  maybeWritten: boolean;
  outcome: Outcome | undefined;
}

export type Outcome =
  | { readonly result: 'written'; readonly baseOffset: bigint }
  | { readonly result: 'retry'; readonly error: KtError }
  | { readonly result: 'failed'; readonly error: KtError; readonly badRecords: ReadonlyMap<number, string | null> };

/** A broker remembers this many batches of each producer, to tell a repeated one from a new one. */
const maxInFlight = 5;

export class PartitionDelivery {
  readonly topic: string;
  readonly partition: number;
  leader: number | undefined;
  /** Records that are still being collected. */
  open: BatchWriter | undefined;
  openLines: number[] = [];
  /** When the first of them came, in ms of `performance.now()`. */
  openedAt = 0;
  /** Sealed, in order, not under way. */
  readonly waiting: Batch[] = [];
  readonly inFlight: Batch[] = [];
  /** Of the next new batch. */
  nextSequence = 0;
  /** A number was given up in front of a batch that the broker may have. */
  hasGap = false;
  /** Whether the partition was added to the open transaction, where there is one. */
  inTransaction = false;
  /** Whether the broker acknowledged something under the present producer id and epoch. */
  acknowledged = false;
  /** Its transaction was aborted: answers that still come mean nothing. */
  discarded = false;
  #muted = false;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** The next batch to send, or undefined while none may go. */
  get next(): Batch | undefined {
    if (this.#muted || this.inFlight.length >= (this.acknowledged ? maxInFlight : 1)) return undefined;
    const [batch] = this.waiting;
    return batch?.isPacked ? batch : undefined;
  }

  /** Takes the next batch, which is now under way. */
  take(): Batch | undefined {
    const batch = this.next;
    if (!batch) return undefined;
    this.waiting.shift();
    if (batch.sequence < 0) {
      batch.sequence = this.nextSequence;
      this.nextSequence += batch.lines.length;
    }
    batch.attempts++;
    batch.isSent = false;
    batch.outcome = undefined;
    this.inFlight.push(batch);
    return batch;
  }

  /**
   * Takes a batch's outcome. Gives the batches that are decided, in order: at once when all went well, else when the last one in flight is
   * answered; those to be sent again are back at the head of `waiting` by then.
   */
  answered(batch: Batch, outcome: Outcome): Batch[] {
    batch.outcome = outcome;
    if (outcome.result === 'written') this.acknowledged = true;
    else this.#muted = true;
    if (!this.#muted) {
      this.inFlight.splice(this.inFlight.indexOf(batch), 1);
      return [batch];
    }
    if (this.inFlight.some((other) => other.outcome === undefined)) return [];
    return this.#decide();
  }

  #decide(): Batch[] {
    const all = this.inFlight.splice(0);
    const again = all.filter(({ outcome }) => outcome?.result === 'retry');
    this.#muted = false;
    this.waiting.unshift(...again);
    const decided = all.filter(({ outcome }) => outcome?.result !== 'retry');
    if (all.some(({ outcome }) => outcome?.result === 'failed')) this.#renumber(all);
    return decided;
  }

  /** What failed for good took no sequence numbers: those behind it, none of which can have been accepted, close up. */
  #renumber(all: readonly Batch[]): void {
    const firstFailed = all.findIndex(({ outcome }) => outcome?.result === 'failed');
    this.nextSequence = all[firstFailed]!.sequence;
    const behind = new Set(all.slice(firstFailed + 1));
    for (const batch of this.waiting) if (behind.has(batch)) batch.sequence = -1;
  }

  /** Puts the parts of a failed batch where it stood, to be numbered when they are sent: a partition's lines rise. */
  requeue(parts: readonly Batch[], failed: Batch): void {
    const behind = this.waiting.findIndex(({ lines }) => lines[0]! > failed.lines[0]!);
    this.waiting.splice(behind === -1 ? this.waiting.length : behind, 0, ...parts);
  }

  /**
   * Takes out the batch that has waited longest; nothing may be in flight. Those behind it close up, unless the broker may have one of
   * them: then its number is missing in front of it (`hasGap`).
   */
  giveUpFirst(): Batch {
    const batch = this.waiting.shift()!;
    if (batch.sequence < 0) return batch;
    this.hasGap = this.waiting.some(({ maybeWritten }) => maybeWritten);
    if (this.hasGap || batch.maybeWritten) return batch;
    this.nextSequence = batch.sequence;
    for (const behind of this.waiting) behind.sequence = -1;
    return batch;
  }

  /** Begins again under a new producer id; nothing may be in flight. */
  restart(): void {
    this.nextSequence = 0;
    this.hasGap = false;
    this.acknowledged = false;
    for (const batch of this.waiting) batch.sequence = -1;
  }

  /** Whether the broker may have batches that it did not acknowledge, so that nobody knows the next sequence number. */
  get isUnresolved(): boolean {
    return this.inFlight.length > 0 || this.waiting.some(({ sequence }) => sequence >= 0);
  }

  /** What takes its place when the transaction is aborted: nothing of it is left but its leader and, in the same epoch, its sequence numbers. */
  afterAbort(isNewEpoch: boolean): PartitionDelivery {
    this.discarded = true;
    const next = new PartitionDelivery(this.topic, this.partition);
    next.leader = this.leader;
    if (isNewEpoch) return next;
    next.nextSequence = this.nextSequence;
    next.acknowledged = this.acknowledged;
    return next;
  }
}
