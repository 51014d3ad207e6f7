/** Whole numbers in JSON text, exact however they are spelled: `12`, `1.20e1`. */
import { parseDecimal, rescaled } from './logical/decimal.ts';

/** Undefined for a number with a fraction, and for one far beyond 64 bits. */
export function integerOf(text: string): bigint | undefined {
  const decimal = parseDecimal(text);
  return decimal && rescaled(decimal.unscaled, decimal.scale, 0);
}
