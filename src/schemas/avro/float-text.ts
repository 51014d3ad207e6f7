/** Floats and doubles as text: the fewest digits that mean exactly this value. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';

const minus = 45;
const dot = 46;
const zero = 48;
/** From here on numbers of two decimals are no longer told apart by doubles. */
const mostCents = 1e15;
const smallestNormalFloat = 1.1754943508222875e-38;

/** The words that JSON has no numbers for. */
const beyondJson = ['NaN', 'Infinity', '-Infinity'];

/** Appends a double as a JSON number; what JSON has no number for as a string. */
export function appendDouble(sink: ByteSink, value: number): void {
  const cents = value * 100;
  if (Math.abs(cents) < mostCents && Math.round(cents) / 100 === value && value !== 0) appendCents(sink, Math.round(cents));
  else sink.ascii(doubleText(value));
}

/** Amounts are common, and this is much faster than the runtime's text of a number; with at most 15 digits it is the same text. */
function appendCents(sink: ByteSink, cents: number): void {
  let rest = cents;
  if (rest < 0) {
    sink.byte(minus);
    rest = -rest;
  }
  const whole = Math.floor(rest / 100);
  sink.number(whole);
  const part = rest - whole * 100;
  if (part === 0) return;
  sink.byte(dot);
  const tens = (part / 10) | 0;
  sink.byte(zero + tens);
  if (part % 10 !== 0) sink.byte(zero + (part % 10));
}

/** A double as JSON; whole numbers that an integer of JavaScript cannot hold with an exponent, so that they do not look like exact integers. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

/** As Java's Double.toString writes it, or with `narrow` its Float.toString: `1.0`, `1.0E10`; NaN and infinities in quotes. */
export function javaText(value: number, narrow: boolean): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const shortest = (narrow ? floatAsDouble(value) : value).toExponential();
  // Java writes two digits at least: where one is enough, the second is the one that comes nearest.
  const twoDigits = value.toExponential(1);
  const isSame = narrow ? Math.fround(Number(twoDigits)) === value : Number(twoDigits) === value;
  const [mantissa, exponentText] = (/\./.test(shortest) || !isSame ? shortest : twoDigits).split('e') as [string, string];
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits.replace(/(.)0$/, '$1')}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/**
 * The double whose shortest text is the shortest text of a float: 0.1 for what is 0.10000000149011612 as a double.
 * The nearest decimal of the fewest digits that still means the float.
 */
export function floatAsDouble(value: number): number {
  const thousandths = Math.round(value * 1000);
  // A float holds every decimal of up to six digits, so this one is it.
  if (Math.abs(thousandths) < 1e6 && Math.fround(thousandths / 1000) === value && value !== 0) return thousandths / 1000;
  if (!Number.isFinite(value) || value === 0) return value;
  for (let digits = Math.abs(value) < smallestNormalFloat ? 1 : 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}

/** What a JSON string means for a float or double; undefined if it is no word for one. */
export function beyondJsonNumber(text: string): number | undefined {
  if (beyondJson.includes(text)) return Number(text);
  // Java's other spellings.
  if (text === 'INF' || text === '+Infinity') return Number.POSITIVE_INFINITY;
  return text === '-INF' ? Number.NEGATIVE_INFINITY : undefined;
}
