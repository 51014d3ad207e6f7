/** Bytes of a record that are JSON: checked without being parsed, so that numbers keep every digit. */
import type { ByteSink } from './byte-sink.ts';
import { characterLength } from './utf8.ts';
import { plainBytes, sourceView, specialBytes, wordBytes } from './word32.ts';

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;
const plus = 43;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
const nine = 57;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** Deeper text does not count as JSON; other readers have such limits too. */
const deepest = 1000;
/** Whether the text checked last has a line break: a second result that needs no object. */
let sawLineBreak = false;
/** What closes each open bracket. */
const closers = new Uint8Array(deepest);
const words = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/**
 * Appends `bytes[start, end)` as they are, without the white space around them and line breaks between tokens.
 * Returns false, with nothing appended, if they are not JSON (RFC 8259).
 */
export function appendJsonText(sink: ByteSink, bytes: Buffer, start: number, end: number): boolean {
  if (!isJson(bytes, start, end)) return false;
  const first = skipSpace(bytes, start, end);
  let last = end;
  while (isSpace(bytes[last - 1]!)) last--;
  let run = first;
  // Line breaks inside strings are always escaped, so every one found here is between tokens.
  for (let at = sawLineBreak ? first : last; at < last; at++) {
    const byte = bytes[at]!;
    if (byte !== lineFeed && byte !== carriageReturn) continue;
    sink.copy(bytes, run, at);
    run = at + 1;
  }
  sink.copy(bytes, run, last);
  return true;
}

/** Whether the range is one JSON value (RFC 8259), in UTF-8 and at most 1000 levels deep. */
export function isJson(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  sawLineBreak = false;
  let at = skipSpace(bytes, start, end);
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === openBrace || byte === openBracket) {
      if (depth === deepest) return false;
      const closer = byte === openBrace ? closeBrace : closeBracket;
      closers[depth++] = closer;
      at = skipSpace(bytes, at + 1, end);
      if (at < end && bytes[at] === closer) {
        depth--;
        at++;
      } else {
        if (byte === openBrace) at = nameEnd(bytes, at, end);
        if (at < 0) return false;
        continue;
      }
    } else {
      at = scalarEnd(bytes, at, end);
      if (at < 0) return false;
    }
    for (;;) {
      at = skipSpace(bytes, at, end);
      if (depth === 0) return at === end;
      if (at === end) return false;
      const next = bytes[at++]!;
      const closer = closers[depth - 1]!;
      if (next === comma) {
        at = closer === closeBrace ? nameEnd(bytes, skipSpace(bytes, at, end), end) : skipSpace(bytes, at, end);
        if (at < 0) return false;
        break;
      }
      if (next !== closer) return false;
      depth--;
    }
  }
  return false;
}

function isSpace(byte: number): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === tab;
}

function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > space || !isSpace(byte)) break;
    if (byte !== space && byte !== tab) sawLineBreak = true;
  }
  return at;
}

/** Where the value after an object's name begins; -1 without a name and colon. */
function nameEnd(bytes: Uint8Array, at: number, end: number): number {
  const name = stringEnd(bytes, at, end);
  if (name < 0) return -1;
  const behind = skipSpace(bytes, name, end);
  return behind < end && bytes[behind] === colon ? skipSpace(bytes, behind + 1, end) : -1;
}

function scalarEnd(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at]!;
  if (byte === quote) return stringEnd(bytes, at, end);
  if (byte === minus || isDigit(byte)) return numberEnd(bytes, at, end);
  for (const word of words) {
    let length = 0;
    while (length < word.length && at + length < end && bytes[at + length] === word[length]) length++;
    if (length === word.length) return at + length;
  }
  return -1;
}

function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || bytes[start] !== quote) return -1;
  const view = sourceView(bytes);
  const lastWord = end - wordBytes;
  for (let at = start + 1; at < end; ) {
    if (at <= lastWord) {
      const special = specialBytes(view.getInt32(at, true));
      if (special === 0) {
        at += wordBytes;
        continue;
      }
      at += plainBytes(special);
    }
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (byte < space) return -1;
    const length = byte === backslash ? escapeLength(bytes, at, end) : byte < 128 ? 1 : characterLength(bytes, at, end);
    if (length === 0) return -1;
    at += length;
  }
  return -1;
}

const escapable = Buffer.from('"\\/bfnrt', 'latin1');
const letterU = 117;

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
  return byte >= zero && byte <= nine;
}

function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isDigit(bytes[at]!)) at++;
  return at;
}

function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === minus ? start + 1 : start;
  let at = skipDigits(bytes, first, end);
  if (at === first || (bytes[first] === zero && at > first + 1)) return -1;
  if (at < end && bytes[at] === dot) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction, end);
    if (at === fraction) return -1;
  }
  if (at < end && (bytes[at]! | 0x20) === 101) {
    let exponent = at + 1;
    if (exponent < end && (bytes[exponent] === plus || bytes[exponent] === minus)) exponent++;
    at = skipDigits(bytes, exponent, end);
    if (at === exponent) return -1;
  }
  return at;
}
