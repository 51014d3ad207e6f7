/** Bytes of a record → a JSON string, checked, escaped and copied in one pass. */
import { type ByteSink, viewOf } from './byte-sink.ts';
import { characterLength, plainBytes, specialBytes } from './utf8.ts';

const quote = 34;
const backslash = 92;
const letterU = 117;
const zero = 48;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

/** Per control character, quote and backslash the letter that escapes it; `u` where there is none. */
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

/** Room is made for so many source bytes at a time: six times a large value at once would be too much memory. */
const segmentBytes = 4096;
const longestEscape = 6;
/** For quotes, a character reaching over the segment's end, and a word written behind the last byte. */
const extraBytes = 16;

let viewed: Buffer = Buffer.alloc(0);
let source = viewOf(viewed);

/** Appends `bytes[start, end)` as a JSON string. Returns false, having appended nothing, when they are not UTF-8. */
export function appendJsonString(sink: ByteSink, bytes: Buffer, start: number, end: number): boolean {
  if (bytes !== viewed) {
    viewed = bytes;
    source = viewOf(bytes);
  }
  const begin = sink.length;
  sink.byte(quote);
  for (let at = start; at < end; ) {
    const stop = Math.min(at + segmentBytes, end);
    sink.ensure((stop - at) * longestEscape + extraBytes);
    at = appendSegment(sink, bytes, at, stop, end);
    if (at < 0) {
      sink.length = begin;
      return false;
    }
  }
  sink.byte(quote);
  return true;
}

/** Appends what starts before `stop`; returns where it ended, or -1 when it is not UTF-8. */
function appendSegment(sink: ByteSink, bytes: Buffer, start: number, stop: number, end: number): number {
  const { buf, view } = sink;
  const from = source;
  const lastWord = stop - 4;
  let to = sink.length;
  let at = start;
  while (at < stop) {
    if (at <= lastWord) {
      const word = from.getInt32(at, true);
      const special = specialBytes(word);
      view.setInt32(to, word, true);
      if (special === 0) {
        at += 4;
        to += 4;
        continue;
      }
      const plain = plainBytes(special);
      at += plain;
      to += plain;
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
