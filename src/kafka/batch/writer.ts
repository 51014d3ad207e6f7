/** Builds a record batch of format v2 straight into one growing buffer. */

import { copyBytes } from '../../base/bytes/copy-bytes.ts';
import { type CompressionName, compress, compressInBackground, compressionNames } from '../compression/index.ts';
import { crc32c } from './crc32c.ts';
import { attribute, field, LENGTH_END } from './header.ts';
import type { LineMemory, LineRun } from './line-memory.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

/** Where a record's bytes are. A start of -1 is null. */
export interface RecordBytes {
  readonly key: Buffer;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: Buffer;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Encoded by `encodeHeaders`; undefined without headers. */
  readonly headers: Buffer | undefined;
  /** Where they are in that buffer; all of it unless said. */
  readonly headersStart?: number;
  readonly headersEnd?: number;
  /** Epoch ms; a bigint beyond 2^53. */
  readonly timestamp: number | bigint;
}

/** The most bytes a record has besides key, value and headers: five numbers of 32 bits, one of 64, the attributes byte. */
const MAX_RECORD_OVERHEAD = 36;
/** Timestamp deltas below this are exact as numbers, zigzag included. */
const MAX_NUMBER_DELTA = 2 ** 52;
/** The same of lines. */
const MAX_LINE_DELTA = 2 ** 30;
/** What outgrows its first memory gets this much at once: memory is only taken as it is filled, while growing step by step copies and clears it thrice. */
const SECOND_SIZE = 512 << 10;
/** Below this size, handing a batch to another thread takes longer than compressing it. */
const BACKGROUND_FROM = 32 << 10;
const noMemory = Buffer.alloc(0);

export class BatchWriter {
  /** Records appended since the last reset. */
  count = 0;
  /** Bytes of its keys and values. */
  payload = 0;
  /** None until the first record: lines have memory of their own. */
  #bytes: Buffer = noMemory;
  readonly #initialBytes: number;
  #at: number = field.records;
  /** NaN when it is not a safe integer; then only the exact ones count. */
  #baseTimestamp = Number.NaN;
  #maxTimestamp = Number.NaN;
  #exactBase = -1n;
  #exactMax = -1n;

  constructor(initialBytes = 64 * 1024) {
    this.#initialBytes = Math.max(initialBytes, field.records);
  }

  /** Bytes of the batch as it stands, uncompressed. */
  get size(): number {
    return this.#at;
  }

  /** Whether the batch stays within `maxBytes` with this record. May say no up to 30 bytes too early, never too late. */
  fits(record: RecordBytes, maxBytes: number): boolean {
    return this.#at + contentLength(record) + MAX_RECORD_OVERHEAD <= maxBytes;
  }

