/** JSON texts to values, integers exact to 64 bits: JSON.parse where that is exact, a parser of our own where it would round. */
import { normal } from './operators.ts';

/** A run of digits that a number may not hold; texts and fractions have them too, which only costs time. */
const longInteger = /\d{16}/;

/** The value that a JSON text says; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return longInteger.test(text) ? new ExactParser(text).value() : value;
}

/** Reads a text that is known to be JSON. */
class ExactParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    this.#blanks();
    const start = this.#at;
    const first = this.#text[start];
    if (first === '{') return this.#object();
    if (first === '[') return this.#list();
    if (first === '"') return this.#string();
    while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at]!)) this.#at++;
    const word = this.#text.slice(start, this.#at);
    return /^-?\d{16,}$/.test(word) ? normal(BigInt(word)) : JSON.parse(word);
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '.')) this.#at++;
  }

  #string(): string {
    const start = this.#at++;
    while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    return JSON.parse(this.#text.slice(start, ++this.#at)) as string;
  }

  /** Passes the sign that follows a value: whether it was a comma. */
  #goesOn(): boolean {
    this.#blanks();
    return this.#text[this.#at++] === ',';
  }

  #isEmpty(end: string): boolean {
    this.#at++;
    this.#blanks();
    if (this.#text[this.#at] !== end) return false;
    this.#at++;
    return true;
  }

  #object(): unknown {
    const object: Record<string, unknown> = {};
    if (this.#isEmpty('}')) return object;
    do {
      this.#blanks();
      const name = this.#string();
      this.#blanks();
      this.#at++;
      // As JSON.parse: `__proto__` is a field like any other.
      Object.defineProperty(object, name, { value: this.value(), enumerable: true, configurable: true, writable: true });
    } while (this.#goesOn());
    return object;
  }

  #list(): unknown {
    const list: unknown[] = [];
    if (this.#isEmpty(']')) return list;
    do list.push(this.value());
    while (this.#goesOn());
    return list;
  }
}
