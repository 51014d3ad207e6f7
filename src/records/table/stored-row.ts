/** A record as a table keeps it: encoded into bytes, and seen again as a record without being decoded. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { sourceView } from '../../base/bytes/word32.ts';
import type { RecordView, TimestampType } from '../../kafka/batch/record.ts';
import { walkHeaders } from '../../kafka/batch/record-headers.ts';

/** Flags, partition, offset, timestamp; then, if the record has headers, their number and length, and they themselves; then the value. */
const partitionAt = 1;
const offsetAt = 5;
const timestampAt = 13;
const headBytes = 21;
const headersHeadBytes = 8;
const isLogAppendTime = 1;
const isNull = 2;
const hasHeaders = 4;
const word = 2 ** 32;

/** Appends a record without its key. */
export function appendRow(sink: ByteSink, record: RecordView): void {
  const { bytes, valueStart, valueEnd, headersStart, headerCount } = record;
  appendHead(sink, record, valueStart < 0, headerCount > 0);
  if (headerCount > 0) {
    const end = walkHeaders(bytes, headersStart, bytes.length, headerCount);
    sink.ensure(headersHeadBytes);
    sink.view.setUint32(sink.length, headerCount);
    sink.view.setUint32(sink.length + 4, end - headersStart);
    sink.length += headersHeadBytes;
    sink.copy(bytes, headersStart, end);
  }
  if (valueStart >= 0) sink.copy(bytes, valueStart, valueEnd);
}

/** Appends the place and time of a record, with another value and without headers. @param value undefined: null */
export function appendRowWithValue(sink: ByteSink, record: RecordView, value: string | undefined): void {
  appendHead(sink, record, value === undefined, false);
  if (value !== undefined) sink.utf8(value);
}

function appendHead(sink: ByteSink, record: RecordView, isNullValue: boolean, withHeaders: boolean): void {
  sink.ensure(headBytes);
  const at = sink.length;
  sink.buf[at] =
    (record.timestampType === 'LogAppendTime' ? isLogAppendTime : 0) |
    (isNullValue ? isNull : 0) |
    (withHeaders ? hasHeaders : 0);
  sink.view.setUint32(at + partitionAt, record.partition);
  if (Number.isSafeInteger(record.offset)) putInt64(sink.view, at + offsetAt, record.offset);
  else sink.view.setBigInt64(at + offsetAt, record.exactOffset());
  if (Number.isSafeInteger(record.timestamp)) putInt64(sink.view, at + timestampAt, record.timestamp);
  else sink.view.setBigInt64(at + timestampAt, record.exactTimestamp());
  sink.length += headBytes;
}

/** A safe integer, without a BigInt for it. */
function putInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / word);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * word);
}

/** One object for all rows: `at` says which one it shows. */
export class StoredRow implements RecordView {
  readonly topic: string;
  bytes: Buffer = Buffer.alloc(0);
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  partition = 0;
  offset = 0;
  timestamp = -1;
  timestampType: TimestampType = 'CreateTime';
  headerCount = 0;
  headersStart = 0;
  #view = sourceView(this.bytes);
  #start = 0;

  constructor(topic: string) {
    this.topic = topic;
  }

  /** Shows the row in `bytes[start, end)`, whose key is elsewhere in the same bytes. */
  at(bytes: Buffer, keyStart: number, keyEnd: number, start: number, end: number): this {
    const view = sourceView(bytes);
    const flags = bytes[start]!;
    this.#view = view;
    this.#start = start;
    this.bytes = bytes;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.partition = view.getUint32(start + partitionAt);
    this.offset = int64At(view, start + offsetAt);
    this.timestamp = int64At(view, start + timestampAt);
    this.timestampType = (flags & isLogAppendTime) === 0 ? 'CreateTime' : 'LogAppendTime';
    let at = start + headBytes;
    this.headerCount = 0;
    this.headersStart = at;
    if ((flags & hasHeaders) !== 0) {
      this.headerCount = view.getUint32(at);
      this.headersStart = at + headersHeadBytes;
      at = this.headersStart + view.getUint32(at + 4);
    }
    const isThere = (flags & isNull) === 0;
    this.valueStart = isThere ? at : -1;
    this.valueEnd = isThere ? end : -1;
    return this;
  }

  exactOffset(): bigint {
    return this.#view.getBigInt64(this.#start + offsetAt);
  }

  exactTimestamp(): bigint {
    return this.#view.getBigInt64(this.#start + timestampAt);
  }
}

function int64At(view: DataView, at: number): number {
  return view.getInt32(at) * word + view.getUint32(at + 4);
}

/** Whether a row is newer than another of the same key in another partition: by timestamp, of equal ones the one in the higher partition. */
export function isNewer(bytes: Buffer, start: number, otherBytes: Buffer, otherStart: number): boolean {
  const difference = compareInt64(bytes, start + timestampAt, otherBytes, otherStart + timestampAt);
  return difference === 0
    ? bytes.readUInt32BE(start + partitionAt) > otherBytes.readUInt32BE(otherStart + partitionAt)
    : difference > 0;
}

function compareInt64(a: Buffer, at: number, b: Buffer, bAt: number): number {
  return a.readInt32BE(at) - b.readInt32BE(bAt) || a.readUInt32BE(at + 4) - b.readUInt32BE(bAt + 4);
}

/** Whether the row says that its key is not there: a tombstone. */
export function isRemoval(bytes: Buffer, start: number): boolean {
  return (bytes[start]! & isNull) !== 0;
}

/** Whether two rows of a key are the same record. */
export function isSameRecord(bytes: Buffer, start: number, otherBytes: Buffer, otherStart: number): boolean {
  return (
    bytes.compare(otherBytes, otherStart + partitionAt, otherStart + timestampAt, start + partitionAt, start + timestampAt) ===
    0
  );
}
