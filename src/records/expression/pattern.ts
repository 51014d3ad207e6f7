/** A regular expression in an expression: JavaScript's, without the state that `lastIndex` is, and in bounded time. */
import { KtError } from '../../base/errors.ts';
import type { Regex } from '../../base/regex/regex.ts';
import { ExpressionFailure } from './failure.ts';
import { asText } from './values.ts';
import { make, work } from './work.ts';

export class Pattern {
  readonly isGlobal: boolean;
  readonly #regex: Regex;

  constructor(regex: Regex, isGlobal: boolean) {
    this.#regex = regex;
    this.isGlobal = isGlobal;
  }

  test(text: string): boolean {
    return this.#run(text, false, (regex) => regex.test(text));
  }

  /** The first hit with its groups and its index, or the texts of all hits; null where there is none. */
  match(text: string, all: boolean): unknown {
    const found = this.#run(text, all, (regex) => text.match(regex));
    if (!found || all) return found && [...found];
    // Beside the list's elements, as JavaScript has them.
    const { index, groups } = found;
    return Object.defineProperties([...found], { index: { value: index }, groups: { value: groups } });
  }

  /** Where the first hit begins; -1 without one. */
  search(text: string): number {
    return this.#run(text, false, (regex) => text.search(regex));
  }

  replace(text: string, by: unknown, all: boolean): string {
    const replacement = typeof by === 'function' ? (...args: unknown[]) => asText(by(...args)) : asText(by);
    const result = this.#run(text, all || this.isGlobal, (regex) => text.replace(regex, replacement as string));
    make(result.length);
    return result;
  }

  split(text: string): string[] {
    return this.#run(text, true, (regex) => text.split(regex));
  }

  /** @throws ExpressionFailure for a text that is too much for it */
  #run<T>(text: string, all: boolean, use: (regex: RegExp) => T): T {
    work(text.length >> 2);
    try {
      return this.#regex.run(text, all, use);
    } catch (error) {
      throw error instanceof KtError ? new ExpressionFailure(error.message) : error;
    }
  }
}

/**
 * Loads what regular expressions need, and checks one.
 * @throws SyntaxError for what is not a regular expression, and for one that could take for ever
 */
export async function loadPattern(source: string, flags: string): Promise<Pattern> {
  const { Regex } = await import('../../base/regex/regex.ts');
  const regex = new Regex(source, flags.replace(/[gy]/g, ''), work);
  const why = regex.refusal;
  if (why !== undefined) throw new SyntaxError(why);
  return new Pattern(regex, flags.includes('g'));
}

export function isPattern(value: unknown): value is Pattern {
  return value instanceof Pattern;
}
