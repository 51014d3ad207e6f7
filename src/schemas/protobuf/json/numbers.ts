/** Numbers as JSON shows them: exact, the shortest text that means the same number again. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';

const quote = 34;
/** The smallest float that has all its digits. */
const leastNormalFloat = 2 ** -126;
/** Up to this many digits every decimal survives being a float; and with this many every float survives being a decimal. */
const sureDigits = 6;
const enoughDigits = 9;

/** A double as a JSON number; NaN and the infinities in quotes. */
export function appendDouble(sink: ByteSink, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) sink.number(value);
  else if (Number.isFinite(value)) sink.ascii(Object.is(value, -0) ? '-0' : String(value));
  else sink.ascii(`"${value}"`);
}

/** The number with the fewest digits that is this float: 0.1, not 0.10000000149011612. */
export function shortestFloat(value: number): number {
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return value;
  const least = Math.abs(value) < leastNormalFloat ? 1 : sureDigits;
  for (let digits = least; digits < enoughDigits; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(enoughDigits));
}

/** A 64-bit integer: text, since readers of JSON lose digits of numbers. */
export function appendQuoted(sink: ByteSink, value: number | bigint): void {
  sink.byte(quote);
  if (typeof value === 'number') sink.number(value);
  else sink.ascii(String(value));
  sink.byte(quote);
}

/** NaN and the infinities are words in JSON. */
export function treeOfDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
