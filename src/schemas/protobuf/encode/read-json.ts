/** JSON text → values, integers to the last digit, members in their order; a name twice in an object is refused. */
import { SchemaDataError } from '../../data-error.ts';
import type { Tree } from '../wire/tree.ts';

/** Other readers have such limits too. Between messages there may be lists and maps. */
const deepest = 1000;
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
/** So many digits and a sign are a safe integer. */
const safeLength = 16;
const words: readonly (readonly [word: string, value: Tree])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** @throws SchemaDataError with column, and line if there are several, for what is not JSON (RFC 8259) */
export function readJson(text: string): Tree {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #fail(problem: string): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    const column = `column ${before.at(-1)!.length + 1}`;
    const place = this.#text.includes('\n') ? `line ${before.length}, ${column}` : column;
    throw new SchemaDataError(`this is no JSON (${place}: ${problem})`, '');
  }

  /** The character that the next token begins with; NaN at the end. */
  #next(): number {
    const text = this.#text;
    let code = text.charCodeAt(this.#at);
    while (code <= space && (code === space || code === 10 || code === 13 || code === 9)) code = text.charCodeAt(++this.#at);
    return code;
  }

  end(): void {
    if (!Number.isNaN(this.#next())) this.#fail('text follows the value');
  }

  value(depth: number): Tree {
    if (depth > deepest) this.#fail(`nested deeper than ${deepest}`);
    const code = this.#next();
    if (code === quote) return this.#string();
    if (code === openBrace) return this.#object(depth + 1);
    if (code === openBracket) return this.#list(depth + 1);
    return code === minus || isDigit(code) ? this.#number() : this.#word();
  }

  #takes(code: number): boolean {
    if (this.#next() !== code) return false;
    this.#at++;
    return true;
  }

  #list(depth: number): Tree[] {
    const items: Tree[] = [];
    this.#at++;
    if (this.#takes(closeBracket)) return items;
    do items.push(this.value(depth));
    while (this.#takes(comma));
    if (!this.#takes(closeBracket)) this.#fail('a comma or ] is wanted');
    return items;
  }

  #object(depth: number): Map<string, Tree> {
    const members = new Map<string, Tree>();
    this.#at++;
    if (this.#takes(closeBrace)) return members;
    do {
      if (this.#next() !== quote) this.#fail('a name in quotes is wanted');
      const name = this.#string();
      if (!this.#takes(colon)) this.#fail('a colon is wanted');
      if (members.has(name)) this.#fail(`${JSON.stringify(name)} is there twice`);
      members.set(name, this.value(depth));
    } while (this.#takes(comma));
    if (!this.#takes(closeBrace)) this.#fail('a comma or } is wanted');
    return members;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let hasEscapes = false;
    let at = start + 1;
    for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(++at)) {
      if (!(code >= space)) this.#fail('a string is not closed');
      if (code !== backslash) continue;
      hasEscapes = true;
      at++;
    }
    this.#at = at + 1;
    if (!hasEscapes) return text.slice(start + 1, at);
    try {
      return JSON.parse(text.slice(start, at + 1));
    } catch {
      this.#at = start;
      return this.#fail('a string has an escape that is none');
    }
  }

  #digits(): boolean {
    const text = this.#text;
    const start = this.#at;
    while (isDigit(text.charCodeAt(this.#at))) this.#at++;
    return this.#at > start;
  }

  #number(): number | bigint {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(start) === minus) this.#at++;
    const first = this.#at;
    if (!this.#digits() || (text.charCodeAt(first) === zero && this.#at > first + 1)) this.#fail('a number is not written so');
    let isWhole = true;
    if (text.charCodeAt(this.#at) === dot) {
      isWhole = false;
      this.#at++;
      if (!this.#digits()) this.#fail('digits are wanted');
    }
    if ((text.charCodeAt(this.#at) | 0x20) === 101) {
      isWhole = false;
      const sign = text.charCodeAt(++this.#at);
      if (sign === plus || sign === minus) this.#at++;
      if (!this.#digits()) this.#fail('digits are wanted');
    }
    const number = text.slice(start, this.#at);
    if (!isWhole || number.length < safeLength) return Number(number);
    const value = Number(number);
    return Number.isSafeInteger(value) ? value : BigInt(number);
  }

  #word(): Tree {
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail(Number.isNaN(this.#next()) ? 'it ends too early' : 'a value is wanted');
  }
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
