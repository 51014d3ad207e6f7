/** Bytes of a record that are JSON: checked without being parsed, so that numbers keep every digit. */
import { scalarEnd, stringEnd } from '../json/scalars.ts';
import type { ByteSink } from './byte-sink.ts';
import { sourceView } from './word32.ts';

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** Deeper text does not count as JSON; other readers have such limits too. */
const deepest = 1000;
/** Whether the text checked last has a line break: a second result that needs no object. */
let sawLineBreak = false;
/** What closes each open bracket. */
const closers = new Uint8Array(deepest);

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
      at = scalarEnd(bytes, sourceView(bytes), at, end);
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
  const name = at < end && bytes[at] === quote ? stringEnd(bytes, sourceView(bytes), at, end) : -1;
  if (name < 0) return -1;
  const behind = skipSpace(bytes, name, end);
  return behind < end && bytes[behind] === colon ? skipSpace(bytes, behind + 1, end) : -1;
}
