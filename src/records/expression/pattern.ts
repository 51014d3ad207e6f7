/** A regular expression in an expression: JavaScript's, without the state that `lastIndex` is, and in bounded time. */
import { Regex } from '../../base/regex/regex.ts';
import { ExpressionFailure } from './failure.ts';
import { asText } from './values.ts';
import { make, work } from './work.ts';

export class Pattern {
  readonly isGlobal: boolean;
  readonly #regex: Regex;

  /** @throws SyntaxError for what is not a regular expression, and for one that could take for ever */
  constructor(source: string, flags: string) {
    this.isGlobal = flags.includes('g');
    this.#regex = new Regex(source, flags.replace(/[gy]/g, ''), work);
    const why = this.#regex.refusal;
    if (why !== undefined) throw new SyntaxError(why);
  }

  test(text: string): boolean {
    return this.#for(text, false).test(text);
  }

  /** The first hit with its groups, or the texts of all hits; null where there is none. */
  match(text: string, all: boolean): unknown {
    const found = text.match(this.#for(text, all));
    return found && [...found];
  }

  /** Where the first hit begins; -1 without one. */
  search(text: string): number {
    return text.search(this.#for(text, false));
  }

  replace(text: string, by: unknown, all: boolean): string {
    const replacement = typeof by === 'function' ? (...args: unknown[]) => asText(by(...args)) : asText(by);
    const result = text.replace(this.#for(text, all || this.isGlobal), replacement as string);
    make(result.length);
    return result;
  }

  split(text: string): string[] {
    return text.split(this.#for(text, true));
  }

  /** @throws ExpressionFailure for a text that is too long for it */
  #for(text: string, all: boolean): RegExp {
    work(text.length >> 2);
    const regex = this.#regex.for(text, all);
    if (!regex) throw new ExpressionFailure(`a text of ${text.length} characters is too long for the regular expression`);
    return regex;
  }
}

export function isPattern(value: unknown): value is Pattern {
  return value instanceof Pattern;
}
