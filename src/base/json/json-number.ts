/** Numbers of JSON text, from the bytes. */
import { type ExactJson, parseExactJson } from './exact-json.ts';

const minus = 45;
const dot = 46;
const zero = 48;
/** So many digits a double always holds. */
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);

/** The number in `bytes[start, end)`, which has to be one, as `parseExactJson` reads it. */
export function jsonNumber(bytes: Buffer, start: number, end: number): ExactJson {
  const isNegative = bytes[start] === minus;
  let digits = 0;
  let count = 0;
  let decimals = -1;
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === dot) decimals = count;
    else {
      const digit = byte - zero;
      if (count === exactDigits || digit < 0 || digit > 9) return parseExactJson(bytes.toString('latin1', start, end));
      digits = digits * 10 + digit;
      count++;
    }
  }
  // Both are exact, so the quotient is rounded once, as it has to be.
  const value = decimals < 0 ? digits : digits / powers[count - decimals]!;
  return isNegative ? -value : value;
}
