/** The records of one partition out of one Fetch response, visited in place. */
import type { KtError } from '../../base/errors.ts';
import { decompress } from '../compression/index.ts';
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts';
import { crc32c } from './crc32c.ts';
import { attribute, field, LENGTH_END } from './header.ts';
import { corruptBatch, Malformed, malformed, unsupportedFormat } from './malformed.ts';
import type { FetchedRecords, RecordView, TimestampType, Visit } from './record.ts';
import { walkHeaders } from './record-headers.ts';
import { ended, readVarint, readVarlong, readVarlongExact } from './varint.ts';

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
  /** Whether checksums are compared (default true). */
  readonly checkCrcs?: boolean;
}

/** The one record view of all batches: what differs is set for each record, what a batch's records share once per batch. */
class BatchView implements RecordView {
  topic: string;
  partition: number;
  offset = 0.5;
  timestamp = 0.5;
  timestampType: TimestampType = 'CreateTime';
  bytes: Buffer;
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  headerCount = 0;
  headersStart = 0;
  baseOffset = 0n;
  offsetDelta = 0;
  /** With LogAppendTime the time of all records of the batch, otherwise the base of their deltas. */
  batchTimestamp = 0n;
  timestampDeltaAt = 0;

  constructor(topic: string, partition: number, bytes: Buffer) {
    this.topic = topic;
    this.partition = partition;
    this.bytes = bytes;
  }

  exactOffset(): bigint {
    return this.baseOffset + BigInt(this.offsetDelta);
  }

  exactTimestamp(): bigint {
    if (this.timestampType === 'LogAppendTime') return this.batchTimestamp;
    return BigInt.asIntN(64, this.batchTimestamp + readVarlongExact(this.bytes, this.timestampDeltaAt));
  }
}

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
   * @throws KtError `refused`: CORRUPT_MESSAGE, or UNSUPPORTED_FOR_MESSAGE_FORMAT for message sets of format v0 and v1
   */
  each(visit: Visit): void {
    const { records, startOffset, continues, abortedTransactions, checkCrcs = true } = this.#options;
    const aborted = abortedTransactions?.length ? new AbortedTransactions(abortedTransactions) : undefined;
    const view = new BatchView(this.topic, this.partition, records);
    let next = continues ? startOffset : -1n;
    for (let at = 0; at < records.length; ) {
      const end = this.#endOfBatch(at, next);
      if (end === undefined) return;
      const baseOffset = records.readBigInt64BE(at);
      const lastOffset = baseOffset + BigInt(records.readInt32BE(at + field.lastOffsetDelta));
      if (lastOffset < baseOffset || baseOffset < next)
        throw this.#corrupt(at, 'its offsets do not follow those before it', next);
      next = lastOffset + 1n;
      if (checkCrcs && crc32c(records, at + field.attributes, end) !== records.readUInt32BE(at + field.crc)) {
        throw this.#corrupt(at, 'its CRC does not match its bytes', next);
      }
      try {
        const hidden = isHidden(records, at, end, lastOffset, aborted);
        if (!hidden && lastOffset >= startOffset && !visitBatch(view, records, at, end, startOffset, visit)) return;
      } catch (error) {
        throw error instanceof Malformed ? this.#corrupt(at, error.message, next) : error;
      }
      at = end;
    }
  }

  /** Where the batch at `at` ends; undefined when it was cut short, as brokers may do with any batch but the first (KIP-74). */
  #endOfBatch(at: number, next: bigint): number | undefined {
    const { records } = this.#options;
    const left = records.length - at;
    if (left > field.magic && records[at + field.magic] !== 2) {
      throw unsupportedFormat(this.topic, this.partition, records.readBigInt64BE(at), records.readInt8(at + field.magic));
    }
    const length = left < LENGTH_END ? left : records.readInt32BE(at + field.length);
    if (left >= LENGTH_END && length < field.records - LENGTH_END)
      throw this.#corrupt(at, `its length is ${length} bytes`, next);
    if (left >= LENGTH_END && length <= left - LENGTH_END) return at + LENGTH_END + length;
    if (at === 0) throw this.#corrupt(at, `only ${left} bytes of it came`, next);
    return undefined;
  }

  #corrupt(at: number, reason: string, next: bigint): KtError {
    const { records, startOffset } = this.#options;
    const offset = at + 8 <= records.length && next !== -1n ? records.readBigInt64BE(at) : startOffset;
    return corruptBatch(this.topic, this.partition, offset, reason, next > offset ? next : undefined);
  }
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

