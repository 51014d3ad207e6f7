/** Looks ahead in JSON text: what is passed over here is checked when it is read. */
import type { TextCursor } from './text-cursor.ts';

const quote = 34;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
/** Bytes of words and numbers. */
const isInWord = Array.from({ length: 256 }, (_, code) => /[\w.+-]/.test(String.fromCharCode(code)));

/** Passes over any value. */
export function skipValue(cursor: TextCursor): void {
  let depth = 0;
  do {
    const code = cursor.skipSpace();
    if (code === quote) cursor.scanString();
    else if (cursor.at >= cursor.end) cursor.fail('is no JSON');
    else {
      if (code === openBrace || code === openBracket) depth++;
      if (code === closeBrace || code === closeBracket) depth--;
      cursor.at++;
      // Words and numbers are passed a byte at a time: only what stands behind them ends them.
      if (depth === 0 && code !== closeBrace && code !== closeBracket) while (isInWord[cursor.buf[cursor.at]!]) cursor.at++;
    }
  } while (depth > 0);
}
