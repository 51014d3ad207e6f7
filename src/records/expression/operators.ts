/**
 * JavaScript's operators over decoded values, where integers are exact to 64 bits: they are numbers up to 2^53 and BigInts beyond, and an
 * expression does not see the difference.
 */
import { asText } from './values.ts';
import { make } from './work.ts';

const most64 = 2n ** 64n;

/** A BigInt as the number it equals, where there is one; beyond 64 bits the nearest number. */
export function normal(value: bigint): number | bigint {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value > -most64 && value < most64 ? value : Number(value);
}

/** The exact integer that a text or number stands for; undefined when it stands for none. */
function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

/** What arithmetic makes of a value, as JavaScript does, but with all digits of integers that are written as text. */
export function toNumber(value: unknown): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^\s*[+-]?\d{16,20}\s*$/.test(value)) return normal(BigInt(value.trim().replace('+', '')));
  return Number(value);
}

type Exact = (a: bigint, b: bigint) => bigint | undefined;

/** Does the operation with numbers, and again with integers where a number does not hold the result. */
function arithmetic(a: unknown, b: unknown, inexact: (a: number, b: number) => number, exact: Exact): number | bigint {
  const [left, right] = [toNumber(a), toNumber(b)];
  if (typeof left === 'number' && typeof right === 'number') {
    const result = inexact(left, right);
    if (Number.isSafeInteger(result) || !Number.isFinite(result) || !Number.isInteger(result)) return result;
  }
  const [whole, other] = [integerOf(left), integerOf(right)];
  const result = whole === undefined || other === undefined ? undefined : exact(whole, other);
  return result === undefined ? inexact(Number(left), Number(right)) : normal(result);
}

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  } else if (isText(a) || isText(b)) {
    const text = asText(a) + asText(b);
    make(text.length);
    return text;
  }
  return arithmetic(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

/** What `+` joins as text: texts, lists and objects. */
function isText(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

export function subtract(a: unknown, b: unknown): number | bigint {
  return arithmetic(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

export function multiply(a: unknown, b: unknown): number | bigint {
  return arithmetic(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );
}

export function divide(a: unknown, b: unknown): number | bigint {
  const [left, right] = [toNumber(a), toNumber(b)];
  if (typeof left === 'number' && typeof right === 'number') return left / right;
  const [whole, other] = [integerOf(left), integerOf(right)];
  const isExact = whole !== undefined && other !== undefined && other !== 0n && whole % other === 0n;
  return isExact ? normal(whole / other) : Number(left) / Number(right);
}

export function remainder(a: unknown, b: unknown): number | bigint {
  const [left, right] = [toNumber(a), toNumber(b)];
  if (typeof left === 'number' && typeof right === 'number') return left % right;
  return arithmetic(
    left,
    right,
    (x, y) => x % y,
    (x, y) => (y === 0n ? undefined : x % y),
  );
}

export function power(a: unknown, b: unknown): number | bigint {
  // Without the bound an exponent could make an integer of millions of digits.
  return arithmetic(
    a,
    b,
    (x, y) => x ** y,
    (x, y) => (y < 0n || Number(x) ** Number(y) > 2 ** 65 ? undefined : x ** y),
  );
}

export function negate(value: unknown): number | bigint {
  const number = toNumber(value);
  return typeof number === 'bigint' ? normal(-number) : -number;
}

type Bits = (a: bigint, b: bigint) => bigint;

/** JavaScript's 32-bit operators on numbers; on integers beyond 2^53 the same on 64 bits. */
function bitwise(a: unknown, b: unknown, narrow: (a: number, b: number) => number, wide: Bits): number | bigint {
  const [left, right] = [toNumber(a), toNumber(b)];
  if (typeof left === 'number' && typeof right === 'number') return narrow(left, right);
  const [whole, other] = [integerOf(left), integerOf(right)];
  if (whole === undefined || other === undefined) return narrow(Number(left), Number(right));
  return normal(BigInt.asIntN(64, wide(whole, other)));
}

export const bitAnd = (a: unknown, b: unknown) =>
  bitwise(
    a,
    b,
    (x, y) => x & y,
    (x, y) => x & y,
  );
export const bitOr = (a: unknown, b: unknown) =>
  bitwise(
    a,
    b,
    (x, y) => x | y,
    (x, y) => x | y,
  );
export const bitXor = (a: unknown, b: unknown) =>
  bitwise(
    a,
    b,
    (x, y) => x ^ y,
    (x, y) => x ^ y,
  );
export const shiftLeft = (a: unknown, b: unknown) =>
  bitwise(
    a,
    b,
    (x, y) => x << y,
    (x, y) => x << (y & 63n),
  );
export const shiftRight = (a: unknown, b: unknown) =>
  bitwise(
    a,
    b,
    (x, y) => x >> y,
    (x, y) => x >> (y & 63n),
  );
export const shiftUnsigned = (a: unknown, b: unknown) =>
  bitwise(
    a,
    b,
    (x, y) => x >>> y,
    (x, y) => BigInt.asUintN(64, x) >> (y & 63n),
  );

export function bitNot(value: unknown): number | bigint {
  const number = toNumber(value);
  return typeof number === 'bigint' ? normal(~number) : ~number;
}

/** `===`; a number and a BigInt are equal when they are the same integer. */
export function same(a: unknown, b: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: between a number and a BigInt it compares what they stand for.
  return a === b || (typeof a !== typeof b && isNumeric(a) && isNumeric(b) && a == b);
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}
