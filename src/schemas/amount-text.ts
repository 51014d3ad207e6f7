/** Numbers of at most two decimals as text: amounts are common, and this is many times faster than the runtime's text of a number. */
import type { ByteSink } from '../base/bytes/byte-sink.ts';

const minus = 45;
const dot = 46;
const zero = 48;
/** From here on numbers of two decimals are no longer told apart by doubles. */
const mostCents = 1e15;

/** Appends the text that `String` gives for a number of at most two decimals and 15 digits; false, with nothing appended, for 0 and any other number. */
export function appendAmount(sink: ByteSink, value: number): boolean {
  const cents = Math.round(value * 100);
  if (!(Math.abs(cents) < mostCents) || cents / 100 !== value || value === 0) return false;
  let rest = cents;
  if (rest < 0) {
    sink.byte(minus);
    rest = -rest;
  }
  const whole = Math.floor(rest / 100);
  sink.number(whole);
  const part = rest - whole * 100;
  if (part === 0) return true;
  sink.byte(dot);
  const tens = (part / 10) | 0;
  sink.byte(zero + tens);
  if (part % 10 !== 0) sink.byte(zero + (part % 10));
  return true;
}
