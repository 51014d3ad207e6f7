/** The text of a .proto file as tokens, each with its line. */
import { schemaProblem } from './problem.ts';
import { literalBytes } from './string-literal.ts';

/** A stretch of space or one comment; no pattern repeats a choice, since engines run out of stack where that goes on for long. */
const space = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const token = /(?<word>[A-Za-z_]\w*)|(?<number>0[xX][\dA-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<symbol>[^\s\w])/y;

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly line: number;
}

export class Tokens {
  readonly #file: string;
  readonly #text: string;
  #at = 0;
  /** Lines are counted up to here. */
  #counted = 0;
  #line = 1;
  #current: Token;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#current = this.#read();
  }

  /** The token that comes next. */
  get current(): Token {
    return this.#current;
  }

  fail(wanted: string, { text, kind, line } = this.#current): never {
    throw schemaProblem(this.#file, line, `${wanted} is wanted, not ${kind === 'end' ? 'the end of the file' : text}`);
  }

  problem(problem: string, line = this.#current.line): never {
    throw schemaProblem(this.#file, line, problem);
  }

  #read(): Token {
    for (space.lastIndex = this.#at; space.test(this.#text); ) this.#at = space.lastIndex;
    for (; this.#counted < this.#at; this.#counted++) if (this.#text[this.#counted] === '\n') this.#line++;
    const line = this.#line;
    if (this.#at === this.#text.length) return { kind: 'end', text: '', line };
    const literal = literalAt(this.#text, this.#at);
    if (literal === '') throw schemaProblem(this.#file, line, 'this string is not closed');
    if (literal !== undefined) {
      this.#at += literal.length;
      return { kind: 'string', text: literal, line };
    }
    token.lastIndex = this.#at;
    const groups = token.exec(this.#text)?.groups;
    if (!groups) throw schemaProblem(this.#file, line, `${this.#text[this.#at]} is unexpected`);
    this.#at = token.lastIndex;
    const kind = (['word', 'number', 'symbol'] as const).find((name) => groups[name] !== undefined)!;
    if (kind === 'number' && /[\w.]/.test(this.#text[this.#at] ?? ''))
      throw schemaProblem(this.#file, line, `${groups[kind]}${this.#text[this.#at]} is no number`);
    return { kind, text: groups[kind]!, line };
  }

  next(): Token {
    const token = this.#current;
    this.#current = this.#read();
    return token;
  }

  is(text: string): boolean {
    return this.#current.text === text && this.#current.kind !== 'string';
  }

  /** Whether the next token is this one, which is then taken. */
  takes(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): void {
    if (!this.takes(text)) this.fail(`"${text}"`);
  }

  word(what: string): string {
    if (this.#current.kind !== 'word') this.fail(what);
    return this.next().text;
  }

  /** A name of one or more parts, `.a.b`. */
  path(what: string): string {
    let name = this.takes('.') ? '.' : '';
    name += this.word(what);
    while (this.takes('.')) name += `.${this.word(what)}`;
    return name;
  }

  /** Neighbouring literals are one. */
  string(what: string): Buffer {
    if (this.#current.kind !== 'string') this.fail(what);
    const parts: Buffer[] = [];
    while (this.#current.kind === 'string') {
      const { text, line } = this.#current;
      const bytes = literalBytes(text.slice(1, -1));
      if (bytes === undefined) this.problem(`${text} has an escape that is none`, line);
      parts.push(bytes);
      this.next();
    }
    return Buffer.concat(parts);
  }

  /** A whole number as written, decimal, octal or hexadecimal. */
  integer(what: string): number {
    const isNegative = this.takes('-');
    const { kind, text } = this.#current;
    if (kind !== 'number' || !/^(?:0[xX][\dA-Fa-f]+|0[0-7]*|[1-9]\d*)$/.test(text)) this.fail(what);
    this.next();
    const value = Number(exactInteger(text));
    return isNegative ? -value : value;
  }
}

/** The string that begins here, with its quotes; empty if it is not closed on its line, undefined if none begins here. */
function literalAt(text: string, start: number): string | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") return undefined;
  let at = start + 1;
  for (let next = text[at]; next !== quote; next = text[at]) {
    if (next === '\\') next = text[++at];
    if (next === undefined || next === '\n' || next === '\0') return '';
    at++;
  }
  return text.slice(start, at + 1);
}

/** The value of an integer literal: `0x1f`, `017`, `15`. */
export function exactInteger(text: string): bigint {
  return BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
}
