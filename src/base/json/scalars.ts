/** Where strings, numbers and words of JSON text end: found in the bytes, checked to the letter (RFC 8259). */
import { characterLength } from '../bytes/utf8.ts';
import { plainBytes, specialBytes, wordBytes } from '../bytes/word32.ts';

const quote = 34;
const plus = 43;
const minus = 45;
const dot = 46;
const zero = 48;
const backslash = 92;
const letterE = 101;
const letterF = 102;
const letterU = 117;
const space = 32;

/** 1 for each byte that a string cannot hold as it is, or that begins a character of several bytes. */
const isSpecial = new Uint8Array(256).fill(1, 0, space).fill(1, 128);
isSpecial[quote] = 1;
isSpecial[backslash] = 1;
const escapable = Buffer.from('"\\/bfnrt', 'latin1');

/** `true`, `null` and the end of `false`, as words. */
const [wordTrue, wordNull, wordAlse] = ['true', 'null', 'alse'].map((word) => Buffer.from(word).readInt32LE());

/**
 * Where the string, number or word ends that begins at `at`; -1 if none does.
 * @param view of the bytes
 */
export function scalarEnd(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  const first = bytes[at]!;
  if (first === quote) return stringEnd(bytes, view, at, end);
  return first === minus || isDigit(first) ? numberEnd(bytes, at, end) : wordEnd(view, at, end);
}

/** Where the word ends that begins at `at`; -1 if none does. */
export function wordEnd(view: DataView, at: number, end: number): number {
  if (at + wordBytes > end) return -1;
  const word = view.getInt32(at, true);
  if (word === wordTrue || word === wordNull) return at + wordBytes;
  const isFalse = view.getUint8(at) === letterF && at + 1 + wordBytes <= end && view.getInt32(at + 1, true) === wordAlse;
  return isFalse ? at + 1 + wordBytes : -1;
}

/**
 * Where the string ends whose first quote stands at `start`, behind the last quote; -1 if it does not end, or is not UTF-8.
 * @param view of the bytes
 */
export function stringEnd(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const lastWord = end - wordBytes;
  let at = start + 1;
  while (at <= lastWord) {
    const special = specialBytes(view.getInt32(at, true));
    if (special !== 0) {
      at += plainBytes(special);
      break;
    }
    at += wordBytes;
  }
  return at < end && bytes[at] === quote ? at + 1 : specialStringEnd(bytes, view, at, end);
}

/** The same from anywhere in a string, whatever is in it. */
function specialStringEnd(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (isSpecial[byte] === 0) {
      at = plainEnd(bytes, view, at + 1, end);
      continue;
    }
    const length = byte === backslash ? escapeLength(bytes, at, end) : byte < space ? 0 : characterLength(bytes, at, end);
    if (length === 0) return -1;
    at += length;
  }
  return -1;
}

/** Where bytes end that a string holds as they are. @param view of the bytes */
export function plainEnd(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const lastWord = end - wordBytes;
  let at = start;
  for (; at <= lastWord; at += wordBytes) {
    const special = specialBytes(view.getInt32(at, true));
    if (special !== 0) return at + plainBytes(special);
  }
  while (at < end && isSpecial[bytes[at]!] === 0) at++;
  return at;
}

function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return 0;
  const letter = bytes[at + 1]!;
  if (letter !== letterU) return escapable.includes(letter) ? 2 : 0;
  if (at + 6 > end) return 0;
  for (let index = at + 2; index < at + 6; index++) {
    const lower = bytes[index]! | 0x20;
    if (!isDigit(bytes[index]!) && !(lower >= 97 && lower <= 102)) return 0;
  }
  return 6;
}

function isDigit(byte: number): boolean {
  return (byte - zero) >>> 0 < 10;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at;
}

/** Where the number ends that begins at `start`; -1 if none does. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === minus ? start + 1 : start;
  const at = digitsEnd(bytes, first, end);
  if (at === first || (bytes[first] === zero && at > first + 1)) return -1;
  const next = at < end ? bytes[at]! : 0;
  return next === dot || (next | 0x20) === letterE ? fractionEnd(bytes, at, end) : at;
}

/** Where a fraction and an exponent end, or the one that there is. */
function fractionEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (bytes[at] === dot) {
    const fraction = at + 1;
    at = digitsEnd(bytes, fraction, end);
    if (at === fraction) return -1;
  }
  if (at < end && (bytes[at]! | 0x20) === letterE) {
    let exponent = at + 1;
    if (exponent < end && (bytes[exponent] === plus || bytes[exponent] === minus)) exponent++;
    at = digitsEnd(bytes, exponent, end);
    if (at === exponent) return -1;
  }
  return at;
}
