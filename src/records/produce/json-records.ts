/** JSON lines as records: the exact inverse of `tail -o json`. */
import { isUtf8 } from 'node:buffer';
import { usageError } from '../../base/errors.ts';
import { encodeHeaders, type RecordHeader } from '../../kafka/batch/record-headers.ts';
import { noBytes, type ReadPiece } from './record-input.ts';

interface JsonHeader {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly keyEncoding?: unknown;
  readonly valueEncoding?: unknown;
}

const knownFields = new Set([
  'topic',
  'partition',
  'offset',
  'timestamp',
  'timestampType',
  'headers',
  'key',
  'value',
  'keyEncoding',
  'valueEncoding',
  'keyType',
]);

export interface JsonOptions {
  /** Takes `partition` from the input too. */
  readonly partitionFromInput: boolean;
  /** Takes `topic` from the input too. */
  readonly topicFromInput: boolean;
  readonly fixedKey: Buffer | undefined;
}

/** How a JSON line fills a record: `{key, value, headers, timestamp}`, with `keyEncoding` and `valueEncoding` as tail writes them; where it was read from (topic, offset) does not matter. */
export function jsonRecords(options: JsonOptions): ReadPiece {
  return (record, bytes, start, end) => {
    const text = bytes.toString('utf8', start, end);
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
      throw usageError('not UTF-8', 'JSON is UTF-8; bytes that are no text go in as base64, with "valueEncoding":"base64"');
    }
    const line = parsed(text);
    const unknown = Object.keys(line).find((field) => !knownFields.has(field));
    if (unknown !== undefined)
      throw usageError(`unknown field ${JSON.stringify(unknown)}`, `the fields are ${[...knownFields].join(', ')}`);
    if (!('value' in line)) throw usageError('no field "value"', 'give {"value": …}; null makes a tombstone');

    const key =
      line.key === undefined && options.fixedKey
        ? options.fixedKey
        : encoded('key', line.key, line.keyEncoding, () => rawField(text, 'key'));
    record.key = key ?? noBytes;
    record.keyStart = key ? 0 : -1;
    record.keyEnd = key ? key.length : -1;
    const value = encoded('value', line.value, line.valueEncoding, () => rawField(text, 'value'));
    record.value = value ?? noBytes;
    record.valueStart = value ? 0 : -1;
    record.valueEnd = value ? value.length : -1;
    if (line.headers !== undefined) record.headers = headersOf(line.headers);
    if (line.timestamp !== undefined && line.timestamp !== -1) record.timestamp = timestampOf(line.timestamp, text);
    if (options.topicFromInput && line.topic !== undefined) {
      if (typeof line.topic !== 'string') throw usageError('"topic" is no text', 'give the name of a topic');
      record.topic = line.topic;
    }
    record.partition = undefined;
    if (options.partitionFromInput && line.partition !== undefined) {
      if (!Number.isInteger(line.partition)) throw usageError('"partition" is no whole number', 'partitions count from 0');
      record.partition = line.partition as number;
    }
  };
}

function parsed(text: string): Record<string, unknown> {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message
      .replace(/^JSON Parse error: /, '')
      .replace(/, ".*$/s, '')
      .replace(/\s+/g, ' ');
    throw usageError(`not JSON: ${why}`, 'one JSON object per line; -i lines sends lines as they are');
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    throw usageError(
      'not a JSON object',
      'one object per line, such as {"key":"k","value":"v"}; -i lines sends lines as they are',
    );
  }
  return line as Record<string, unknown>;
}

