/** A regular expression in an expression: JavaScript's, without the state that `lastIndex` is. */
import { asText } from './values.ts';
import { make, work } from './work.ts';

export class Pattern {
  readonly isGlobal: boolean;
  readonly #one: RegExp;
  readonly #all: RegExp;

  /** @throws SyntaxError for what is not a regular expression */
  constructor(source: string, flags: string) {
    const kept = flags.replace(/[gy]/g, '');
    this.isGlobal = flags.includes('g');
    this.#one = new RegExp(source, kept);
    this.#all = new RegExp(source, `${kept}g`);
  }

  test(text: string): boolean {
    work(text.length >> 2);
    return this.#one.test(text);
  }

  /** The first hit with its groups, or the texts of all hits; null where there is none. */
  match(text: string, all: boolean): unknown {
    work(text.length >> 2);
    const found = text.match(all ? this.#all : this.#one);
    return found && [...found];
  }

  /** Where the first hit begins; -1 without one. */
  search(text: string): number {
    work(text.length >> 2);
    return text.search(this.#one);
  }

  replace(text: string, by: unknown, all: boolean): string {
    work(text.length >> 2);
    const replacement = typeof by === 'function' ? (...args: unknown[]) => asText(by(...args)) : asText(by);
    const result = text.replace(all || this.isGlobal ? this.#all : this.#one, replacement as string);
    make(result.length);
    return result;
  }

  split(text: string): string[] {
    work(text.length >> 2);
    return text.split(this.#one);
  }
}

export function isPattern(value: unknown): value is Pattern {
  return value instanceof Pattern;
}
