/** JSON lines as records: the exact inverse of `tail -o json`. */
import { isUtf8 } from 'node:buffer';
import { usageError } from '../../base/errors.ts';
import { canNameTopic } from '../../core/topics/topic-name.ts';
import { encodeHeaders, type RecordHeader } from '../../kafka/batch/record-headers.ts';
import { schemaFormats } from '../schemas/formats.ts';
import type { Serde } from '../serde/serde.ts';
import { writableSerdeNames } from '../serde/table.ts';
import { encodeText } from './encode.ts';
import { jsonFault } from './json-fault.ts';
import { checkKcatText, kcatFields, kcatHeaders } from './kcat-line.ts';
import { rawMember, rawMembers } from './raw-members.ts';
import { noBytes, type ReadPiece } from './record-input.ts';
import { timestampOf } from './timestamp.ts';

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
  'valueType',
  'keySchemaId',
  'valueSchemaId',
  'deliveryCount',
]);

const headerFields = new Set(['key', 'value', 'keyEncoding', 'valueEncoding']);

/** How keys, or values, are written. */
interface JsonFieldOptions {
  /** Every serde that a line can name. */
  readonly serdes: ReadonlyMap<string, Serde>;
  /** The encoding of lines that name none; undefined is `string` for text, and JSON for what is not text. */
  readonly format: string | undefined;
}

export interface JsonOptions {
  /** Takes `partition` from the input too. */
  readonly partitionFromInput: boolean;
  /** Takes `topic` from the input too. */
  readonly topicFromInput: boolean;
  /** Called with each timestamp that the input gives. */
  readonly onTimestamp?: ((timestamp: number | bigint) => void) | undefined;
  /** The key of lines without one, encoded. */
  readonly fixedKey: Buffer | undefined;
  readonly key: JsonFieldOptions;
  readonly value: JsonFieldOptions;
}

/** How a JSON line fills a record: `{key, value, headers, timestamp}`, with `keyEncoding` and `valueEncoding` as tail writes them, or as kcat does. Where it was read from (topic, offset) does not matter. */
export function jsonRecords(options: JsonOptions): ReadPiece {
  const headerText = { serdes: options.value.serdes, format: undefined };
  return (record, bytes, start, end) => {
    const text = bytes.toString('utf8', start, end);
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
      throw notUtf8(bytes[start], bytes[start + 1]);
    }
    const line = parsed(text);
    const isKcat = 'payload' in line;
    const [fields, valueName, timestampName] = isKcat
      ? ([kcatFields, 'payload', 'ts'] as const)
      : ([knownFields, 'value', 'timestamp'] as const);
    checkFields(line, fields);
    const { key, keyEncoding, headers, valueEncoding } = line;
    const { [valueName]: value, [timestampName]: timestamp } = line;
    if (value === undefined) throw usageError('no field "value"', 'give {"value": …}; null makes a tombstone');
    if (isKcat) checkKcatText(key, value, options.key.format, options.value.format);

    const keyBytes =
      key === undefined && options.fixedKey
        ? options.fixedKey
        : fieldBytes('key', key, keyEncoding, options.key, () => rawMember(text, 'key'));
    record.key = keyBytes ?? noBytes;
    record.keyStart = keyBytes ? 0 : -1;
    record.keyEnd = keyBytes ? keyBytes.length : -1;
    const valueBytes = fieldBytes('value', value, valueEncoding, options.value, () => rawMember(text, valueName));
    record.value = valueBytes ?? noBytes;
    record.valueStart = valueBytes ? 0 : -1;
    record.valueEnd = valueBytes ? valueBytes.length : -1;
    if (isGiven(headers)) record.headers = isKcat ? kcatHeaders(headers) : headersOf(headers, headerText, text);
    if (isGiven(timestamp)) {
      record.timestamp = timestampOf(timestampName, timestamp, () => rawMember(text, timestampName));
      options.onTimestamp?.(record.timestamp);
    }
    if (options.topicFromInput && isGiven(line['topic'])) {
      record.topic = topicOf(line['topic']);
    }
    record.partition = undefined;
    if (options.partitionFromInput && isGiven(line['partition'])) {
      if (!Number.isInteger(line['partition']))
        throw usageError('"partition" is not a whole number', 'partitions count from 0');
      record.partition = line['partition'] as number;
    }
  };
}

function checkFields(line: object, fields: ReadonlySet<string>): void {
  const unknown = Object.keys(line).find((field) => !fields.has(field));
  if (unknown === undefined) return;
  throw usageError(`unknown field ${JSON.stringify(unknown)}`, `the fields are ${[...fields].join(', ')}`);
}

