/** Descriptors → functions that read: compiled once per message and version, so that reading needs no look-ups. */
import { compileNoFurther } from '../../base/compile-eagerly.ts';
import { type Reader, WireError, within } from './reader.ts';
import { defaultOf, type FieldSchema, has, isArray, isNullable, isTagged, leastBytesOfValue, type Schema } from './schema.ts';

export type Decode = (reader: Reader) => unknown;

/** The reader of one version of a message. The value has every field; those the version lacks have their default. */
export function compileDecode(schema: Schema, version: number): Decode {
  return structDecode(schema.fields, version, version >= schema.flexible);
}

type Struct = Record<string, unknown>;

/** What a struct's code calls: `at` tells which field was read when something was wrong. */
interface StructParts {
  readonly decodes: readonly (Decode | undefined)[];
  readonly defaults: readonly unknown[];
  readonly readTagged: (reader: Reader, value: Struct, count: number) => void;
  readonly failed: (at: number, error: unknown) => unknown;
}

/**
 * A function made of text: each field is read by a line of its own, and the object has its shape at once. Answers about thousands of partitions
 * are read before anything is compiled further, and a loop over the fields takes twice as long. Names come from Kafka's definitions alone.
 */
function structDecode(fields: readonly FieldSchema[], version: number, flexible: boolean): Decode {
  const decodes = fields.map((field) =>
    has(field, version) && !isTagged(field, version) ? fieldDecode(field, version, flexible) : undefined,
  );
  const tagged = new Map<number, Tagged>();
  for (const field of fields) {
    if (has(field, version) && isTagged(field, version))
      tagged.set(field.tag, { name: field.name, decode: fieldDecode(field, version, flexible) });
  }
  const reads = fields.map((field, index) =>
    decodes[index] ? `at = ${index}; const v${index} = ${readOf(field, index)};` : '',
  );
  const members = fields.map(({ name }, index) => `${name}: ${decodes[index] ? `v${index}` : `defaults[${index}]`}`);
  const body = `const { decodes, defaults, readTagged, failed } = parts;
return (reader) => {
  let value, at = 0;
  try { ${reads.join(' ')} value = { ${members.join(', ')} }; } catch (error) { throw failed(at, error); }
  ${flexible ? 'const count = reader.uvarint(); if (count > 0) readTagged(reader, value, count);' : ''}
  return value;
};`;
  const parts: StructParts = {
    decodes,
    defaults: fields.map((field) => defaultOf(field, version)),
    readTagged: (reader, value, count) => readTagged(reader, value, count, tagged),
    failed: (at, error) => within(fields[at]!.name, error),
  };
  return compileNoFurther(new Function('parts', body)(parts) as Decode);
}

const direct: ReadonlySet<string> = new Set(['int8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'float64', 'uuid']);

/** The expression that reads a field. */
function readOf({ type }: FieldSchema, index: number): string {
  if (type === 'bool') return 'reader.boolean()';
  return direct.has(type) ? `reader.${type}()` : `decodes[${index}](reader)`;
}

interface Tagged {
  readonly name: string;
  readonly decode: Decode;
}

/** `count` tagged fields after a struct (KIP-482); tags that kt does not know are skipped. */
function readTagged(reader: Reader, value: Struct, count: number, tagged: ReadonlyMap<number, Tagged>): void {
  for (let left = count; left > 0; left--) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    const start = reader.take(size);
    const field = tagged.get(tag);
    if (field) value[field.name] = readTaggedField(reader, start, start + size, field);
  }
}

function readTaggedField(reader: Reader, start: number, end: number, { name, decode }: Tagged): unknown {
  const outerEnd = reader.end;
  reader.at = start;
  reader.end = end;
  try {
    const value = decode(reader);
    if (reader.at !== end) throw new WireError(`${end - reader.at} bytes are left over at ${reader.at}`);
    return value;
  } catch (error) {
    throw within(name, error);
  } finally {
    reader.end = outerEnd;
  }
}

/** Skips the tagged fields of a header, none of which kt needs. */
export function skipTagged(reader: Reader): void {
  readTagged(reader, {}, reader.uvarint(), noTags);
}

const noTags: ReadonlyMap<number, Tagged> = new Map();

function fieldDecode(field: FieldSchema, version: number, flexible: boolean): Decode {
  const nullable = isNullable(field, version);
  if (!isArray(field)) return valueDecode(field.type, field, version, flexible, nullable);
  const type = field.type.slice(2);
  const element = valueDecode(type, field, version, flexible, false);
  // Limits the count, so that no length makes kt allocate or loop beyond what the message's own bytes can fill.
  const elementBytes = Math.max(1, leastBytesOfValue(type, field, version, flexible));
  return compileNoFurther((reader: Reader) => {
    const length = flexible ? reader.uvarint() - 1 : reader.int32();
    if (length === -1 && nullable) return null;
    const left = reader.end - reader.at;
    if (length < 0 || length * elementBytes > left)
      throw new WireError(`an array of ${length} elements at ${reader.at}, where ${left} bytes are left`);
    if (length === 0) return [];
    if (type === 'int32') return reader.int32s(length);
    const values: unknown[] = [];
    let index = 0;
    try {
      for (; index < length; index++) values.push(element(reader));
    } catch (error) {
      throw within(`[${index}]`, error);
    }
    return values;
  });
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
      if (!nullable) return decode;
      // Kafka marks null in another way where the struct is tagged.
      if (isTagged(field, version)) return (reader) => (reader.uvarint() === 0 ? null : decode(reader));
      return (reader) => (reader.int8() < 0 ? null : decode(reader));
    }
    default:
      throw new Error(`unknown type ${type}`);
  }
}
