/** Descriptors → functions that write: compiled once per message and version. */
import { compileNoFurther } from '../../base/compile-eagerly.ts';
import { WireError, within } from './reader.ts';
import { defaultOf, type FieldSchema, has, isArray, isNullable, isTagged, type Schema, same } from './schema.ts';
import { Writer } from './writer.ts';

export type Encode = (writer: Writer, value: unknown) => void;

/**
 * The writer of one version of a message. A field that is not given takes its default.
 * @throws (the writer) WireError for a field that this version lacks and that must not be lost
 */
export function compileEncode(schema: Schema, version: number): Encode {
  return structEncode(schema.fields, version, version >= schema.flexible);
}

type Struct = Readonly<Record<string, unknown>>;

/** Kafka refuses longer ones in flexible versions too. */
const longestString = 0x7fff;

interface Member {
  readonly name: string;
  readonly tag: number;
  /** Written when nothing is given. */
  readonly fallback: unknown;
  readonly encode: Encode;
}

function structEncode(fields: readonly FieldSchema[], version: number, flexible: boolean): Encode {
  const plain: Member[] = [];
  const tagged: Member[] = [];
  const lacking: Omit<Member, 'encode'>[] = [];
  for (const field of fields) {
    const { name, tag } = field;
    const fallback = defaultOf(field, version);
    if (has(field, version)) {
      const member = { name, tag, fallback, encode: fieldEncode(field, version, flexible) };
      (isTagged(field, version) ? tagged : plain).push(member);
    } else if (!field.ignorable) lacking.push({ name, tag, fallback });
  }
  tagged.sort((a, b) => a.tag - b.tag);
  return compileNoFurther((writer: Writer, value: unknown) => {
    const struct = value as Struct;
    for (const { name, fallback } of lacking) {
      const given = struct[name];
      if (given !== undefined && !same(given, fallback))
        throw new WireError(`version ${version} does not have it`, { path: name, unsupported: true });
    }
    let index = 0;
    try {
      for (; index < plain.length; index++) {
        const { name, fallback, encode } = plain[index]!;
        const given = struct[name];
        encode(writer, given === undefined ? fallback : given);
      }
    } catch (error) {
      throw within(plain[index]!.name, error);
    }
    if (flexible && tagged.length === 0) writer.uvarint(0);
    else if (flexible) writeTagged(writer, struct, tagged);
  });
}

/** Only the tagged fields that differ from their default, in the order of their tags (KIP-482). */
function writeTagged(writer: Writer, struct: Struct, tagged: readonly Member[]): void {
  const given = tagged.filter(({ name, fallback }) => struct[name] !== undefined && !same(struct[name], fallback));
  writer.uvarint(given.length);
  for (const { name, tag, encode } of given) {
    const inner = new Writer(64);
    try {
      encode(inner, struct[name]);
    } catch (error) {
      throw within(name, error);
    }
    writer.uvarint(tag);
    writer.uvarint(inner.length);
    writer.raw(inner.written());
  }
}

function fieldEncode(field: FieldSchema, version: number, flexible: boolean): Encode {
  const nullable = isNullable(field, version);
  if (!isArray(field)) return valueEncode(field.type, field, version, flexible, nullable);
  const element = valueEncode(field.type.slice(2), field, version, flexible, false);
  return compileNoFurther((writer: Writer, value: unknown) => {
    if (value === null) return writeNull(writer, field, flexible, nullable, 4);
    const values = value as readonly unknown[];
    if (flexible) writer.uvarint(values.length + 1);
    else writer.int32(values.length);
    let index = 0;
    try {
      for (; index < values.length; index++) element(writer, values[index]);
    } catch (error) {
      throw within(`[${index}]`, error);
    }
  });
}

function writeNull(writer: Writer, field: FieldSchema, flexible: boolean, nullable: boolean, width: 2 | 4): void {
  if (!nullable) throw new WireError('it cannot be null', { unsupported: field.nullMax >= field.nullMin });
  if (flexible) writer.uvarint(0);
  else if (width === 2) writer.int16(-1);
  else writer.int32(-1);
}

function valueEncode(type: string, field: FieldSchema, version: number, flexible: boolean, nullable: boolean): Encode {
  switch (type) {
    case 'bool':
      return (writer, value) => writer.boolean(value as boolean);
    case 'int8':
      return (writer, value) => writer.int8(value as number);
    case 'int16':
      return (writer, value) => writer.int16(value as number);
    case 'uint16':
      return (writer, value) => writer.uint16(value as number);
    case 'int32':
      return (writer, value) => writer.int32(value as number);
    case 'uint32':
      return (writer, value) => writer.uint32(value as number);
    case 'int64':
      return (writer, value) => writer.int64(value as bigint);
    case 'float64':
      return (writer, value) => writer.float64(value as number);
    case 'uuid':
      return (writer, value) => writer.uuid(value as string);
    case 'string':
      return (writer, value) => {
        if (value === null) return writeNull(writer, field, flexible, nullable, 2);
        const length = Buffer.byteLength(value as string);
        if (length > longestString) throw new WireError(`${length} bytes of text, ${longestString} are the most`);
        if (flexible) writer.uvarint(length + 1);
        else writer.int16(length);
        writer.text(value as string, length);
      };
    case 'bytes':
    case 'records':
      return (writer, value) => {
        if (value === null) return writeNull(writer, field, flexible, nullable, 4);
        const parts = Array.isArray(value) ? (value as readonly Buffer[]) : [value as Buffer];
        const length = parts.reduce((sum, part) => sum + part.length, 0);
        if (flexible) writer.uvarint(length + 1);
        else writer.int32(length);
        for (const part of parts) writer.raw(part);
      };
    case 'struct': {
      const encode = structEncode(field.fields, version, flexible);
      if (!nullable) return encode;
      const tagged = isTagged(field, version);
      return (writer, value) => {
        if (tagged) writer.uvarint(value === null ? 0 : 1);
        else writer.int8(value === null ? -1 : 1);
        if (value !== null) encode(writer, value);
      };
    }
    default:
      throw new Error(`unknown type ${type}`);
  }
}
