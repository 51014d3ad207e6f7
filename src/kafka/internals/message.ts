/** A message preceded by its version (two bytes) → the fields of that version, as plain data. */
import { compileDecode, type Decode } from '../wire/decode.ts';
import { Reader, WireError } from '../wire/reader.ts';
import { defaultOf, type FieldSchema, has, isTagged, type Schema, same } from '../wire/schema.ts';

/** Names are Kafka's in camelCase; 64-bit numbers are bigint, UUIDs and bytes text. */
export type Fields = Readonly<Record<string, unknown>>;

/** How the bytes of a field are shown. */
export type ShowBytes = (name: string, bytes: Buffer) => unknown;

/** The length of the version, or record type, before a message. */
export const prefixBytes = 2;

export const base64: ShowBytes = (_name, bytes) => bytes.toString('base64');

export class MessageForm {
  readonly #schema: Schema;
  readonly #decoders = new Map<number, Decode>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /**
   * Reads `bytes[start, end)`, which begin after the version.
   * Undefined when kt does not know the version, or when the bytes are not exactly that message.
   */
  read(version: number, bytes: Buffer, start: number, end: number): Fields | undefined {
    if (version < this.#schema.min || version > this.#schema.max) return undefined;
    const reader = new Reader(bytes, start, end);
    try {
      const value = this.#decoder(version)(reader) as Fields;
      return reader.at === end ? value : undefined;
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  /** Leaves out fields that the version lacks, and tagged fields with their default value, as Kafka's own JSON does. */
  plain(version: number, value: Fields, showBytes: ShowBytes): Fields {
    return plainStruct(this.#schema.fields, version, value, showBytes);
  }

  #decoder(version: number): Decode {
    let decode = this.#decoders.get(version);
    if (decode === undefined) {
      decode = compileDecode(this.#schema, version);
      this.#decoders.set(version, decode);
    }
    return decode;
  }
}

function plainStruct(fields: readonly FieldSchema[], version: number, value: Fields, showBytes: ShowBytes): Fields {
  const shown: Record<string, unknown> = {};
  for (const field of fields) {
    if (!has(field, version)) continue;
    const inner = value[field.name];
    if (isTagged(field, version) && same(inner, defaultOf(field, version))) continue;
    shown[field.name] = plain(field, version, inner, showBytes);
  }
  return shown;
}

function plain(field: FieldSchema, version: number, value: unknown, showBytes: ShowBytes): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(field, version, item, showBytes));
  if (Buffer.isBuffer(value)) return showBytes(field.name, value);
  if (typeof value === 'object' && value !== null) return plainStruct(field.fields, version, value as Fields, showBytes);
  return value;
}
