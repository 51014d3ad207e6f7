/** Timestamps in the spelling that nearly all have, `"2026-02-28T12:00:00.123Z"`, from the bytes: many times faster than by a pattern. */
import { daysOf } from './civil.ts';

const quote = 34;
const dot = 46;
const zero = 48;
const letterZ = 90;
/** Within the quotes; `d` is a digit. */
const layout = Buffer.from('dddd-dd-ddTdd:dd:dd', 'latin1');
const letterD = 100;
const powersOfTen = Array.from({ length: 10 }, (_, digits) => 10 ** digits);

/** Where the timestamp ended that was read last, behind its last quote. */
export let timestampEnd = 0;

/**
 * The timestamp in quotes that begins at `at`, since the epoch in 10^-fraction seconds; NaN for any other spelling, which may be right too, and
 * for what is no safe integer.
 * @param bytes end with a byte that no timestamp has
 * @param hasZone whether it ends in Z
 */
export function commonTimestamp(bytes: Buffer, at: number, fraction: 3 | 6 | 9, hasZone: boolean): number {
  if (bytes[at] !== quote) return Number.NaN;
  const start = at + 1;
  for (let index = 0; index < layout.length; index++) {
    const wanted = layout[index]!;
    if (wanted !== letterD && bytes[start + index] !== wanted) return Number.NaN;
  }
  const hour = digitsAt(bytes, start + 11, 2);
  const minute = digitsAt(bytes, start + 14, 2);
  const second = digitsAt(bytes, start + 17, 2);
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  let end = start + layout.length;
  let part = 0;
  let digits = 0;
  if (bytes[end] === dot) {
    const first = ++end;
    while (digits < fraction && isDigit(bytes[end]!)) {
      part = part * 10 + bytes[end++]! - zero;
      digits++;
    }
    if (end === first) return Number.NaN;
  }
  if (hasZone && bytes[end++] !== letterZ) return Number.NaN;
  if (bytes[end] !== quote) return Number.NaN;
  timestampEnd = end + 1;
  const days = daysOf(digitsAt(bytes, start, 4), digitsAt(bytes, start + 5, 2), digitsAt(bytes, start + 8, 2));
  const seconds = days * 86_400 + hour * 3600 + minute * 60 + second;
  const count = seconds * powersOfTen[fraction]! + part * powersOfTen[fraction - digits]!;
  return Number.isSafeInteger(count) ? count : Number.NaN;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9;
}

/** The number of the digits from `at` on; NaN if there is anything else. */
function digitsAt(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let place = at; place < at + count; place++) {
    if (!isDigit(bytes[place]!)) return Number.NaN;
    value = value * 10 + bytes[place]! - zero;
  }
  return value;
}
