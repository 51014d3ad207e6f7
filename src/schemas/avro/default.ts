/** Defaults of fields, which schemas write in a JSON of their own: bytes with one character each, unions bare. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { type ExactJson, exactJsonText } from '../../base/json/exact-json.ts';
import { pathText } from '../path-text.ts';
import { isObject } from './definitions.ts';
import { beyondJsonNumber } from './float-text.ts';
import { below } from './names.ts';
import { schemaError } from './schema-error.ts';
import { type AvroType, type Field, typeName } from './types.ts';
import { appendBigInteger, appendInteger } from './varint.ts';

/** Records whose fields have defaults may hold themselves. */
const deepest = 100;
/** Bytes; nested defaults can multiply. */
const longest = 1_000_000;
const longestText = 40;

type FieldDefault = Pick<Field, 'name' | 'type' | 'default'>;

/**
 * The default of a field that has one, as Avro data.
 * @param path of the field in the schema, for errors
 * @throws KtError `usage` if it does not fit the field's type
 */
export function defaultBytes(field: FieldDefault, path = field.name): Buffer {
  const sink = new ByteSink(64);
  const misfit = append(sink, field.type, field.default!, 0);
  if (misfit !== undefined) throw schemaError(below(below(path, 'default'), pathText(misfit.steps)), misfit.problem);
  return Buffer.from(sink.buf.subarray(0, sink.length));
}

interface Misfit {
  readonly steps: readonly (string | number)[];
  readonly problem: string;
}

function wanted(json: ExactJson, type: AvroType, why = ''): Misfit {
  const text = exactJsonText(json);
  const found = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return { steps: [], problem: `found ${found}, wanted ${typeName(type)}${why}` };
}

/** Appends a default; what does not fit is the result. */
function append(sink: ByteSink, type: AvroType, json: ExactJson, depth: number): Misfit | undefined {
  if (depth > deepest || sink.length > longest) return { steps: [], problem: 'the default is without end, or too long' };
  switch (type.kind) {
    case 'null':
      return json === null ? undefined : wanted(json, type);
    case 'boolean':
      if (typeof json !== 'boolean') return wanted(json, type);
      sink.byte(json ? 1 : 0);
      return undefined;
    case 'int':
    case 'long':
      return appendWhole(sink, type, json, type.kind === 'int' ? 32 : 64);
    case 'float':
    case 'double':
      return appendFloating(sink, type, json);
    case 'string':
      if (typeof json !== 'string') return wanted(json, type);
      return appendBytes(sink, Buffer.from(json));
    case 'bytes':
    case 'fixed':
      return appendLatin1(sink, type, json);
    case 'enum': {
      const index = typeof json === 'string' ? type.symbols.indexOf(json) : -1;
      if (index === -1) return wanted(json, type, `, one of ${type.symbols.join(', ')}`);
      appendInteger(sink, index);
      return undefined;
    }
    case 'union':
      return appendBranch(sink, type.branches, type, json, depth);
    default:
      return appendParts(sink, type, json, depth + 1);
  }
}

function appendWhole(sink: ByteSink, type: AvroType, json: ExactJson, bits: 32 | 64): Misfit | undefined {
  if (typeof json !== 'bigint' && !(typeof json === 'number' && Number.isInteger(json))) return wanted(json, type);
  const value = BigInt(json);
  if (BigInt.asIntN(bits, value) !== value) return wanted(json, type, `, of ${bits} bits`);
  appendBigInteger(sink, value);
  return undefined;
}

function appendFloating(sink: ByteSink, type: AvroType, json: ExactJson): Misfit | undefined {
  const value =
    typeof json === 'string'
      ? beyondJsonNumber(json)
      : typeof json === 'number' || typeof json === 'bigint'
        ? Number(json)
        : undefined;
  if (value === undefined) return wanted(json, type);
  const bytes = Buffer.alloc(type.kind === 'float' ? 4 : 8);
  if (type.kind === 'float') bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  sink.copy(bytes, 0, bytes.length);
  return undefined;
}

function appendBytes(sink: ByteSink, bytes: Buffer): undefined {
  appendInteger(sink, bytes.length);
  sink.copy(bytes, 0, bytes.length);
  return undefined;
}

function appendLatin1(sink: ByteSink, type: AvroType, json: ExactJson): Misfit | undefined {
  if (typeof json !== 'string' || /[^\u0000-\u00ff]/.test(json)) return wanted(json, type, ', characters U+0000 to U+00FF');
  const bytes = Buffer.from(json, 'latin1');
  if (type.kind !== 'fixed') return appendBytes(sink, bytes);
  if (bytes.length !== type.size) return wanted(json, type, ` of ${type.size} bytes`);
  sink.copy(bytes, 0, bytes.length);
  return undefined;
}

/** The first branch that the default fits. Older schemas mean the first branch, which is no difference. */
function appendBranch(
  sink: ByteSink,
  branches: readonly AvroType[],
  type: AvroType,
  json: ExactJson,
  depth: number,
): Misfit | undefined {
  const begin = sink.length;
  for (const [index, branch] of branches.entries()) {
    appendInteger(sink, index);
    if (append(sink, branch, json, depth + 1) === undefined) return undefined;
    sink.length = begin;
  }
  return wanted(json, type, ` of ${branches.map(typeName).join(', ')}`);
}

function appendParts(
  sink: ByteSink,
  type: Extract<AvroType, { kind: 'array' | 'map' | 'record' }>,
  json: ExactJson,
  depth: number,
): Misfit | undefined {
  if (type.kind === 'array') {
    if (!Array.isArray(json)) return wanted(json, type);
    if (json.length > 0) appendInteger(sink, json.length);
    for (const [index, item] of json.entries()) {
      const misfit = append(sink, type.items, item, depth);
      if (misfit) return { ...misfit, steps: [index, ...misfit.steps] };
    }
    sink.byte(0);
    return undefined;
  }
  if (!isObject(json)) return wanted(json, type);
  if (type.kind === 'map') {
    const entries = Object.entries(json);
    if (entries.length > 0) appendInteger(sink, entries.length);
    for (const [name, value] of entries) {
      appendBytes(sink, Buffer.from(name));
      const misfit = append(sink, type.values, value, depth);
      if (misfit) return { ...misfit, steps: [name, ...misfit.steps] };
    }
    sink.byte(0);
    return undefined;
  }
  for (const field of type.fields) {
    const value = Object.hasOwn(json, field.name) ? json[field.name]! : field.default;
    if (value === undefined) return { steps: [], problem: `field "${field.name}" is missing, and has no default` };
    const misfit = append(sink, field.type, value, depth);
    if (misfit) return { ...misfit, steps: [field.name, ...misfit.steps] };
  }
  return undefined;
}
