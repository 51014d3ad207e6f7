/** Text of the input → keys and values in the formats asked for. */
import { isUtf8 } from 'node:buffer';
import { usageError } from '../../base/errors.ts';
import { SchemaDataError } from '../../schemas/data-error.ts';
import type { Serde } from '../serde/serde.ts';
import { loadSerde } from '../serde/stream-serdes.ts';
import { type WritableSerdeName, writableSerdeNames } from '../serde/table.ts';
import type { ReadPiece } from './record-input.ts';

/**
 * Every serde that can write a field, by name: lines of JSON may use any of them.
 * @param withSchema writes with a schema, where one is named
 */
export async function loadWritableSerdes(field: 'key' | 'value', withSchema?: Serde): Promise<ReadonlyMap<string, Serde>> {
  const context = { field, coordinator: undefined };
  const loaded = writableSerdeNames.map(async (name) => [name, await loadSerde(name, context)] as const);
  const serdes = new Map<string, Serde>(await Promise.all(loaded));
  return withSchema ? serdes.set(withSchema.name, withSchema) : serdes;
}

/** The serde that writes a field; undefined where the text's bytes are written as they are. */
export async function loadEncoder(field: 'key' | 'value', name: WritableSerdeName | undefined): Promise<Serde | undefined> {
  return name === undefined || name === 'string' ? undefined : loadSerde(name, { field, coordinator: undefined });
}

/**
 * The bytes for a text.
 * @param what names the text in the error: `key "12abc"`
 * @throws KtError `usage` if the text does not fit the serde
 */
export function encodeText({ name, takes, encode }: Serde, text: string, what: string): Buffer {
  let bytes: Buffer | undefined;
  try {
    bytes = encode?.(text);
  } catch (error) {
    if (!(error instanceof SchemaDataError)) throw error;
    const { path, message } = error;
    throw usageError(`${what} does not fit its schema (${path === '' ? '' : `${path}: `}${message})`, `it takes ${takes}`);
  }
  if (bytes === undefined) throw usageError(`${what} is not ${name}`, `${name} takes ${takes}`);
  return bytes;
}

/** Reads records whose keys and values are text, and encodes them; null stays null. Undefined serdes leave the bytes as they are. */
export function encodingRead(read: ReadPiece, key: Serde | undefined, value: Serde | undefined): ReadPiece {
  if (key === undefined && value === undefined) return read;
  return (record, bytes, start, end) => {
    read(record, bytes, start, end);
    if (key && record.keyStart >= 0) {
      record.key = encodeRange(key, 'key', record.key, record.keyStart, record.keyEnd);
      record.keyStart = 0;
      record.keyEnd = record.key.length;
    }
    if (value && record.valueStart >= 0) {
      record.value = encodeRange(value, 'value', record.value, record.valueStart, record.valueEnd);
      record.valueStart = 0;
      record.valueEnd = record.value.length;
    }
  };
}

const longestQuote = 40;

function encodeRange(serde: Serde, field: string, bytes: Buffer, start: number, end: number): Buffer {
  const part = bytes.subarray(start, end);
  if (!isUtf8(part)) throw usageError(`${field} is not UTF-8, so not ${serde.name}`, `${serde.name} takes ${serde.takes}`);
  const text = part.toString();
  const quoted = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return encodeText(serde, text, `${field} ${JSON.stringify(quoted)}`);
}
