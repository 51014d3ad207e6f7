/** Parsing Canonical Form and its CRC-64-AVRO fingerprint: what single-object encoding names a schema by. */
import { schemaError } from './schema-error.ts';
import { type AvroType, typeName } from './types.ts';

const deepest = 1000;

/** The schema without all that reading data does not need, written in the one way that Avro's specification defines. */
export function canonicalForm(schema: AvroType): string {
  const known = new Set<string>();
  const form = (type: AvroType, depth: number): string => {
    if (depth > deepest) throw schemaError('', `nested deeper than ${deepest}`);
    const name = JSON.stringify(typeName(type));
    if (type.kind === 'union') return `[${type.branches.map((branch) => form(branch, depth + 1)).join(',')}]`;
    if (type.kind === 'array') return `{"type":"array","items":${form(type.items, depth + 1)}}`;
    if (type.kind === 'map') return `{"type":"map","values":${form(type.values, depth + 1)}}`;
    if (!('name' in type) || known.has(name)) return name;
    known.add(name);
    const head = `{"name":${name},"type":"${type.kind}"`;
    if (type.kind === 'fixed') return `${head},"size":${type.size}}`;
    if (type.kind === 'enum') return `${head},"symbols":${JSON.stringify(type.symbols)}}`;
    const fields = type.fields.map((field) => `{"name":${JSON.stringify(field.name)},"type":${form(field.type, depth + 1)}}`);
    return `${head},"fields":[${fields.join(',')}]}`;
  };
  return form(schema, 0);
}

const empty = 0xc15d213aa4d7a795n;
let table: bigint[] | undefined;

/** CRC-64-AVRO of the canonical form, as an unsigned number; on the wire it is little-endian. */
export function fingerprint64(schema: AvroType): bigint {
  table ??= Array.from({ length: 256 }, (_, byte) => {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (empty & -(value & 1n));
    return BigInt.asUintN(64, value);
  });
  let value = empty;
  for (const byte of Buffer.from(canonicalForm(schema))) value = (value >> 8n) ^ table[Number((value ^ BigInt(byte)) & 0xffn)]!;
  return value;
}
