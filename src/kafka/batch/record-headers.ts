/** Record headers (KIP-82): an ordered list of name and nullable value, in which a name may come twice. */
import { malformed } from './malformed.ts';
import type { RecordView } from './record.ts';
import { ended, readVarint, sizeOfVarint, writeVarint } from './varint.ts';

export interface RecordHeader {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** Ranges of positions in `bytes`; a null value starts at -1. `false` stops. */
export type VisitHeader = (
  bytes: Buffer,
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
) => boolean | void;

/** Visits a record's headers in the order they were written, duplicates included. */
export function visitHeaders(record: RecordView, visit: VisitHeader): void {
  walkHeaders(record.bytes, record.headersStart, record.bytes.length, record.headerCount, visit);
}

/**
 * Walks `count` headers and returns where they ended.
 * @throws Malformed when they do not end by `end`
 */
export function walkHeaders(bytes: Buffer, start: number, end: number, count: number, visit?: VisitHeader): number {
  let at = start;
  for (let left = count; left > 0; left--) {
    const keyLength = readVarint(bytes, at);
    const keyStart = ended.at;
    const keyEnd = keyStart + keyLength;
    if (keyLength < 0 || keyEnd >= end) malformed('a header reaches beyond its record');
    const valueLength = readVarint(bytes, keyEnd);
    const valueStart = ended.at;
    at = valueLength < 0 ? valueStart : valueStart + valueLength;
    if (valueLength < -1 || at > end) malformed('a header reaches beyond its record');
    if (visit?.(bytes, keyStart, keyEnd, valueLength < 0 ? -1 : valueStart, valueLength < 0 ? -1 : at) === false) break;
  }
  return at;
}

/** The headers' encoding, their count in front, as a record holds it and `BatchWriter.append` takes it. */
export function encodeHeaders(headers: readonly RecordHeader[]): Buffer {
  let size = sizeOfVarint(headers.length);
  for (const { key, value } of headers) {
    size += sizeOfVarint(key.length) + key.length + sizeOfVarint(value?.length ?? -1) + (value?.length ?? 0);
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = writeVarint(bytes, 0, headers.length);
  for (const { key, value } of headers) {
    at = writeVarint(bytes, at, key.length);
    bytes.set(key, at);
    at = writeVarint(bytes, at + key.length, value?.length ?? -1);
    if (value !== null) bytes.set(value, at);
    at += value?.length ?? 0;
  }
  return bytes;
}

/** A record's headers as `encodeHeaders` would encode them, copied; undefined without headers. */
export function encodedHeaders({ bytes, headersStart, headerCount }: RecordView): Buffer | undefined {
  if (headerCount === 0) return undefined;
  const end = walkHeaders(bytes, headersStart, bytes.length, headerCount);
  const copy = Buffer.allocUnsafe(sizeOfVarint(headerCount) + end - headersStart);
  bytes.copy(copy, writeVarint(copy, 0, headerCount), headersStart, end);
  return copy;
}

/**
 * Encoded headers without some, and with further ones behind them.
 * @param encoded as `encodeHeaders` encodes them; undefined without headers
 * @param isLeftOut says by its name and value whether a header goes
 */
export function replacedHeaders(
  encoded: Buffer | undefined,
  isLeftOut: (name: string, value: Buffer | null) => boolean,
  added: readonly RecordHeader[],
): Buffer | undefined {
  const kept: RecordHeader[] = [];
  if (encoded) {
    const count = readVarint(encoded, 0);
    walkHeaders(encoded, ended.at, encoded.length + 1, count, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
      const value = valueStart < 0 ? null : bytes.subarray(valueStart, valueEnd);
      if (isLeftOut(bytes.toString('utf8', keyStart, keyEnd), value)) return;
      kept.push({ key: bytes.subarray(keyStart, keyEnd), value });
    });
  }
  const all = [...kept, ...added];
  return all.length === 0 ? undefined : encodeHeaders(all);
}
