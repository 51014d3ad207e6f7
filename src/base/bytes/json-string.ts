/** Bytes of a record → a JSON string, checked, escaped and copied in one pass. */
import type { ByteSink } from './byte-sink.ts';
import { characterLength } from './utf8.ts';
import { plainBytes, sourceView, specialBytes, wordBytes } from './word32.ts';

const quote = 34;
const backslash = 92;
const letterU = 117;
const zero = 48;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

/** The letter that escapes each control character, quote and backslash; `u` if it has none. */
const escapes = new Uint8Array(128).fill(letterU, 0, 32);
for (const [character, letter] of Object.entries({
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\f': 'f',
  '\r': 'r',
  '"': '"',
  '\\': '\\',
})) {
  escapes[character.charCodeAt(0)] = letter.charCodeAt(0);
}

/** How many source bytes to make room for at a time: six times a whole large value would take too much memory. */
export const segmentBytes = 4096;
const longestEscape = 6;
/** For quotes, a character that extends past the segment's end, and a word written after the last byte. */
const extraBytes = 16;
/** What a segment may take when escaped, in bytes. */
export const segmentRoom = segmentBytes * longestEscape + extraBytes;

/** Appends `bytes[start, end)` as a JSON string. Returns false, with nothing appended, if they are not UTF-8. */
export function appendJsonString(sink: ByteSink, bytes: Buffer, start: number, end: number): boolean {
  const begin = sink.length;
  let at = start;
  do {
    const stop = end - at > segmentBytes ? at + segmentBytes : end;
    sink.ensure((stop - at) * longestEscape + extraBytes);
    if (at === start) sink.buf[sink.length++] = quote;
    at = appendSegment(sink, bytes, at, stop, end);
    if (at < 0) {
      sink.length = begin;
      return false;
    }
  } while (at < end);
  sink.buf[sink.length++] = quote;
  return true;
}

/** Appends the characters that start before `stop`, for which there must be room; returns where they ended, or -1 if they are not UTF-8. */
export function appendSegment(sink: ByteSink, bytes: Buffer, start: number, stop: number, end: number): number {
  const { buf, view } = sink;
  const from = sourceView(bytes);
  const lastWord = stop - wordBytes;
  let to = sink.length;
  let at = start;
  while (at < stop) {
    if (at < lastWord - 3) {
      const first = from.getInt32(at, true);
      const second = from.getInt32(at + 4, true);
      view.setInt32(to, first, true);
      view.setInt32(to + 4, second, true);
      const inFirst = specialBytes(first);
      const inSecond = specialBytes(second);
      const plain = (inFirst | inSecond) === 0 ? 8 : inFirst !== 0 ? plainBytes(inFirst) : 4 + plainBytes(inSecond);
      at += plain;
      to += plain;
      if (plain === 8) continue;
    } else if (at <= lastWord) {
      const word = from.getInt32(at, true);
      view.setInt32(to, word, true);
      const special = specialBytes(word);
      const plain = special === 0 ? 4 : plainBytes(special);
      at += plain;
      to += plain;
      if (plain === 4) continue;
    }
    const byte = bytes[at]!;
    if (byte < 128) {
      at++;
      const letter = escapes[byte]!;
      if (letter === 0) {
        buf[to++] = byte;
        continue;
      }
      buf[to++] = backslash;
      buf[to++] = letter;
      if (letter === letterU) {
        buf[to++] = zero;
        buf[to++] = zero;
        buf[to++] = hexDigits[byte >> 4]!;
        buf[to++] = hexDigits[byte & 15]!;
      }
    } else {
      const length = characterLength(bytes, at, end);
      if (length === 0) return -1;
      for (const next = at + length; at < next; ) buf[to++] = bytes[at++]!;
    }
  }
  sink.length = to;
  return at;
}
