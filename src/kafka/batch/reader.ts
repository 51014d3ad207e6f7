/** The records of one partition out of one Fetch response, visited in place. */
import type { KtError } from '../../base/errors.ts';
import { turnMs } from '../../base/turns.ts';
import { compressionNames, decompress } from '../compression/index.ts';
import { type AbortedTransaction, AbortedTransactions, isHidden } from './aborted-transactions.ts';
import { crc32c } from './crc32c.ts';
import { freeMemory } from './free-memory.ts';
import { attribute, field, LENGTH_END } from './header.ts';
import { corruptBatch, defaultBatchBytes, largeBatch, Malformed, TooLarge, unsupportedFormat } from './malformed.ts';
import type { FetchedRecords, TakeRun, Visit } from './record.ts';
import { BatchView, type OpenBatch, openBatch, type Place, takeRecords, visitBatch } from './visit-batch.ts';

export interface RecordBatchesOptions {
  readonly topic: string;
  readonly partition: number;
  /** As fetched: whole batches, of which the last may be cut short. */
  readonly records: Buffer;
  /** The offset that was fetched from: earlier records of the first batch are left out. */
  readonly startOffset: bigint;
  /** Whether these follow other batches of the same response, which end at the start offset: then none may begin before it. */
  readonly continues?: boolean;
  /** As the response lists them under read_committed; without them aborted records are visited too. */
  readonly abortedTransactions?: readonly AbortedTransaction[] | null | undefined;
  /** What one batch may decompress to, in bytes (default 128 MiB). */
  readonly maxBatchBytes?: number | undefined;
  /** How many bytes of records one visit of a part passes, at least (default 8 MiB): with 1 each part has one record. */
  readonly partBytes?: number | undefined;
  /** Whether checksums are compared (default true). */
  readonly checkCrcs?: boolean;
}

/** What is made of a part's records has to be written before there is more. */
const PART_BYTES = 8 << 20;
/** After how many bytes of records, at least, a visit looks at the clock. */
const STEP_BYTES = 64 << 10;
/** Decompressed batches from this size on are not left to the garbage collector, in bytes. */
const FREED_FROM = 1 << 20;

export class RecordBatches implements FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly #options: RecordBatchesOptions;

  constructor(options: RecordBatchesOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.#options = options;
  }

  /**
   * Visits the records from the start offset on, as often as it is called; codecs must have been prepared (`prepareCodecs(scanBatches(…).codecs)`).
   * @throws KtError `refused`: CORRUPT_MESSAGE, BATCH_TOO_LARGE, or UNSUPPORTED_FOR_MESSAGE_FORMAT for message sets of format v0 and v1
   */
  each(visit: Visit, take?: TakeRun): void {
    const parts = this.parts();
    do parts.each(visit, take);
    while (parts.advance());
  }

  /** The same records for readers that have to wait now and then: a few kilobytes may decompress to more than fits into memory. */
  parts(): RecordParts {
    return new RecordParts(this.#options);
  }
}

