/** Writes keys, or values, with a schema: what does not fit it is refused, and what does is framed. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { usageError } from '../../base/errors.ts';
import type { RecordHeader } from '../../kafka/batch/record-headers.ts';
import type { CompiledSchema } from '../../schemas/compiled-schema.ts';
import type { RegisteredSchema } from '../../schemas/registry/schema.ts';
import type { Field, Serde } from '../serde/serde.ts';
import type { Framing, SchemaFormat } from './formats.ts';
import { confluentHeader } from './framing/field-headers.ts';

/** A schema, compiled for writing. */
export interface WritableSchema {
  readonly format: SchemaFormat;
  readonly compiled: CompiledSchema;
  /** Which message of a .proto file it is, as it stands behind the id; empty for other formats. */
  readonly indexes: Buffer;
}

export interface SchemaWriter {
  readonly format: SchemaFormat;
  /** Takes text too where the schema is for text: without quotes. */
  readonly serde: Serde;
  /** The bytes of a JSON value. @throws SchemaDataError */
  readonly encodeJson: (json: string) => Buffer;
  /** A header of every record. */
  readonly header: RecordHeader | undefined;
}

export type SchemaWriters = Readonly<Partial<Record<Field, SchemaWriter>>>;

/** @throws KtError `usage` where the registry does not say what the framing needs */
export function schemaWriter(
  field: Field,
  { format, compiled, indexes }: WritableSchema,
  { id, guid }: Pick<RegisteredSchema, 'id' | 'guid'>,
  framing: Framing,
): SchemaWriter {
  const prefix = framing === 'v0' ? v0Prefix(field, id, indexes) : undefined;
  const isText = compiled.type === 'string';
  function encodeJson(json: string): Buffer {
    const data = compiled.encode(json);
    return prefix ? Buffer.concat([prefix, data]) : data;
  }
  function encodeTo(json: Buffer, start: number, end: number, sink: ByteSink): void {
    const begin = sink.length;
    if (prefix) sink.copy(prefix, 0, prefix.length);
    try {
      compiled.encodeTo!(json, start, end, sink);
    } catch (error) {
      sink.length = begin;
      throw error;
    }
  }
  return {
    format,
    encodeJson,
    serde: {
      name: format,
      kind: 'json',
      decode: (bytes, start, end) => compiled.decode(bytes, start, end),
      encode: (text) => encodeJson(isText && !/^\s*"/.test(text) ? JSON.stringify(text) : text),
      encodeTo: compiled.encodeTo && !isText ? encodeTo : undefined,
      takes: `JSON of ${compiled.type}`,
    },
    header: framing === 'header' ? guidHeader(field, guid, indexes) : undefined,
  };
}

/** `00`, the id, and Protobuf's message indexes (Confluent's wire format). */
function v0Prefix(field: Field, id: number | undefined, indexes: Buffer): Buffer {
  if (id === undefined) throw unframed(field, 'id', '--framing none');
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(id, 1);
  return Buffer.concat([prefix, indexes]);
}

/** `01`, the GUID, and Protobuf's message indexes, in the header that Confluent's deserializers read first. */
function guidHeader(field: Field, guid: string | undefined, indexes: Buffer): RecordHeader {
  if (guid === undefined) throw unframed(field, 'GUID', '--framing v0');
  const value = Buffer.concat([Buffer.of(1), Buffer.from(guid.replaceAll('-', ''), 'hex'), indexes]);
  return { key: Buffer.from(confluentHeader(field)), value };
}

function unframed(field: Field, what: string, instead: string) {
  return usageError(`--${field}-schema (the registry gives its schema no ${what})`, `${instead} does without`);
}
