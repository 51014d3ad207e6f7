/** Decimals in a datum → their exact text. */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import type { Cursor } from '../cursor.ts';
import { bigDecimalText, decimalText, longestDecimal, unscaledOf } from './decimal.ts';

/** @param length bytes of the two's complement that follows */
export function readDecimal(from: Cursor, sink: ByteSink, length: number, scale: number): void {
  sink.ascii(`"${decimalText(takeUnscaled(from, length), scale)}"`);
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
