/** The records of one partition out of one Fetch response, visited in place. */
import type { KtError } from '../../base/errors.ts';
import { compressionNames, decompress } from '../compression/index.ts';
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts';
import { crc32c } from './crc32c.ts';
import { freeMemory } from './free-memory.ts';
import { attribute, field, LENGTH_END } from './header.ts';
import { corruptBatch, defaultBatchBytes, largeBatch, Malformed, malformed, TooLarge, unsupportedFormat } from './malformed.ts';
import type { FetchedRecords, Visit } from './record.ts';
import { ended, readVarint, readVarlong } from './varint.ts';
import { BatchView, type OpenBatch, visitBatch } from './visit-batch.ts';

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
   * Visits the records from the start offset on; codecs in use must have been prepared (`prepareCodecs(scanBatches(…).codecs)`).
   * Can be called again.
   * @throws KtError `refused`: CORRUPT_MESSAGE, BATCH_TOO_LARGE, or UNSUPPORTED_FOR_MESSAGE_FORMAT for message sets of format v0 and v1
   */
  each(visit: Visit): void {
    const parts = this.parts();
    do parts.each(visit);
    while (parts.advance());
  }

  /** The same records for readers that have to wait now and then: a few kilobytes may decompress to more than fits into memory. */
  parts(): RecordParts {
    return new RecordParts(this.#options);
  }
}

/** How far batches were visited. */
interface Place {
  /** Where the next batch begins. */
  at: number;
  /** The offset behind the last batch; -1 before the first. */
  next: bigint;
  readonly aborted: AbortedTransactions | undefined;
  open: OpenBatch | undefined;
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
  /** What was decompressed for batches that were visited. */
  #visited: ArrayBufferLike[] = [];
  #hasMore = false;

  constructor(options: RecordBatchesOptions) {
    const { topic, partition, records, startOffset, continues, abortedTransactions } = options;
    this.topic = topic;
    this.partition = partition;
    this.#options = options;
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

  /** Visits this part: all the records there are, as a rule. Can be called again. @throws KtError `refused`, as `RecordBatches` does */
  each(visit: Visit): void {
    const { records, startOffset } = this.#options;
    const { at, next, aborted, open: begun } = this.#start;
    const place = { at, next, aborted: aborted?.copy(), open: begun && { ...begun } };
    this.#place = place;
    this.#hasMore = false;
    for (let left = this.#options.partBytes ?? PART_BYTES; ; ) {
      place.open ??= this.#openBatch(left);
      const { open } = place;
      if (!open) return;
      const from = open.at;
      let outcome: ReturnType<typeof visitBatch>;
      try {
        outcome = visitBatch(this.#view, records, open, startOffset, visit, left);
      } catch (error) {
        throw this.#told(error, open.start);
      }
      this.#hasMore = outcome === 'paused';
      if (this.#hasMore) return;
      left -= open.end - from;
      place.open = undefined;
      if (open.bytes !== records && open.bytes.length >= FREED_FROM) this.#visited.push(open.bytes.buffer);
      if (outcome === 'stopped') return;
    }
  }

  /** Moves on behind the part that was visited. Returns whether there is another one. */
  advance(): boolean {
    this.#start = this.#place;
    for (const memory of this.#visited) freeMemory(memory);
    if (this.#visited.length > 0) this.#visited = [];
    return this.#hasMore;
  }

  /** The next batch with records to visit; undefined at the end, and where it is left to the next part. */
  #openBatch(leftBytes: number): OpenBatch | undefined {
    const { records, startOffset, checkCrcs = true, maxBatchBytes } = this.#options;
    const place = this.#place;
    while (place.at < records.length) {
      if (leftBytes <= 0) {
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
      if (checkCrcs && crc32c(records, start + field.attributes, stop) !== records.readUInt32BE(start + field.crc)) {
        throw this.#corrupt(start, 'its CRC does not match its bytes');
      }
      place.at = stop;
      try {
        if (isHidden(records, start, stop, lastOffset, place.aborted) || lastOffset < startOffset) continue;
        return openBatch(records, start, stop, maxBatchBytes);
      } catch (error) {
        throw this.#told(error, start);
      }
    }
    return undefined;
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

/** @throws Malformed, TooLarge */
function openBatch(records: Buffer, start: number, stop: number, maxBatchBytes: number = defaultBatchBytes): OpenBatch {
  const codec = records[start + field.attributes + 1]! & attribute.codec;
  const left = records.readInt32BE(start + field.recordCount);
  if (codec === 0) return { start, bytes: records, at: start + field.records, end: stop, left };
  const bytes = decompress(codec, records.subarray(start + field.records, stop), maxBatchBytes);
  return { start, bytes, at: 0, end: bytes.length, left };
}

/** Whether a batch's records are hidden from the user: control records, or those of an aborted transaction. */
function isHidden(
  records: Buffer,
  at: number,
  end: number,
  lastOffset: bigint,
  aborted: AbortedTransactions | undefined,
): boolean {
  const attributes = records[at + field.attributes + 1]!;
  const control = (attributes & attribute.control) !== 0;
  if (aborted === undefined || (attributes & attribute.transactional) === 0) return control;
  const producerId = records.readBigInt64BE(at + field.producerId);
  if (!control) return aborted.hides(producerId, lastOffset);
  aborted.marker(producerId, lastOffset, markerType(records, at, end));
  return true;
}

/** The type in a control batch's only record's key; -1 when compaction has emptied the batch. */
function markerType(records: Buffer, at: number, end: number): number {
  if (records.readInt32BE(at + field.recordCount) === 0) return -1;
  readVarint(records, at + field.records);
  readVarlong(records, ended.at + 1);
  readVarint(records, ended.at);
  const keyLength = readVarint(records, ended.at);
  if (keyLength < 4 || ended.at + keyLength > end) malformed('a control record without a type');
  return records.readInt16BE(ended.at + 2);
}
