/**
 * Regular expressions that no text can make slow. JavaScript's engines try one way after the other: some expressions take them hours, and
 * JavaScriptCore then gives up and says that nothing matches. So they get the texts on which they must be fast, and the others are
 * matched by an automaton of ours.
 */
import { type KtError, usageError } from '../errors.ts';
import type { Spend } from './automaton.ts';
import { longestText } from './cost.ts';
import { LinearRegExp } from './linear.ts';
import { NoProgram } from './program.ts';
import { parseRegex } from './syntax.ts';

/** An expression that is not safe for texts of this length, and for which there is no automaton, is refused. */
const usefulLength = 256;
/** For one text, about a second: only large counted repetitions (`a.{100}x`) take more, and only on texts of a million characters. */
const mostSteps = 25_000_000;

/** The work for one text is used up. */
class TooMuch extends Error {}

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
  readonly #spend: Spend;
  #left = mostSteps;

  /**
   * @param spend is told of the automaton's work, and may throw to end it; without it one text may take about a second
   * @throws SyntaxError for what is not a regular expression
   */
  constructor(source: string, flags: string, spend?: Spend) {
    this.source = source;
    this.flags = flags;
    this.#spend = spend ?? ((steps) => this.#spendOwn(steps));
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
    if (!regex) throw this.#tooLong(text, `could take for ever: ${this.#cannot}`);
    this.#left = mostSteps;
    try {
      return regex.test(text);
    } catch (error) {
      throw error instanceof TooMuch ? this.#tooLong(text, 'takes too much work') : error;
    }
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

  #tooLong(text: string, why: string): KtError {
    const expression = `/${this.source}/${this.flags}`;
    return usageError(`${expression} (matching it on a text of ${text.length} characters ${why})`, advice);
  }

  #spendOwn(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuch();
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