/** @param first and `second` are the bytes that the line begins with: UTF-16 files begin with a byte order mark of their own */
function notUtf8(first: number | undefined, second: number | undefined) {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return usageError('not UTF-8 (the file is UTF-16)', 'convert it first: iconv -f UTF-16 -t UTF-8');
  return usageError('not UTF-8', 'JSON is UTF-8; other bytes go in as base64, with "valueEncoding":"base64"');
}

function topicOf(topic: unknown): string {
  if (typeof topic === 'string' && canNameTopic(topic)) return topic;
  throw usageError('"topic" is no name of a topic', 'names have up to 249 letters, digits, dots, underscores and hyphens');
}

/** Null says the same as leaving a field out. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function parsed(text: string): Record<string, unknown> {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw usageError(`not JSON: ${jsonFault(text)}`, 'one JSON object per line; -i lines sends lines as they are');
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    throw usageError(
      'not a JSON object',
      'one object per line, such as {"key":"k","value":"v"}; -i lines sends lines as they are',
    );
  }
  return line as Record<string, unknown>;
}

/** A key's or value's bytes; null is no value, unless it is flagged with an encoding that can say null. `raw` gives the JSON text. */
function fieldBytes(
  field: 'key' | 'value',
  value: unknown,
  encoding: unknown,
  { serdes, format }: JsonFieldOptions,
  raw: () => string,
): Buffer | null {
  if (value === undefined || (value === null && !isGiven(encoding))) return null;
  const isText = typeof value === 'string';
  const serde = serdeOf(field, encodingOf(encoding, format) ?? (isText ? 'string' : 'json'), serdes);
  if (value === null && serde.kind === 'text') return null;
  if (!isText && typeof value === 'object' && serde.kind === 'text') {
    throw usageError(`"${field}" is not text, so not ${serde.name}`, `take ${field}Encoding out to send the JSON as it is`);
  }
  return encodeText(serde, isText && serde.kind === 'text' ? value : raw(), () => `"${field}"`);
}

/** A schema that is named writes all that is JSON, whatever it was read with. */
function encodingOf(encoding: unknown, format: string | undefined): unknown {
  return isSchemaFormat(format) && (encoding === 'json' || isSchemaFormat(encoding)) ? format : (encoding ?? format);
}

function isSchemaFormat(name: unknown): boolean {
  return (schemaFormats as readonly unknown[]).includes(name);
}

/** @throws KtError `usage` for an encoding that does not exist or cannot be written */
function serdeOf(field: 'key' | 'value', encoding: unknown, serdes: ReadonlyMap<string, Serde>): Serde {
  const serde = typeof encoding === 'string' ? serdes.get(encoding) : undefined;
  if (serde) return serde;
  if (encoding === 'internal') {
    throw usageError(
      `"${field}" was decoded (a view, which does not hold its bytes)`,
      'kt tail with --key-format base64 --value-format base64 writes what can be produced again',
    );
  }
  if (isSchemaFormat(encoding)) {
    throw usageError(
      `"${field}" was read with a schema (${encoding}), and none is named to write it with`,
      `--${field}-schema SUBJECT, id:N or FILE names it; kt tail with --${field}-format base64 writes the bytes as they are`,
    );
  }
  throw usageError(`unknown ${field}Encoding ${JSON.stringify(encoding)}`, `encodings are ${writableSerdeNames.join(', ')}`);
}

function headersOf(headers: unknown, options: JsonFieldOptions, text: string): Buffer | undefined {
  if (!Array.isArray(headers)) throw usageError('"headers" is not a list', 'headers look like [{"key":"name","value":"text"}]');
  if (headers.length === 0) return undefined;
  const raw = (index: number, field: 'key' | 'value'): string =>
    rawMember(rawMembers(rawMember(text, 'headers'))[index]![1], field);
  return encodeHeaders(
    headers.map((header: JsonHeader | null, index): RecordHeader => {
      if (typeof header !== 'object' || header === null || typeof header.key !== 'string') {
        throw usageError('a header without a "key"', 'headers look like [{"key":"name","value":"text"}]');
      }
      const unknown = Object.keys(header).find((field) => !headerFields.has(field));
      if (unknown !== undefined) {
        throw usageError(
          `a header with an unknown field ${JSON.stringify(unknown)}`,
          `its fields are ${[...headerFields].join(', ')}`,
        );
      }
      return {
        key: fieldBytes('key', header.key, header.keyEncoding, options, () => raw(index, 'key'))!,
        value: fieldBytes('value', header.value, header.valueEncoding, options, () => raw(index, 'value')),
      };
    }),
  );
}
