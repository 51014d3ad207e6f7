/** Where a writer is in JSON text: takes its tokens, all of them checked. */
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
const nine = 57;
const colon = 58;
const backslash = 92;
const space = 32;
const firstBeyondAscii = 128;

const kinds: readonly (JsonKind | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[-\d]/.test(character)) return 'number';
  return ({ '"': 'string', '{': 'object', '[': 'array', t: 'boolean', f: 'boolean', n: 'null' } as const)[character];
});

export class TextCursor {
  text = '';
  at = 0;
  /** Where the characters of the last string begin and end, between its quotes. */
  start = 0;
  stop = 0;
  /** Whether the last string has neither escapes nor characters beyond ASCII. */
  isPlain = true;
  /** Whether the last string has escapes. */
  hasEscapes = false;
  /** Whether the last number has only digits and a sign. */
  isWhole = true;
  /** Where the point of the last number is, if it has one and no exponent; else 0. */
  point = 0;
  #depth = 0;

  open(text: string): void {
    this.text = text;
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

  skipSpace(): number {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code <= space && (code === space || code === 10 || code === 13 || code === 9)) code = text.charCodeAt(++this.at);
    return code;
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

  takesWord(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** Passes over a string, the next token: `start`, `stop`, `isPlain` and `hasEscapes` describe it. */
  scanString(): void {
    const { text } = this;
    if (text.charCodeAt(this.at) !== quote) this.fail('is no JSON');
    let at = this.at + 1;
    this.start = at;
    let seen = 0;
    this.hasEscapes = false;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) {
        this.hasEscapes = true;
        at++;
      } else if (!(code >= space)) this.fail('is no JSON');
      seen |= code;
      at++;
    }
    this.stop = at;
    this.isPlain = seen < firstBeyondAscii && !this.hasEscapes;
    this.at = at + 1;
  }

  /** The string that was passed over last. */
  string(): string {
    const { text, start, stop } = this;
    if (!this.hasEscapes) return text.slice(start, stop);
    try {
      return JSON.parse(text.slice(start - 1, stop + 1));
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

  /** Passes over a number, the next token, and returns where it begins; `isWhole` describes it. */
  scanNumber(): number {
    const { text } = this;
    const begin = this.at;
    let at = text.charCodeAt(begin) === minus ? begin + 1 : begin;
    const first = text.charCodeAt(at);
    const digits = this.#digits(at);
    if (digits === at || (first === zero && digits > at + 1)) this.fail('is no JSON');
    at = digits;
    this.isWhole = true;
    this.point = 0;
    if (text.charCodeAt(at) === dot) {
      this.isWhole = false;
      this.point = at;
      const end = this.#digits(at + 1);
      if (end === at + 1) this.fail('is no JSON');
      at = end;
    }
    if ((text.charCodeAt(at) | 0x20) === 101) {
      this.isWhole = false;
      this.point = 0;
      at++;
      const sign = text.charCodeAt(at);
      if (sign === minus || sign === 43) at++;
      const end = this.#digits(at);
      if (end === at) this.fail('is no JSON');
      at = end;
    }
    this.at = at;
    return begin;
  }

  /** The number that was passed over last, if it has no fraction: exact, a bigint only where it has to be. */
  whole(begin: number): number | bigint | undefined {
    // An integer has no -0.
    if (this.isWhole && this.at - begin <= safeDigits) return this.digits(begin, this.at) + 0;
    return integerOf(this.text.slice(begin, this.at));
  }

  /** The digits of a number as an integer, its sign kept and its point left out; at most 15. */
  digits(begin: number, end: number): number {
    const { text } = this;
    const isNegative = text.charCodeAt(begin) === minus;
    let value = 0;
    for (let at = isNegative ? begin + 1 : begin; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code !== dot) value = value * 10 + code - zero;
    }
    return isNegative ? -value : value;
  }

  #digits(at: number): number {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(at);
      if (!(code >= zero && code <= nine)) return at;
      at++;
    }
  }

  /** Passes over any value. Used only to look ahead: what is looked at is read again. */
  skipValue(): void {
    let depth = 0;
    do {
      const code = this.skipSpace();
      if (code === quote) this.scanString();
      else if (Number.isNaN(code)) this.fail('is no JSON');
      else {
        if (code === 123 || code === 91) depth++;
        if (code === 125 || code === 93) depth--;
        this.at++;
        // Words and numbers are passed a character at a time: only what stands behind them ends them.
        if (depth === 0 && code !== 125 && code !== 93) this.#skipWord();
      }
    } while (depth > 0);
  }

  #skipWord(): void {
    while (/[\w.+-]/.test(this.text[this.at] ?? '')) this.at++;
  }
}