/** A key's or value's bytes; null stays null. `raw` gives its text in the line, for embedded JSON. */
function encoded(field: string, value: unknown, encoding: unknown, raw: () => string): Buffer | null {
  if (value === null || value === undefined) {
    // Embedded JSON null is a record holding the text `null`; without the flag it is no value at all.
    return encoding === 'json' && value === null ? Buffer.from('null') : null;
  }
  if (encoding === 'json' || (encoding === undefined && typeof value !== 'string')) return Buffer.from(raw());
  const text = String(value);
  switch (encoding) {
    case undefined:
    case 'string':
      return Buffer.from(text);
    case 'base64':
      return exact(field, text, 'base64');
    case 'hex':
      return exact(field, text, 'hex');
    case 'uuid':
      return exact(field, text.replaceAll('-', ''), 'hex');
    case 'int32':
      return number(field, text, 4, (bytes) => bytes.writeInt32BE(Number(text)));
    case 'int64':
      return number(field, raw().replaceAll('"', ''), 8, (bytes) => bytes.writeBigInt64BE(BigInt(raw().replaceAll('"', ''))));
    case 'double':
      return number(field, text, 8, (bytes) => bytes.writeDoubleBE(Number(text)));
    case 'internal':
      throw usageError(
        `"${field}" is decoded (a view, its bytes are not in it)`,
        'kt tail with --key-format base64 --value-format base64 writes what can be produced again',
      );
    default:
      throw usageError(
        `unknown ${field}Encoding ${JSON.stringify(encoding)}`,
        'encodings are base64, hex, json, string, int32, int64, double and uuid',
      );
  }
}

function exact(field: string, text: string, encoding: 'base64' | 'hex'): Buffer {
  const bytes = Buffer.from(text, encoding);
  // Buffer.from stops silently at what it cannot read.
  const same =
    encoding === 'hex'
      ? bytes.toString('hex') === text.toLowerCase()
      : bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  if (!same) throw usageError(`"${field}" is not ${encoding}`, `take ${field}Encoding out to send the text as it is`);
  return bytes;
}

function number(field: string, text: string, width: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(width);
  try {
    if (!/^-?(\d|Infinity)|^NaN$/.test(text)) throw new RangeError('no number');
    write(bytes);
  } catch {
    throw usageError(`"${field}" does not fit its ${field}Encoding`, 'give a number in range');
  }
  return bytes;
}

function headersOf(headers: unknown): Buffer | undefined {
  if (!Array.isArray(headers)) throw usageError('"headers" is no list', 'headers look like [{"key":"name","value":"text"}]');
  if (headers.length === 0) return undefined;
  return encodeHeaders(
    headers.map((header: JsonHeader | null): RecordHeader => {
      if (typeof header !== 'object' || header === null || typeof header.key !== 'string') {
        throw usageError('a header without a "key"', 'headers look like [{"key":"name","value":"text"}]');
      }
      return {
        key: encoded('key', header.key, header.keyEncoding, () => JSON.stringify(header.key))!,
        value: encoded('value', header.value, header.valueEncoding, () => JSON.stringify(header.value)),
      };
    }),
  );
}

/** Epoch ms; beyond 2^53 read from the text, since JSON.parse rounds there. */
function timestampOf(timestamp: unknown, text: string): number | bigint {
  if (Number.isSafeInteger(timestamp)) return timestamp as number;
  const raw = typeof timestamp === 'number' ? rawField(text, 'timestamp') : '';
  if (!/^-?\d{1,19}$/.test(raw)) throw usageError('"timestamp" is no whole number', 'timestamps are milliseconds since 1970');
  return BigInt(raw);
}

/** The text of a top-level field's value in a line that is known to be a JSON object; the last one of that name, as JSON.parse takes it. */
function rawField(text: string, field: string): string {
  let depth = 0;
  let start = -1;
  let raw = '';
  let name = '';
  let stringStart = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      stringStart = at;
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
      if (depth === 1 && start === -1) name = JSON.parse(text.slice(stringStart, at + 1));
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (--depth === 0 && start !== -1 && name === field) raw = text.slice(start, at).trim();
    } else if (character === ':' && depth === 1 && start === -1) start = at + 1;
    else if (character === ',' && depth === 1) {
      if (name === field) raw = text.slice(start, at).trim();
      start = -1;
    }
  }
  return raw;
}
