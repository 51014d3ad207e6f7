/** The functions that an expression can call by name: pure, but for the clock. */
import { createHash } from 'node:crypto';
import { jsonValue } from '../../base/json/exact-json.ts';
import { parseIsoTime } from '../../base/parse-time.ts';
import { ExpressionFailure } from './failure.ts';
import { normal, toNumber } from './operators.ts';
import { asText, jsonText } from './values.ts';
import { make, work } from './work.ts';

interface ExpressionFunction {
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  // biome-ignore lint/suspicious/noExplicitAny: each function reads its own arguments.
  readonly call: (...args: any[]) => unknown;
}

const dateAlone = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Epoch milliseconds of a time: a number is one already, a text is ISO 8601 or what JavaScript's Date reads; a time without a zone is local,
 * a date alone begins at local midnight.
 */
function time(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(dateAlone.test(value) ? `${value}T00:00:00` : value);
  // Date does not know all of ISO 8601: a zone without minutes, a comma before the fraction.
  return Number.isNaN(ms) ? parseIsoTime(value) : ms;
}

function date(value: unknown): string | undefined {
  const ms = time(value);
  return ms === undefined || Math.abs(ms) > 8.64e15 || Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** Halves go up, as with Math.round. */
function round(value: unknown, digits: unknown = 0): unknown {
  const number = toNumber(value);
  const places = Math.trunc(Number(digits));
  if (!(Math.abs(places) <= 20)) throw new ExpressionFailure('round takes -20 to 20 digits');
  if (typeof number === 'bigint') return places < 0 ? roundedInteger(number, 10n ** BigInt(-places)) : number;
  if (!Number.isFinite(number) || (places >= 0 && Number.isInteger(number))) return number;
  return shifted(Math.round(shifted(number, places)), -places) || 0;
}

/** A number with its decimal point moved to the right: what multiplying would get wrong in the last digit. */
function shifted(number: number, places: number): number {
  const [digits, exponent = 0] = String(number).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

function roundedInteger(value: bigint, step: bigint): number | bigint {
  const moved = value + step / 2n;
  return normal(moved - (((moved % step) + step) % step));
}

/** SHA-256 as hexadecimal digits. */
function hash(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = asText(value);
  work(text.length);
  return createHash('sha256').update(text).digest('hex');
}

const shownCharacters = 4;

/** All but the last four characters as stars; a text of up to eight characters shows none. */
function mask(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const characters = [...asText(value)];
  make(characters.length);
  const shown = characters.length > 2 * shownCharacters ? characters.slice(-shownCharacters).join('') : '';
  return '*'.repeat(characters.length - (shown === '' ? 0 : shownCharacters)) + shown;
}

/** What a JSON text says; undefined when it is none. */
function json(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  work(value.length >> 2);
  return jsonValue(value);
}

/** JavaScript's `parseInt`, with all digits of decimal and hexadecimal integers. */
function parsedInteger(text: string, base: number | undefined): number | bigint {
  const number = Number.parseInt(text, base);
  if (Number.isSafeInteger(number) || !Number.isFinite(number)) return number;
  const [, sign, prefix = '', digits] = /^\s*([+-]?)(0x)?([\da-f]+)/i.exec(text) ?? [];
  const isHex = base === 16 || (prefix !== '' && !base);
  const decimal = /^\d*/.exec(digits ?? '')![0];
  if (!isHex && base && base !== 10) return number;
  const size = BigInt(isHex ? `0x${digits}` : decimal);
  return normal(sign === '-' ? -size : size);
}

/** JavaScript's `parseFloat`, with all digits of what is an integer. */
function parsedFloat(text: string): number | bigint {
  const [whole] = /^\s*[+-]?\d+(?![\d.e])/i.exec(text) ?? [];
  return whole === undefined ? Number.parseFloat(text) : toNumber(whole);
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function onText(change: (text: string) => string): (value: unknown) => unknown {
  return (value) => (value === null || value === undefined ? undefined : change(asText(value)));
}

function define(least: number, most: number, call: ExpressionFunction['call']): ExpressionFunction {
  return { least, most, call };
}

const mathNames =
  'abs acos asin atan atan2 cbrt ceil cos exp floor hypot log log10 log2 max min pow round sign sin sqrt tan trunc'.split(' ');
/** Those that leave integers exact, however large. */
const exactMath: Readonly<Record<string, (...args: readonly (number | bigint)[]) => number | bigint>> = {
  abs: (value) => (value! < 0 ? (typeof value === 'bigint' ? normal(-value) : -value!) : value!),
  ceil: (value) => (typeof value === 'bigint' ? value : Math.ceil(value!)),
  floor: (value) => (typeof value === 'bigint' ? value : Math.floor(value!)),
  max: (...values) => values.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a), Number.NEGATIVE_INFINITY),
  min: (...values) => values.reduce((a, b) => (b < a || Number.isNaN(b) ? b : a), Number.POSITIVE_INFINITY),
  round: (value) => (typeof value === 'bigint' ? value : Math.round(value!)),
  trunc: (value) => (typeof value === 'bigint' ? value : Math.trunc(value!)),
};

function math(name: string): ExpressionFunction {
  const exact = exactMath[name];
  const inexact = Math[name as 'abs'] as (...args: number[]) => number;
  return define(0, 100, (...args) => {
    const numbers = args.map(toNumber);
    return exact
      ? exact(...(numbers.length === 0 && name !== 'max' && name !== 'min' ? [Number.NaN] : numbers))
      : inexact(...numbers.map(Number));
  });
}

/** By the name that is written before the parenthesis; docs/cli.md says what each gives. */
export const functions: Readonly<Record<string, ExpressionFunction>> = {
  now: define(0, 0, () => Date.now()),
  time: define(1, 1, time),
  date: define(1, 1, date),
  lower: define(
    1,
    1,
    onText((text) => text.toLowerCase()),
  ),
  upper: define(
    1,
    1,
    onText((text) => text.toUpperCase()),
  ),
  round: define(1, 2, round),
  hash: define(1, 1, hash),
  mask: define(1, 1, mask),
  json: define(1, 1, json),
  String: define(1, 1, (value) => asText(value)),
  Number: define(1, 1, toNumber),
  Boolean: define(1, 1, Boolean),
  parseInt: define(1, 2, (value, base) => parsedInteger(asText(value), base === undefined ? undefined : Number(base))),
  parseFloat: define(1, 1, (value) => parsedFloat(asText(value))),
  isNaN: define(1, 1, (value) => Number.isNaN(Number(toNumber(value)))),
  isFinite: define(1, 1, (value) => Number.isFinite(Number(toNumber(value)))),
  'Number.isInteger': define(1, 1, (value) => typeof value === 'bigint' || Number.isInteger(value)),
  'Number.isNaN': define(1, 1, Number.isNaN),
  'Number.isFinite': define(1, 1, (value) => typeof value === 'bigint' || Number.isFinite(value)),
  'Array.isArray': define(1, 1, Array.isArray),
  'Object.keys': define(1, 1, (value) => Object.keys(objectOf(value))),
  'Object.values': define(1, 1, (value) => Object.values(objectOf(value))),
  'Object.entries': define(1, 1, (value) => Object.entries(objectOf(value))),
  'JSON.parse': define(1, 1, json),
  'JSON.stringify': define(1, 1, jsonText),
  'Date.parse': define(1, 1, time),
  'Date.now': define(0, 0, () => Date.now()),
  ...Object.fromEntries(mathNames.map((name) => [`Math.${name}`, math(name)])),
};

/** Names that stand for a value. */
export const constants: Readonly<Record<string, string>> = {
  undefined: 'undefined',
  NaN: 'NaN',
  Infinity: 'Infinity',
  'Math.PI': 'Math.PI',
  'Math.E': 'Math.E',
  'Number.MAX_SAFE_INTEGER': 'Number.MAX_SAFE_INTEGER',
  'Number.MIN_SAFE_INTEGER': 'Number.MIN_SAFE_INTEGER',
};
