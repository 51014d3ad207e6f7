/** Where a writer is in JSON text: takes its tokens from the bytes, all of them checked. */
import type { Constant } from '../../base/bytes/byte-sink.ts';
import { copyBytes } from '../../base/bytes/copy-bytes.ts';
import { characterLength } from '../../base/bytes/utf8.ts';
import { viewOf, wordBytes } from '../../base/bytes/word32.ts';
import { plainEnd } from '../../base/json/scalars.ts';
import { Flaw } from './flaw.ts';
import type { JsonKind } from './union-rule.ts';
import { integerOf } from './whole-number.ts';

const deepest = 1000;
/** So many characters of a number are a safe integer. */
export const safeDigits = 15;
const quote = 34;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
const colon = 58;
const backslash = 92;
const space = 32;
const firstBeyondAscii = 128;
const smallest = 4096;
/** Larger memory is not kept. */
const largestKept = 1 << 20;
/** Zeros behind the text, which no token has: words may be read there, and nothing need be asked for the text's end. */
const padding = 2 * wordBytes;

const kinds: readonly (JsonKind | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[-\d]/.test(character)) return 'number';
  return ({ '"': 'string', '{': 'object', '[': 'array', t: 'boolean', f: 'boolean', n: 'null' } as const)[character];
});
/** Bytes of words and numbers. */
const isInWord = Array.from({ length: 256 }, (_, code) => /[\w.+-]/.test(String.fromCharCode(code)));

export class TextCursor {
  /** The text, UTF-8, which may be wrong, and zeros behind it. */
  buf = Buffer.allocUnsafeSlow(smallest);
  /** The same bytes. */
  view = viewOf(this.buf);
  /** The text's length in bytes. */
  end = 0;
  at = 0;
  /** Where the bytes of the last string begin and end, between its quotes. */
  start = 0;
  stop = 0;
  /** Whether the last string has escapes. */
  hasEscapes = false;
  /** Whether the last number has only digits and a sign. */
  isWhole = true;
  /** Where the point of the last number is, if it has one and no exponent; else 0. */
  point = 0;
  /** The digits of the last number, up to its exponent, as an integer without sign; exact up to 15. */
  #digits = 0;
  #depth = 0;

  /** Begins at a text that fills `text[start, end)`, of which it keeps a copy. */
  open(text: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    this.#begin(copyBytes(text, start, end, this.buf, 0));
  }

  /** @param text well-formed */
  openText(text: string): void {
    this.#reserve(text.length * 3);
    this.#begin(this.buf.write(text));
  }

