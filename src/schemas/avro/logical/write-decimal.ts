/** Decimals in JSON, strings or numbers → their two's complement, exact. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { safeDigits, type TextCursor } from '../text-cursor.ts';
import type { DecimalLogical } from '../types.ts';
import { appendInteger } from '../varint.ts';
import { misfit } from '../wanted.ts';
import { parseDecimal, rescaled, twosComplement } from './decimal.ts';

const minus = 45;
const dot = 46;
const zero = 48;
const nine = 57;

/** @param size of a fixed, in bytes; without, the length comes first */
export function writeDecimal(from: TextCursor, sink: ByteSink, { precision, scale }: DecimalLogical, size?: number): void {
  const wanted = `a decimal of ${precision} digits, ${scale} of them behind the point`;
  const begin = from.next();
  const text = takeDecimalText(from, wanted);
  const small = smallUnscaled(text, scale, precision);
  if (!Number.isNaN(small) && appendSmall(sink, small, size)) return;
  const decimal = parseDecimal(text);
  const unscaled = decimal && rescaled(decimal.unscaled, decimal.scale, scale);
  if (unscaled === undefined) misfit(from, wanted, begin);
  const digits = String(unscaled).length - (unscaled < 0n ? 1 : 0);
  if (digits > precision) misfit(from, wanted, begin);
  const bytes = twosComplement(unscaled, size);
  if (!bytes) misfit(from, `a decimal of ${size} bytes`, begin);
  if (size === undefined) appendInteger(sink, bytes.length);
  sink.copy(bytes, 0, bytes.length);
}

/** The unscaled value of a text without exponent, if its digits are few and fit; else NaN, which says nothing about the text. */
function smallUnscaled(text: string, scale: number, precision: number): number {
  let at = text.charCodeAt(0) === minus ? 1 : 0;
  if (text.length - at + scale > safeDigits || text.length === at) return Number.NaN;
  const isNegative = at === 1;
  let value = 0;
  let point = -1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot && point === -1) point = at;
    else if (code >= zero && code <= nine) value = value * 10 + code - zero;
    else return Number.NaN;
  }
  const fraction = point === -1 ? 0 : text.length - point - 1;
  // A point has digits on both sides.
  if (fraction > scale || (point !== -1 && fraction === 0) || point === (isNegative ? 1 : 0)) return Number.NaN;
  value *= 10 ** (scale - fraction);
  if (value >= 10 ** precision) return Number.NaN;
  return isNegative ? -value : value;
}

/** Appends a safe integer as a two's complement; false, with nothing appended, if it needs more than `size` bytes. */
function appendSmall(sink: ByteSink, value: number, size: number | undefined): boolean {
  let shortest = 1;
  for (let limit = 128; value >= limit || value < -limit; limit *= 256) shortest++;
  const length = size ?? shortest;
  if (shortest > length) return false;
  if (size === undefined) appendInteger(sink, length);
  sink.ensure(length);
  const { buf } = sink;
  let rest = value;
  for (let place = sink.length + length - 1; place >= sink.length; place--) {
    const next = Math.floor(rest / 256);
    buf[place] = rest - next * 256;
    rest = next;
  }
  sink.length += length;
  return true;
}

/** The text of a decimal, a string or a number. */
function takeDecimalText(from: TextCursor, wanted: string): string {
  const kind = from.kind();
  if (kind === 'string') return from.takeString();
  if (kind !== 'number') return misfit(from, wanted);
  const begin = from.scanNumber();
  return from.numberText(begin);
}

export function writeBigDecimal(from: TextCursor, sink: ByteSink): void {
  const begin = from.next();
  const decimal = parseDecimal(takeDecimalText(from, 'a decimal'));
  if (!decimal || decimal.scale !== (decimal.scale | 0)) misfit(from, 'a decimal whose scale has 32 bits', begin);
  const bytes = twosComplement(decimal.unscaled)!;
  // The length of what follows comes first, and that of a scale depends on the scale.
  const begun = sink.length;
  appendInteger(sink, bytes.length);
  sink.copy(bytes, 0, bytes.length);
  appendInteger(sink, decimal.scale);
  const inner = Buffer.from(sink.buf.subarray(begun, sink.length));
  sink.length = begun;
  appendInteger(sink, inner.length);
  sink.copy(inner, 0, inner.length);
}
