/** Floats and doubles as text: the fewest digits that mean exactly this value. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { shortestFloat } from '../../base/shortest-float.ts';
import { appendAmount } from '../amount-text.ts';

/** The words that JSON has no numbers for. */
const beyondJson = ['NaN', 'Infinity', '-Infinity'];

/** Appends a double as a JSON number; what JSON has no number for as a string. */
export function appendDouble(sink: ByteSink, value: number): void {
  if (!appendAmount(sink, value)) sink.ascii(doubleText(value));
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
  const shortest = (narrow ? shortestFloat(value) : value).toExponential();
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

/** What a JSON string means for a float or double; undefined if it is no word for one. */
export function beyondJsonNumber(text: string): number | undefined {
  if (beyondJson.includes(text)) return Number(text);
  // Java's other spellings.
  if (text === 'INF' || text === '+Infinity') return Number.POSITIVE_INFINITY;
  return text === '-INF' ? Number.NEGATIVE_INFINITY : undefined;
}