/** The records of batches in parts, one after the other; the bytes of a part's records are there until the next one. */
export class RecordParts implements FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly #options: RecordBatchesOptions;
  readonly #view: BatchView;
  /** Where this part begins. */
  #start: Place;
  #place: Place;
  /** What this part's batches were decompressed to, by where each begins: who visits a part twice pays once. */
  readonly #decompressed = new Map<number, Buffer>();
  /** Up to where checksums were compared. */
  #checkedTo = 0;
  /** Where a visit of this part ends, in bytes of records; settled by the first visit. */
  #partBytes: number;
  #isSettled = false;
  #hasMore = false;

  constructor(options: RecordBatchesOptions) {
    const { topic, partition, records, startOffset, continues, abortedTransactions } = options;
    this.topic = topic;
    this.partition = partition;
    this.#options = options;
    this.#partBytes = options.partBytes ?? PART_BYTES;
    this.#view = new BatchView(topic, partition, records);
    const aborted = abortedTransactions?.length ? new AbortedTransactions(abortedTransactions) : undefined;
    this.#start = { at: 0, next: continues ? startOffset : -1n, aborted, open: undefined };
    this.#place = this.#start;
  }

  /** Once this part was visited: whether there is another one. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** The offset behind the records visited so far. */
  get nextOffset(): bigint {
    return this.#place.open ? this.#view.exactOffset() + 1n : this.#place.next;
  }

  /**
   * Visits this part: all the records there are, as a rule. A slow first visit ends early, so that signals are heard before the next part.
   * Can be called again, and then gives the same records.
   * @throws KtError `refused`, as `RecordBatches` does
   */
  each(visit: Visit, take?: TakeRun): void {
    const { at, next, aborted, open: begun } = this.#start;
    const place = { at, next, aborted: aborted?.copy(), open: begun && { ...begun } };
    this.#place = place;
    this.#hasMore = false;
    const endAt = performance.now() + turnMs;
    for (let visited = 0; ; ) {
      place.open ??= this.#openBatch(visited >= this.#partBytes);
      const { open } = place;
      if (!open) break;
      const from = open.at;
      const outcome = this.#visit(open, Math.min(STEP_BYTES, this.#partBytes - visited), visit, take);
      if (outcome !== 'paused') place.open = undefined;
      if (outcome === 'stopped') break;
      visited += (outcome === 'paused' ? open.at : open.end) - from;
      if (!this.#isSettled && performance.now() > endAt) this.#partBytes = Math.min(visited, this.#partBytes);
      this.#hasMore = outcome === 'paused' && visited >= this.#partBytes;
      if (this.#hasMore) break;
    }
    this.#isSettled = true;
  }

  /** Says that the visits so far were only a look: the next one may end earlier, but goes no further. */
  looked(): void {
    this.#isSettled = false;
  }

  #visit(open: OpenBatch, mostBytes: number, visit: Visit, take: TakeRun | undefined): ReturnType<typeof visitBatch> {
    const { records, startOffset } = this.#options;
    if (take && takeRecords(this.#view, open, startOffset, take, mostBytes)) return 'paused';
    try {
      return visitBatch(this.#view, records, open, startOffset, visit, mostBytes);
    } catch (error) {
      throw this.#told(error, open.start);
    }
  }

  /** Moves on behind the part that was visited. Returns whether there is another one. */
  advance(): boolean {
    this.#start = this.#place;
    this.#partBytes = this.#options.partBytes ?? PART_BYTES;
    this.#isSettled = false;
    for (const [start, bytes] of this.#decompressed) {
      if (start === this.#start.open?.start) continue;
      this.#decompressed.delete(start);
      if (bytes.length >= FREED_FROM) freeMemory(bytes.buffer);
    }
    return this.#hasMore;
  }

  /** The next batch with records to visit; undefined at the end, and where this part is full. */
  #openBatch(isFull: boolean): OpenBatch | undefined {
    const { records, startOffset } = this.#options;
    const place = this.#place;
    while (place.at < records.length) {
      if (isFull) {
        this.#hasMore = true;
        return undefined;
      }
      const start = place.at;
      const stop = this.#endOfBatch(start);
      if (stop === undefined) break;
      const baseOffset = records.readBigInt64BE(start);
      const lastOffset = baseOffset + BigInt(records.readInt32BE(start + field.lastOffsetDelta));
      if (lastOffset < baseOffset || baseOffset < place.next)
        throw this.#corrupt(start, 'its offsets do not follow those before it');
      place.next = lastOffset + 1n;
      this.#checkCrc(start, stop);
      place.at = stop;
      try {
        if (isHidden(records, start, stop, lastOffset, place.aborted) || lastOffset < startOffset) continue;
        return this.#open(start, stop);
      } catch (error) {
        throw this.#told(error, start);
      }
    }
    return undefined;
  }

  /** Once for each batch, however often it is visited. */
  #checkCrc(start: number, stop: number): void {
    const { records, checkCrcs = true } = this.#options;
    if (!checkCrcs || stop <= this.#checkedTo) return;
    if (crc32c(records, start + field.attributes, stop) !== records.readUInt32BE(start + field.crc)) {
      throw this.#corrupt(start, 'its CRC does not match its bytes');
    }
    this.#checkedTo = stop;
  }

  /** @throws Malformed, TooLarge */
  #open(start: number, stop: number): OpenBatch {
    const { records, maxBatchBytes } = this.#options;
    const codec = records[start + field.attributes + 1]! & attribute.codec;
    if (codec === 0) return openBatch(this, records, start, records, start + field.records, stop);
    let bytes = this.#decompressed.get(start);
    if (!bytes) {
      bytes = decompress(codec, records.subarray(start + field.records, stop), maxBatchBytes);
      this.#decompressed.set(start, bytes);
    }
    return openBatch(this, records, start, bytes, 0, bytes.length);
  }

  /** Where the batch at `at` ends; undefined when it was cut short, as brokers may do with any batch but the first (KIP-74). */
  #endOfBatch(at: number): number | undefined {
    const { records } = this.#options;
    const left = records.length - at;
    if (left > field.magic && records[at + field.magic] !== 2) {
      throw unsupportedFormat(this.topic, this.partition, records.readBigInt64BE(at), records.readInt8(at + field.magic));
    }
    const length = left < LENGTH_END ? left : records.readInt32BE(at + field.length);
    if (left >= LENGTH_END && length < field.records - LENGTH_END) throw this.#corrupt(at, `its length is ${length} bytes`);
    if (left >= LENGTH_END && length <= left - LENGTH_END) return at + LENGTH_END + length;
    if (at === 0) throw this.#corrupt(at, `only ${left} bytes of it came`);
    return undefined;
  }

  /** What is said of bytes that are not what they should be. */
  #told(error: unknown, start: number): unknown {
    if (error instanceof TooLarge) return this.#tooLarge(start, error);
    return error instanceof Malformed ? this.#corrupt(start, error.message) : error;
  }

  #corrupt(start: number, reason: string): KtError {
    const { records, startOffset } = this.#options;
    const next = this.#place.next;
    const offset = start + 8 <= records.length && next !== -1n ? records.readBigInt64BE(start) : startOffset;
    return corruptBatch(this.topic, this.partition, offset, reason, next > offset ? next : undefined);
  }

  #tooLarge(start: number, { maxBytes }: TooLarge): KtError {
    const { records, maxBatchBytes: askedBytes = defaultBatchBytes } = this.#options;
    return largeBatch(this.topic, this.partition, records.readBigInt64BE(start), {
      codec: compressionNames[records[start + field.attributes + 1]! & attribute.codec]!,
      bytes: LENGTH_END + records.readInt32BE(start + field.length) - field.records,
      maxBytes,
      askedBytes,
      next: this.#place.next,
    });
  }
}