/** Moves the view over the records of one batch; false when the visitor stopped. Nothing is allocated per record. */
function visitBatch(view: BatchView, records: Buffer, start: number, stop: number, startOffset: bigint, visit: Visit): boolean {
  const attributes = records[start + field.attributes + 1]!;
  const logAppendTime = (attributes & attribute.logAppendTime) !== 0;
  const codec = attributes & attribute.codec;
  const count = records.readInt32BE(start + field.recordCount);
  const lastOffsetDelta = records.readInt32BE(start + field.lastOffsetDelta);
  const plain = codec === 0;
  const bytes = plain ? records : decompress(codec, records.subarray(start + field.records, stop));
  const end = plain ? stop : bytes.length;
  let at = plain ? start + field.records : 0;

  view.bytes = bytes;
  view.baseOffset = records.readBigInt64BE(start);
  view.batchTimestamp = records.readBigInt64BE(start + (logAppendTime ? field.maxTimestamp : field.baseTimestamp));
  view.timestampType = logAppendTime ? 'LogAppendTime' : 'CreateTime';
  const baseOffset = Number(view.baseOffset);
  const baseTimestamp = Number(view.batchTimestamp);
  const fastTimestamps = logAppendTime || Number.isSafeInteger(baseTimestamp);
  /** Exact as a number: the batch holds the start offset or lies behind it. */
  const firstDelta = startOffset > view.baseOffset ? Number(startOffset - view.baseOffset) : 0;

  for (let left = count; left > 0; left--) {
    // Varints of up to two bytes are read in place: with a call for each this loop took 2.3 times as long on Node (the same on Bun).
    let raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at++]!;
      if (high < 128) raw = (raw & 127) | (high << 7);
      else {
        const long = readVarint(bytes, at - 2);
        raw = (long << 1) ^ (long >> 31);
        at = ended.at;
      }
    }
    const recordEnd = at + ((raw >>> 1) ^ -(raw & 1));
    if (recordEnd > end || recordEnd < at) malformed('a record reaches beyond the batch');
    at++;

    const timestampDeltaAt = at;
    let timestampDelta = bytes[at++]!;
    if (timestampDelta < 128) timestampDelta = (timestampDelta >>> 1) ^ -(timestampDelta & 1);
    else {
      timestampDelta = readVarlong(bytes, timestampDeltaAt);
      at = ended.at;
    }

    raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at++]!;
      if (high < 128) raw = (raw & 127) | (high << 7);
      else {
        const long = readVarint(bytes, at - 2);
        raw = (long << 1) ^ (long >> 31);
        at = ended.at;
      }
    }
    const offsetDelta = (raw >>> 1) ^ -(raw & 1);
    if (offsetDelta < 0 || offsetDelta > lastOffsetDelta) malformed('a record with an offset outside the batch');

    raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at++]!;
      if (high < 128) raw = (raw & 127) | (high << 7);
      else {
        const long = readVarint(bytes, at - 2);
        raw = (long << 1) ^ (long >> 31);
        at = ended.at;
      }
    }
    const keyLength = (raw >>> 1) ^ -(raw & 1);
    const keyStart = at;
    if (keyLength > 0) at += keyLength;
    if (keyLength < -1 || at >= recordEnd) malformed('a key reaches beyond its record');

    raw = bytes[at++]!;
    if (raw > 127) {
      const high = bytes[at++]!;
      if (high < 128) raw = (raw & 127) | (high << 7);
      else {
        const long = readVarint(bytes, at - 2);
        raw = (long << 1) ^ (long >> 31);
        at = ended.at;
      }
    }
    const valueLength = (raw >>> 1) ^ -(raw & 1);
    const valueStart = at;
    if (valueLength > 0) at += valueLength;
    if (valueLength < -1 || at >= recordEnd) malformed('a value reaches beyond its record');
    const valueEnd = at;

    let headerCount = bytes[at++]!;
    let headersStart = at;
    if (headerCount !== 0) {
      headerCount = readVarint(bytes, at - 1);
      headersStart = ended.at;
      if (headerCount < 0) malformed('a record with a negative number of headers');
      at = walkHeaders(bytes, headersStart, recordEnd, headerCount);
    }
    if (at !== recordEnd) malformed('a record that is longer or shorter than it says');
    if (offsetDelta < firstDelta) continue;

    view.offsetDelta = offsetDelta;
    view.offset = baseOffset + offsetDelta;
    view.timestampDeltaAt = timestampDeltaAt;
    if (logAppendTime) view.timestamp = baseTimestamp;
    else {
      const fast = fastTimestamps && timestampDelta < 2 ** 52 && timestampDelta > -(2 ** 52);
      view.timestamp = fast ? baseTimestamp + timestampDelta : Number(view.exactTimestamp());
    }
    view.keyStart = keyLength < 0 ? -1 : keyStart;
    view.keyEnd = keyLength < 0 ? -1 : keyStart + keyLength;
    view.valueStart = valueLength < 0 ? -1 : valueStart;
    view.valueEnd = valueLength < 0 ? -1 : valueEnd;
    view.headerCount = headerCount;
    view.headersStart = headersStart;
    if (visit(view) === false) return false;
  }
  if (at !== end || count < 0) malformed(`it does not hold the ${count} records it says`);
  return true;
}