  #reserve(bytes: number): void {
    const { length } = this.buf;
    if (bytes + padding <= length && length <= largestKept) return;
    this.buf = Buffer.allocUnsafeSlow(Math.max(smallest, bytes + padding));
    this.view = viewOf(this.buf);
  }

  #begin(end: number): void {
    this.view.setInt32(end, 0);
    this.view.setInt32(end + wordBytes, 0);
    this.end = end;
    this.at = 0;
    this.#depth = 0;
  }

  /** @param at where the value at fault begins; here if not given */
  fail(problem: string, at = this.at): never {
    throw new Flaw(problem, at);
  }

  enter(): void {
    if (++this.#depth > deepest) this.fail(`nested deeper than ${deepest}`);
  }

  leave(): void {
    this.#depth--;
  }

  /** Passes over white space; the byte that the next token begins with, 0 at the end. */
  skipSpace(): number {
    const { buf } = this;
    let byte = buf[this.at]!;
    while (byte <= space && (byte === space || byte === 10 || byte === 13 || byte === 9)) byte = buf[++this.at]!;
    return byte;
  }

  /** Where the next token begins. */
  next(): number {
    this.skipSpace();
    return this.at;
  }

  /** What comes next. */
  kind(): JsonKind {
    return kinds[this.skipSpace()] ?? this.fail('is no JSON');
  }

  /** Passes over a punctuation character, if it comes next. */
  takes(code: number): boolean {
    if (this.skipSpace() !== code) return false;
    this.at++;
    return true;
  }

  expect(code: number): void {
    if (!this.takes(code)) this.fail('is no JSON');
  }

  /** Passes over the comma before a further member or item; false at the closing bracket, which is passed over too. */
  continues(closer: number): boolean {
    if (this.takes(comma)) return true;
    this.expect(closer);
    return false;
  }

  /** Passes over these bytes, if they come next. */
  takesBytes({ words, length }: Constant): boolean {
    const { view } = this;
    let at = this.at;
    const last = length >> 2;
    for (let index = 0; index < last; index++, at += wordBytes) if (view.getInt32(at, true) !== words[index]) return false;
    const unused = 8 * (wordBytes - (length & 3));
    if (unused < 32 && (view.getInt32(at, true) ^ words[last]!) << unused !== 0) return false;
    this.at += length;
    return true;
  }

  /** Passes over a string, the next token, which is UTF-8: `start`, `stop` and `hasEscapes` describe it. */
  scanString(): void {
    const { buf, view, end } = this;
    if (buf[this.at] !== quote) this.fail('is no JSON');
    let at = this.at + 1;
    this.start = at;
    this.hasEscapes = false;
    for (;;) {
      at = plainEnd(buf, view, at, end);
      const byte = buf[at]!;
      if (byte === quote) break;
      let length = 0;
      if (byte === backslash) {
        this.hasEscapes = true;
        length = 2;
      } else if (byte >= firstBeyondAscii) length = characterLength(buf, at, end);
      if (length === 0) this.fail('is no JSON');
      at += length;
    }
    this.stop = at;
    this.at = at + 1;
  }

  /** The string that was passed over last. */
  string(): string {
    const { buf, start, stop } = this;
    if (!this.hasEscapes) return buf.toString('utf8', start, stop);
    try {
      return JSON.parse(buf.toString('utf8', start - 1, stop + 1));
    } catch {
      return this.fail('is no JSON', start - 1);
    }
  }

  takeString(): string {
    this.scanString();
    return this.string();
  }

  /** A member's name, with the colon behind it. */
  takeName(): string {
    this.skipSpace();
    const name = this.takeString();
    this.expect(colon);
    return name;
  }

  /** Passes over a number, the next token, and returns where it begins; `isWhole` and `point` describe it. */
  scanNumber(): number {
    const { buf } = this;
    const begin = this.at;
    const first = buf[begin] === minus ? begin + 1 : begin;
    this.#digits = 0;
    let at = this.#passDigits(first);
    if (buf[first] === zero && at > first + 1) this.fail('is no JSON');
    this.isWhole = true;
    this.point = 0;
    if (buf[at] === dot) {
      this.isWhole = false;
      this.point = at;
      at = this.#passDigits(at + 1);
    }
    if ((buf[at]! | 0x20) === 101) {
      this.isWhole = false;
      this.point = 0;
      at++;
      if (buf[at] === minus || buf[at] === 43) at++;
      at = this.#passDigits(at);
    }
    this.at = at;
    return begin;
  }

  /** Where digits end, one at least, that begin at `at`. */
  #passDigits(at: number): number {
    const { buf } = this;
    let value = this.#digits;
    let place = at;
    for (let digit = buf[place]! - zero; digit >= 0 && digit <= 9; digit = buf[++place]! - zero) value = value * 10 + digit;
    if (place === at) this.fail('is no JSON');
    this.#digits = value;
    return place;
  }

  /** The number that was passed over last, if it has no fraction: exact, a bigint only where it has to be. */
  whole(begin: number): number | bigint | undefined {
    // An integer has no -0.
    if (this.isWhole && this.at - begin <= safeDigits) return this.digits(begin) + 0;
    return integerOf(this.numberText(begin));
  }

  /** The digits of the number that was passed over last as an integer, its sign kept and its point left out; at most 15, and no exponent. */
  digits(begin: number): number {
    return this.buf[begin] === minus ? -this.#digits : this.#digits;
  }

  /** The text of the number that was passed over last. */
  numberText(begin: number): string {
    return this.buf.toString('latin1', begin, this.at);
  }

  /** The text in `[start, end)`. */
  textOf(start: number, end: number): string {
    return this.buf.toString('utf8', start, end);
  }

  /** Passes over any value. Used only to look ahead: what is looked at is read again. */
  skipValue(): void {
    let depth = 0;
    do {
      const code = this.skipSpace();
      if (code === quote) this.scanString();
      else if (this.at >= this.end) this.fail('is no JSON');
      else {
        if (code === 123 || code === 91) depth++;
        if (code === 125 || code === 93) depth--;
        this.at++;
        // Words and numbers are passed a byte at a time: only what stands behind them ends them.
        if (depth === 0 && code !== 125 && code !== 93) this.#skipWord();
      }
    } while (depth > 0);
  }

  #skipWord(): void {
    while (isInWord[this.buf[this.at]!]) this.at++;
  }
}
