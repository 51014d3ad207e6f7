/** Numbers as JSON shows them: exact, the shortest text that means the same number again. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { shortestFloat } from '../../../base/shortest-float.ts';
import { appendAmount } from '../../amount-text.ts';

const quote = 34;

/** A double as a JSON number; NaN and the infinities in quotes. */
export function appendDouble(sink: ByteSink, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) sink.number(value);
  else if (appendAmount(sink, value)) return;
  else if (Number.isFinite(value)) sink.ascii(Object.is(value, -0) ? '-0' : String(value));
  else sink.ascii(`"${value}"`);
}

/** A float as a number: 0.1, not 0.10000000149011612; a whole one with all its digits. */
export function floatNumber(value: number): number {
  return Number.isSafeInteger(value) ? value : shortestFloat(value);
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
