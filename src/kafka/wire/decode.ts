/** Descriptors → functions that read: compiled once per message and version, so that reading looks nothing up. */
import { type Reader, WireError } from './reader.ts';
import { defaultOf, type FieldSchema, has, isArray, isNullable, isTagged, type Schema } from './schema.ts';

export type Decode = (reader: Reader) => unknown;

/** The reader of one version of a message: every field is in the value, those the version lacks with their default. */
export function compileDecode(schema: Schema, version: number): Decode {
  return structDecode(schema.fields, version, version >= schema.flexible);
}

type Struct = Record<string, unknown>;

function structDecode(fields: readonly FieldSchema[], version: number, flexible: boolean): Decode {
  const names = fields.map(({ name }) => name);
  const readers = fields.map((field): Decode | undefined => {
    if (!has(field, version) || isTagged(field, version)) return undefined;
    return named(field.name, fieldDecode(field, version, flexible));
  });
  const defaults = fields.map((field) => defaultOf(field, version));
  const tagged = new Map<number, { readonly name: string; readonly decode: Decode }>();
  for (const field of fields) {
    if (!has(field, version) || !isTagged(field, version)) continue;
    tagged.set(field.tag, { name: field.name, decode: named(field.name, fieldDecode(field, version, flexible)) });
  }
  const count = fields.length;
  return (reader) => {
    const value: Struct = {};
    for (let index = 0; index < count; index++) {
      const decode = readers[index];
      value[names[index]!] = decode ? decode(reader) : defaults[index];
    }
    if (flexible) readTagged(reader, value, tagged);
    return value;
  };
}

/** Adds the field's name to what went wrong below it. */
function named(name: string, decode: Decode): Decode {
  return (reader) => {
    try {
      return decode(reader);
    } catch (error) {
      throw error instanceof WireError ? new WireError(`${name}: ${error.message}`) : error;
    }
  };
}

function readTagged(
  reader: Reader,
  value: Struct,
  tagged: ReadonlyMap<number, { readonly name: string; readonly decode: Decode }>,
): void {
  for (let left = reader.uvarint(); left > 0; left--) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    const end = reader.take(size) + size;
    const field = tagged.get(tag);
    if (!field) continue;
    const outerEnd = reader.end;
    reader.at = end - size;
    reader.end = end;
    value[field.name] = field.decode(reader);
    if (reader.at !== end) throw new WireError(`tagged field ${field.name} is shorter than its ${size} bytes`);
    reader.end = outerEnd;
  }
}

function fieldDecode(field: FieldSchema, version: number, flexible: boolean): Decode {
  const nullable = isNullable(field, version);
  if (!isArray(field)) return valueDecode(field.type, field, version, flexible, nullable);
  const element = valueDecode(field.type.slice(2), field, version, flexible, false);
  return (reader) => {
    const length = flexible ? reader.uvarint() - 1 : reader.int32();
    if (length < 0) {
      if (length === -1 && nullable) return null;
      throw new WireError(`an array of ${length} elements at ${reader.at}`);
    }
    // Each element takes a byte at least, so that no length makes kt allocate more than the message.
    if (length > reader.end - reader.at)
      throw new WireError(`an array of ${length} elements in ${reader.end - reader.at} bytes`);
    const values: unknown[] = [];
    for (let index = 0; index < length; index++) values.push(element(reader));
    return values;
  };
}

function valueDecode(type: string, field: FieldSchema, version: number, flexible: boolean, nullable: boolean): Decode {
  switch (type) {
    case 'bool':
      return (reader) => reader.boolean();
    case 'int8':
      return (reader) => reader.int8();
    case 'int16':
      return (reader) => reader.int16();
    case 'uint16':
      return (reader) => reader.uint16();
    case 'int32':
      return (reader) => reader.int32();
    case 'uint32':
      return (reader) => reader.uint32();
    case 'int64':
      return (reader) => reader.int64();
    case 'float64':
      return (reader) => reader.float64();
    case 'uuid':
      return (reader) => reader.uuid();
    case 'string':
      return (reader) => {
        const length = flexible ? reader.uvarint() - 1 : reader.int16();
        return length === -1 && nullable ? null : reader.text(length);
      };
    case 'bytes':
    case 'records':
      return (reader) => {
        const length = flexible ? reader.uvarint() - 1 : reader.int32();
        return length === -1 && nullable ? null : reader.slice(length);
      };
    case 'struct': {
      const decode = structDecode(field.fields, version, flexible);
      return nullable ? (reader) => (reader.int8() < 0 ? null : decode(reader)) : decode;
    }
    default:
      throw new Error(`unknown type ${type}`);
  }
}
