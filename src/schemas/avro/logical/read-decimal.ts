/** Decimals in a datum → their exact text. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import type { Cursor } from '../cursor.ts';
import { bigDecimalText, decimalText, longestDecimal, unscaledOf } from './decimal.ts';

/** Decimals of so many bytes are safe integers, and their digits behind the point too. */
const fewBytes = 6;
const fewDigits = 15;
const quote = 34;
const minus = 45;
const dot = 46;
const zero = 48;
/** More than any of these texts is long. */
const longest = 64;

/** @param length bytes of the two's complement that follows */
export function readDecimal(from: Cursor, sink: ByteSink, length: number, scale: number): void {
  if (length <= fewBytes && length > 0 && scale <= fewDigits) readSmall(from, sink, length, scale);
  else sink.ascii(`"${decimalText(takeUnscaled(from, length), scale)}"`);
}

/** The same without a big integer and a text, as nearly all decimals are. */
function readSmall(from: Cursor, sink: ByteSink, length: number, scale: number): void {
  const start = from.take(length);
  let value = from.bytes.readInt8(start);
  for (let at = start + 1; at < start + length; at++) value = value * 256 + from.bytes[at]!;
  const unit = 10 ** scale;
  const size = Math.abs(value);
  let part = size % unit;
  sink.ensure(longest);
  sink.buf[sink.length++] = quote;
  if (value < 0) sink.buf[sink.length++] = minus;
  sink.number((size - part) / unit);
  const { buf } = sink;
  let end = sink.length;
  if (scale > 0) {
    buf[end] = dot;
    for (let place = end + scale; place > end; place--) {
      const next = Math.floor(part / 10);
      buf[place] = zero + part - next * 10;
      part = next;
    }
    end += scale + 1;
  }
  buf[end] = quote;
  sink.length = end + 1;
}

/** Avro's big-decimal: bytes that hold the two's complement, as bytes again, and the scale. */
export function readBigDecimal(from: Cursor, sink: ByteSink, length: number): void {
  const end = from.at + length;
  const inner = from.length();
  if (from.at + inner > end) from.fail('the decimal is longer than its bytes');
  const unscaled = takeUnscaled(from, inner);
  const scale = from.int();
  if (from.at !== end) from.fail('the decimal is not as long as its bytes');
  sink.ascii(`"${bigDecimalText(unscaled, scale)}"`);
}

function takeUnscaled(from: Cursor, length: number): bigint {
  if (length === 0) from.fail('a decimal of no bytes');
  if (length > longestDecimal) from.fail(`a decimal of ${length} bytes (kt shows up to ${longestDecimal})`);
  const start = from.take(length);
  return unscaledOf(from.bytes, start, from.at);
}
