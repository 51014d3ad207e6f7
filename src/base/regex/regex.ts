/**
 * Regular expressions that no text can make slow. JavaScript's engines try one way after the other: some expressions take them hours, and
 * JavaScriptCore then gives up and says that nothing matches. So they get the texts on which they must be fast, and the others are
 * matched by an automaton of ours.
 */
import { usageError } from '../errors.ts';
import { longestText } from './cost.ts';
import { LinearRegExp, type Spend } from './linear.ts';
import { NoProgram } from './program.ts';
import { parseRegex } from './syntax.ts';

/** An expression that is not safe for texts of this length, and for which there is no automaton, is refused. */
const usefulLength = 256;

const advice = 'repeat less in it, or leave that out';

export class Regex {
  readonly source: string;
  readonly flags: string;
  readonly #native: RegExp;
  readonly #longest: number;
  #nativeAll: RegExp | undefined;
  #linear: LinearRegExp | undefined;
  #linearAll: LinearRegExp | undefined;
  /** Why there is no automaton for it. */
  #cannot: string | undefined;

  readonly #spend: Spend | undefined;

  /**
   * @param spend is told of the work that finding groups takes; it may throw
   * @throws SyntaxError for what is not a regular expression
   */
  constructor(source: string, flags: string, spend?: Spend) {
    this.source = source;
    this.flags = flags;
    this.#spend = spend;
    this.#native = new RegExp(source, flags);
    this.#longest = longestText(parseRegex(source, flags));
  }

  /**
   * A regular expression that was checked.
   * @param shown how the user wrote it
   * @throws SyntaxError for what is not one
   * @throws KtError `usage` for one that could take for ever and that only JavaScript's engines can match
   */
  static of(shown: string, source: string, flags: string): Regex {
    const regex = new Regex(source, flags);
    const why = regex.refusal;
    if (why !== undefined) throw usageError(`${shown} (${why})`, advice);
    return regex;
  }

  /** Why it cannot be used at all; undefined for one that can. */
  get refusal(): string | undefined {
    if (this.#longest >= usefulLength) return undefined;
    this.#makeLinear();
    return this.#cannot && `matching could take for ever, and kt cannot bound it: ${this.#cannot}`;
  }

  /** @throws KtError `usage` for a text that is too long for it */
  test(text: string): boolean {
    const regex = this.for(text, false);
    if (!regex) {
      throw usageError(
        `/${this.source}/${this.flags} (matching a text of ${text.length} characters could take for ever: ${this.#cannot})`,
        advice,
      );
    }
    return regex.test(text);
  }

  /**
   * What matches this text in bounded time; undefined if nothing does.
   * @param all with the flag `g`
   */
  for(text: string, all: boolean): RegExp | undefined {
    if (text.length <= this.#longest) {
      if (!all) return this.#native;
      this.#nativeAll ??= new RegExp(this.source, `${this.flags}g`);
      return this.#nativeAll;
    }
    this.#makeLinear();
    if (!this.#linear || !all) return this.#linear;
    this.#linearAll ??= new LinearRegExp(this.source, `${this.flags}g`, this.#spend);
    return this.#linearAll;
  }

  #makeLinear(): void {
    if (this.#linear || this.#cannot) return;
    try {
      this.#linear = new LinearRegExp(this.source, this.flags, this.#spend);
    } catch (error) {
      if (!(error instanceof NoProgram)) throw error;
      this.#cannot = error.message;
    }
  }
}