  /** Appends a record, copying its bytes. */
  append(record: RecordBytes): void {
    const { keyStart, keyEnd, valueStart, valueEnd, headers } = record;
    const keyLength = keyStart < 0 ? -1 : keyEnd - keyStart;
    const valueLength = valueStart < 0 ? -1 : valueEnd - valueStart;
    const content = contentLength(record);
    if (this.#at + content + MAX_RECORD_OVERHEAD > this.#bytes.length) this.#grow(content + MAX_RECORD_OVERHEAD);

    const delta = this.#timestampDelta(record.timestamp);
    const sizes = sizeOfVarlong(delta) + sizeOfVarint(this.count);
    const bytes = this.#bytes;
    let at = this.#at;
    at = writeVarint(bytes, at, 1 + sizes + sizeOfVarint(keyLength) + sizeOfVarint(valueLength) + content);
    bytes[at++] = 0;
    at = writeVarlong(bytes, at, delta);
    at = writeVarint(bytes, at, this.count);
    at = writeVarint(bytes, at, keyLength);
    if (keyLength > 0) at = copyBytes(record.key, keyStart, keyEnd, bytes, at);
    at = writeVarint(bytes, at, valueLength);
    if (valueLength > 0) at = copyBytes(record.value, valueStart, valueEnd, bytes, at);
    if (headers === undefined) bytes[at++] = 0;
    else at = copyBytes(headers, record.headersStart ?? 0, record.headersEnd ?? headers.length, bytes, at);
    this.#at = at;
    this.count++;
    this.payload += Math.max(0, keyLength) + Math.max(0, valueLength);
  }

  /**
   * Appends lines, as long as the batch stays within `maxBytes`: as records without key and headers. The writer moves into the lines' memory first.
   * Where there is none for it, or the timestamp is before the batch's first or far behind it, nothing is appended.
   */
  appendLines(lines: LineMemory, run: LineRun, maxBytes: number): void {
    const delta = this.count === 0 ? 0 : run.timestamp - this.#baseTimestamp;
    run.added = 0;
    run.isFull = false;
    if (!Number.isSafeInteger(run.timestamp) || !(delta >= 0 && delta < MAX_LINE_DELTA)) return;
    const start = this.#placeIn(lines);
    if (start === -1) return;
    lines.append(run, start + this.#at, start + Math.min(maxBytes, this.#bytes.length), delta, this.count);
    if (run.added === 0) return;
    this.#timestampDelta(run.timestamp);
    this.#at = run.batchEnd - start;
    this.count += run.added;
    this.payload += run.payload;
  }

  /**
   * The finished batch, of no producer. Without compression it is the writer's own memory: `reset` only once the batch was acknowledged.
   * The codec must have been prepared (`prepareCompression`).
   * @param isComplete false: `setProducer` will follow, and write the checksum
   */
  finish(compression: CompressionName, isComplete = true): Buffer {
    const codec = compressionNames.indexOf(compression);
    const draft = this.draft();
    const batch = codec === 0 ? draft : packed(draft, codec, compress(codec, draft.subarray(field.records)));
    if (isComplete) writeChecksum(batch);
    return batch;
  }

  /**
   * As `finish`, not complete, compressed off the main thread; leave the writer alone until it is done. Undefined where that is impossible or not
   * worth it.
   */
  finishInBackground(compression: CompressionName): Promise<Buffer> | undefined {
    const codec = compressionNames.indexOf(compression);
    if (codec === 0 || this.#at < BACKGROUND_FROM) return undefined;
    const batch = this.draft();
    return compressInBackground(codec, batch.subarray(field.records))?.then((records) => packed(batch, codec, records));
  }

  /** The batch uncompressed and without a checksum, in the writer's own memory: to be read here, not sent. */
  draft(): Buffer {
    if (this.#bytes === noMemory) this.#grow(0);
    const batch = this.#bytes.subarray(0, this.#at);
    const safe = !Number.isNaN(this.#baseTimestamp);
    batch.writeBigInt64BE(0n, field.baseOffset);
    batch.writeInt32BE(batch.length - LENGTH_END, field.length);
    batch.writeInt32BE(-1, field.leaderEpoch);
    batch[field.magic] = 2;
    batch.writeInt16BE(0, field.attributes);
    batch.writeInt32BE(this.count - 1, field.lastOffsetDelta);
    batch.writeBigInt64BE(safe ? BigInt(this.#baseTimestamp) : this.#exactBase, field.baseTimestamp);
    batch.writeBigInt64BE(safe ? BigInt(this.#maxTimestamp) : this.#exactMax, field.maxTimestamp);
    batch.writeInt32BE(this.count, field.recordCount);
    batch.writeBigInt64BE(-1n, field.producerId);
    batch.writeInt16BE(-1, field.producerEpoch);
    batch.writeInt32BE(-1, field.baseSequence);
    return batch;
  }

  /**
   * Writes the producer into a finished batch (KIP-98), and its checksum. Called again when the batch is sent under a new epoch.
   * `baseSequence` is the first record's; without a producer all three are -1.
   */
  static setProducer(batch: Buffer, id: bigint, epoch: number, baseSequence: number, transactional = false): void {
    const low = field.attributes + 1;
    batch[low] = transactional ? batch[low]! | attribute.transactional : batch[low]! & ~attribute.transactional;
    batch.writeBigInt64BE(id, field.producerId);
    batch.writeInt16BE(epoch, field.producerEpoch);
    batch.writeInt32BE(baseSequence, field.baseSequence);
    writeChecksum(batch);
  }

  /** Empties the writer, which keeps its memory. */
  reset(): void {
    this.count = 0;
    this.payload = 0;
    this.#at = field.records;
  }

  /** The distance to the first record's timestamp; a number where that is exact. */
  #timestampDelta(timestamp: number | bigint): number | bigint {
    if (this.count === 0) {
      this.#baseTimestamp = this.#maxTimestamp = Number.isSafeInteger(timestamp) ? (timestamp as number) : Number.NaN;
      this.#exactBase = this.#exactMax = BigInt(timestamp);
      return 0;
    }
    if (typeof timestamp === 'number') {
      const delta = timestamp - this.#baseTimestamp;
      if (delta < MAX_NUMBER_DELTA && delta > -MAX_NUMBER_DELTA) {
        if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
        return delta;
      }
    }
    return this.#exactDelta(BigInt(timestamp));
  }

  /** From now on the batch's timestamps are kept as bigints. */
  #exactDelta(timestamp: bigint): bigint {
    if (!Number.isNaN(this.#baseTimestamp)) {
      this.#exactMax = BigInt(this.#maxTimestamp);
      this.#baseTimestamp = Number.NaN;
    }
    if (timestamp > this.#exactMax) this.#exactMax = timestamp;
    return BigInt.asIntN(64, timestamp - this.#exactBase);
  }

  /** Where in the lines' memory the batch begins, which moves there if it must; -1 if it cannot. */
  #placeIn(lines: LineMemory): number {
    const place = lines.positionOf(this.#bytes);
    const memory = place === -1 ? lines.takeBatch(this.#at) : undefined;
    if (!memory) return place;
    this.#bytes.copy(memory, 0, 0, this.#at);
    this.#bytes = memory;
    return lines.positionOf(memory);
  }

  #grow(bytes: number): void {
    const needed = this.#at + bytes;
    const isFirst = this.#bytes === noMemory && needed <= this.#initialBytes;
    const size = isFirst ? this.#initialBytes : Math.max(SECOND_SIZE, 2 * this.#bytes.length, needed);
    const larger = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

/** The batch of a draft's header and its compressed records, without a checksum. */
function packed(draft: Buffer, codec: number, records: Buffer): Buffer {
  const batch = Buffer.concat([draft.subarray(0, field.records), records]);
  batch.writeInt32BE(batch.length - LENGTH_END, field.length);
  batch.writeInt16BE(codec, field.attributes);
  return batch;
}

function writeChecksum(batch: Buffer): void {
  batch.writeUInt32BE(crc32c(batch, field.attributes, batch.length), field.crc);
}

/** Bytes of key, value and headers; no headers take one byte. */
export function contentLength(record: RecordBytes): number {
  const { keyStart, keyEnd, valueStart, valueEnd, headers } = record;
  const keyLength = keyStart < 0 ? 0 : keyEnd - keyStart;
  const valueLength = valueStart < 0 ? 0 : valueEnd - valueStart;
  if (headers === undefined) return keyLength + valueLength + 1;
  return keyLength + valueLength + (record.headersEnd ?? headers.length) - (record.headersStart ?? 0);
}
