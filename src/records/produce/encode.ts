/** Text of the input → keys and values in the formats asked for. */
import { isUtf8 } from 'node:buffer';
import { ByteSink } from '../../base/bytes/byte-sink.ts';
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
 * @param what names the text in an error: `key "12abc"`
 * @throws KtError `usage` if the text does not fit the serde
 */
export function encodeText(serde: Serde, text: string, what: () => string): Buffer {
  let bytes: Buffer | undefined;
  try {
    bytes = serde.encode?.(text);
  } catch (error) {
    throw error instanceof SchemaDataError ? schemaMisfit(serde, error, what()) : error;
  }
  if (bytes === undefined) throw usageError(`${what()} is not ${serde.name}`, `${serde.name} takes ${serde.takes}`);
  return bytes;
}

function schemaMisfit({ takes }: Serde, { path, message }: SchemaDataError, what: string) {
  return usageError(`${what} does not fit its schema (${path === '' ? '' : `${path}: `}${message})`, `it takes ${takes}`);
}

/** Reads records whose keys and values are text, and encodes them; null stays null. Undefined serdes leave the bytes as they are. */
export function encodingRead(read: ReadPiece, keySerde: Serde | undefined, valueSerde: Serde | undefined): ReadPiece {
  if (keySerde === undefined && valueSerde === undefined) return read;
  const key = keySerde && new FieldEncoder('key', keySerde);
  const value = valueSerde && new FieldEncoder('value', valueSerde);
  return (record, bytes, start, end) => {
    read(record, bytes, start, end);
    if (key && record.keyStart >= 0) {
      const { buf, length } = key.encoded(record.key, record.keyStart, record.keyEnd);
      record.key = buf;
      record.keyStart = 0;
      record.keyEnd = length;
    }
    if (value && record.valueStart >= 0) {
      const { buf, length } = value.encoded(record.value, record.valueStart, record.valueEnd);
      record.value = buf;
      record.valueStart = 0;
      record.valueEnd = length;
    }
  };
}

const longestQuote = 40;
const smallest = 4096;
/** A larger sink is not kept. */
const largestKept = 1 << 20;

/** Encodes one field of every record, each in the memory of the one before. */
class FieldEncoder {
  readonly #field: string;
  readonly #serde: Serde;
  #sink = new ByteSink(smallest);

  constructor(field: string, serde: Serde) {
    this.#field = field;
    this.#serde = serde;
  }

  /** The bytes for the text in `bytes[start, end)`. @throws KtError `usage` if it does not fit the serde */
  encoded(bytes: Buffer, start: number, end: number): ByteSink {
    const { encodeTo } = this.#serde;
    if (this.#sink.buf.length > largestKept) this.#sink = new ByteSink(smallest);
    const sink = this.#sink;
    sink.length = 0;
    if (encodeTo) {
      try {
        encodeTo(bytes, start, end, sink);
      } catch (error) {
        if (!(error instanceof SchemaDataError)) throw error;
        throw schemaMisfit(this.#serde, error, this.#quoted(this.#text(bytes, start, end)));
      }
    } else {
      const text = this.#text(bytes, start, end);
      const encoded = encodeText(this.#serde, text, () => this.#quoted(text));
      sink.copy(encoded, 0, encoded.length);
    }
    return sink;
  }

  #text(bytes: Buffer, start: number, end: number): string {
    const part = bytes.subarray(start, end);
    const { name, takes } = this.#serde;
    if (!isUtf8(part)) throw usageError(`${this.#field} is not UTF-8, so not ${name}`, `${name} takes ${takes}`);
    return part.toString();
  }

  /** The text as errors name it. */
  #quoted(text: string): string {
    return `${this.#field} ${JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text)}`;
  }
}
