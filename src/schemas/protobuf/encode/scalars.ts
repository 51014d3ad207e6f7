/** JSON → each scalar type, its kind and range checked; all forms that ProtoJSON's readers take (https://protobuf.dev/programming-guides/json). */
import { nearest } from '../../../base/nearest.ts';
import { isWellFormed } from '../../../base/well-formed.ts';
import type { EnumType, Field, Scalar } from '../model.ts';
import type { ScalarType } from '../source/declaration.ts';
import type { Tree } from '../wire/tree.ts';
import type { Encoding } from './encoding.ts';

const base64 = /^[\w+/-]*={0,2}$/;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const integer = /^-?(?:0|[1-9]\d*)$/;
const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};
const ranges = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;
type Range = keyof typeof ranges;
const rangeOf: Readonly<Partial<Record<ScalarType, Range>>> = {
  int32: 'int32',
  sint32: 'int32',
  sfixed32: 'int32',
  uint32: 'uint32',
  fixed32: 'uint32',
  int64: 'int64',
  sint64: 'int64',
  sfixed64: 'int64',
  uint64: 'uint64',
  fixed64: 'uint64',
};

/** The value of a field that is no message. @throws SchemaDataError if the JSON is none of the type */
export function scalarOf(value: Tree, type: ScalarType | EnumType, encoding: Encoding): Scalar {
  if (typeof type === 'object') return enumNumber(value, type, encoding);
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? value : encoding.refuse(value, 'true or false');
    case 'string':
      return textOf(value, encoding);
    case 'bytes':
      return bytesOf(value, encoding);
    case 'float':
    case 'double':
      return floatOf(value, type, encoding);
    default:
      return integerOf(value, type, rangeOf[type]!, encoding);
  }
}

function textOf(value: Tree, encoding: Encoding): string {
  if (typeof value !== 'string') return encoding.refuse(value, 'text');
  if (!isWellFormed(value)) encoding.fail('half of a surrogate pair, which has no UTF-8');
  return value;
}

/** Base64 with either alphabet, padded or not. */
function bytesOf(value: Tree, encoding: Encoding): Buffer {
  if (typeof value !== 'string' || !base64.test(value)) return encoding.refuse(value, 'base64');
  const digits = value.replace(/=+$/, '');
  const isPadded = digits.length < value.length;
  if (digits.length % 4 === 1 || (isPadded && value.length % 4 !== 0)) return encoding.refuse(value, 'base64');
  return Buffer.from(digits, 'base64');
}

function floatOf(value: Tree, type: 'float' | 'double', encoding: Encoding): number {
  const known = typeof value === 'string' ? words[value] : undefined;
  if (known !== undefined) return known;
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && number.test(value));
  if (!isNumber) return encoding.refuse(value, `a number (${type})`);
  const found = type === 'float' ? Math.fround(Number(value)) : Number(value);
  return Number.isFinite(found) ? found : encoding.refuse(value, `within the range of ${type}`);
}

/** A whole number, which may be written with a fraction of zeros or an exponent, or as text. */
function integerOf(value: Tree, type: ScalarType, rangeName: Range, encoding: Encoding): number | bigint {
  const found = wholeNumber(value);
  if (found === undefined) return encoding.refuse(value, `a whole number (${type})`);
  const [least, most] = ranges[rangeName];
  // Comparing with bigints is slow, and every number that is safe is within the range of int64.
  const isWithin = typeof found === 'number' && rangeName === 'int64' ? true : found >= least && found <= most;
  if (!isWithin) return encoding.refuse(value, `from ${least} to ${most} (${type})`);
  return found;
}

function wholeNumber(value: Tree): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string') {
    if (integer.test(value)) return value.length < 16 ? Number(value) : BigInt(value);
    return number.test(value) ? wholeNumber(Number(value)) : undefined;
  }
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function enumNumber(value: Tree, { fullName, names, numbers, isClosed }: EnumType, encoding: Encoding): number {
  if (value === null && fullName === 'google.protobuf.NullValue') return 0;
  if (typeof value === 'string') {
    const found = numbers.get(value);
    if (found !== undefined) return found;
    const near = nearest(value, numbers.keys());
    return encoding.refuse(value, `a name of ${fullName}${near === undefined ? '' : ` (did you mean ${near}?)`}`);
  }
  if (typeof value !== 'number' || value !== (value | 0)) return encoding.refuse(value, `a name of ${fullName}`);
  if (isClosed && !names.has(value)) return encoding.refuse(value, `a number of ${fullName}`);
  return value;
}

/** The key of a map, which JSON only has as text. */
export function keyOf(text: string, type: Field['type'], encoding: Encoding): Scalar {
  if (type === 'bool') return text === 'true' || (text !== 'false' && encoding.refuse(text, 'true or false'));
  return scalarOf(text, type as ScalarType, encoding);
}

/** Whether a field with implicit presence is left out. */
export function isDefault(value: Scalar, { defaultValue }: Field): boolean {
  return Buffer.isBuffer(value)
    ? value.length === 0
    : Object.is(typeof value === 'bigint' ? Number(value) : value, defaultValue);
}
