/** Random messages of any API, kind and version, made from the same descriptors that the codec reads. */
import fc from 'fast-check';
import type { Kind } from '../../../../src/kafka/wire/codec.ts';
import { apiKeys, messages, requests, responses } from '../../../../src/kafka/wire/generated/descriptors.ts';
import {
  defaultOf,
  type FieldSchema,
  has,
  isArray,
  isNullable,
  parseSchema,
  type Schema,
} from '../../../../src/kafka/wire/schema.ts';

export interface Subject {
  readonly kind: Kind;
  readonly name: string;
  readonly version: number;
  readonly schema: Schema;
}

/** Every API in both directions and every message inside other messages' bytes, in every version. */
export function subjects(): Subject[] {
  const all: Subject[] = [];
  const add = (kind: Kind, name: string, text: string) => {
    const schema = parseSchema(text);
    for (let version = schema.min; version <= schema.max; version++) all.push({ kind, name, version, schema });
  };
  for (const api of Object.keys(apiKeys) as (keyof typeof apiKeys)[]) {
    add('request', api, requests[api]);
    add('response', api, responses[api]);
  }
  for (const [name, text] of Object.entries(messages)) add('message', name, text);
  return all;
}

/** A whole value of one version: fields that it lacks hold their default, as a decoded message has them. */
export function messageOf({ schema, version }: Subject): fc.Arbitrary<Record<string, unknown>> {
  return struct(schema.fields, version);
}

function struct(fields: readonly FieldSchema[], version: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, member(field, version)])), { noNullPrototype: true });
}

function member(field: FieldSchema, version: number): fc.Arbitrary<unknown> {
  const fallback = defaultOf(field, version);
  if (!has(field, version)) return fc.constant(fallback);
  const given = isArray(field)
    ? fc.array(element(field.type.slice(2), field, version), { maxLength: 3 })
    : element(field.type, field, version);
  const value = isNullable(field, version) ? fc.option(given, { freq: 4 }) : given;
  return fallback === null && !isNullable(field, version)
    ? value
    : fc.oneof({ weight: 4, arbitrary: value }, fc.constant(fallback));
}

function element(type: string, field: FieldSchema, version: number): fc.Arbitrary<unknown> {
  return type === 'struct' ? struct(field.fields, version) : primitives[type]!;
}

function whole(bits: number, signed: boolean): fc.Arbitrary<number> {
  return fc.integer(signed ? { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 } : { min: 0, max: 2 ** bits - 1 });
}

/** Long enough, sometimes, that a length takes two bytes as a varint and that a buffer has to grow. */
const bytes = fc
  .oneof({ weight: 6, arbitrary: fc.uint8Array({ maxLength: 20 }) }, fc.uint8Array({ minLength: 120, maxLength: 400 }))
  .map((array) => Buffer.from(array));

const primitives: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  int8: whole(8, true),
  int16: whole(16, true),
  uint16: whole(16, false),
  int32: whole(32, true),
  uint32: whole(32, false),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float64: fc.double({ noNaN: true }),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((array) => Buffer.from(array).toString('base64url')),
  string: fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    fc.string({ minLength: 120, maxLength: 200 }),
  ),
  bytes,
  records: bytes,
};
