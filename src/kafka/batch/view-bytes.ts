/** A fetched record as a batch writer takes it: ranges of the bytes that were fetched, nothing copied. */
import type { RecordView } from './record.ts';
import { encodedHeaders, walkHeaders } from './record-headers.ts';
import type { RecordBytes } from './writer.ts';

/** The largest number whose varint, which is zigzag, takes one byte. */
const mostInOneByte = 63;

/** One object for all records of a stream: `at` says which record it is about. Valid as long as the view's bytes. */
export class ViewBytes implements RecordBytes {
  key: Buffer = Buffer.alloc(0);
  keyStart = -1;
  keyEnd = -1;
  value: Buffer = this.key;
  valueStart = -1;
  valueEnd = -1;
  headers: Buffer | undefined;
  headersStart = 0;
  headersEnd = 0;
  timestamp: number | bigint = -1;

  /** @throws Malformed for headers that reach beyond the record's bytes */
  at(record: RecordView): this {
    const { bytes, timestamp } = record;
    this.key = bytes;
    this.keyStart = record.keyStart;
    this.keyEnd = record.keyEnd;
    this.value = bytes;
    this.valueStart = record.valueStart;
    this.valueEnd = record.valueEnd;
    this.timestamp = Number.isSafeInteger(timestamp) ? timestamp : record.exactTimestamp();
    if (record.headerCount === 0) this.headers = undefined;
    else this.#headersOf(record);
    return this;
  }

  setKey(key: Buffer | null): void {
    this.key = key ?? this.key;
    this.keyStart = key ? 0 : -1;
    this.keyEnd = key ? key.length : -1;
  }

  setValue(value: Buffer | null): void {
    this.value = value ?? this.value;
    this.valueStart = value ? 0 : -1;
    this.valueEnd = value ? value.length : -1;
  }

  /** @param headers as `encodeHeaders` encodes them */
  setHeaders(headers: Buffer | undefined): void {
    this.headers = headers;
    this.headersStart = 0;
    this.headersEnd = headers?.length ?? 0;
  }

  /** Their count stands before them, in one byte as a rule; where it does not, they are copied. */
  #headersOf(record: RecordView): void {
    const { bytes, headersStart, headerCount } = record;
    if (headerCount > mostInOneByte || bytes[headersStart - 1] !== 2 * headerCount) {
      this.setHeaders(encodedHeaders(record));
      return;
    }
    this.headers = bytes;
    this.headersStart = headersStart - 1;
    this.headersEnd = walkHeaders(bytes, headersStart, bytes.length, headerCount);
  }
}
