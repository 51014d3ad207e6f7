/** JSON strings exactly as Java's Avro writes them: hex digits of escapes in upper case, characters beyond U+FFFF as two escapes. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { isUtf8 } from '../../base/bytes/utf8.ts';

const special = /["\\\u0000-\u001f]|[\u{10000}-\u{10ffff}]/gu;
const letters: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** Appends `bytes[start, end)` as a string. Returns false, with nothing appended, if they are not UTF-8. */
export function appendJavaString(sink: ByteSink, bytes: Buffer, start: number, end: number): boolean {
  if (!isUtf8(bytes, start, end)) return false;
  sink.utf8(`"${bytes.toString('utf8', start, end).replace(special, escaped)}"`);
  return true;
}

/** Appends bytes as a string with one character, U+0000 to U+00FF, for each. */
export function appendJavaBytes(sink: ByteSink, bytes: Buffer, start: number, end: number): void {
  sink.utf8(`"${bytes.toString('latin1', start, end).replace(special, escaped)}"`);
}

function escaped(character: string): string {
  const letter = letters[character];
  if (letter !== undefined) return letter;
  let text = '';
  for (let index = 0; index < character.length; index++) {
    text += `\\u${character.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return text;
}
