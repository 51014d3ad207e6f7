/**
 * Regular expressions that no text can make slow. JavaScript's engines try one way after the other: some expressions take them hours, and
 * JavaScriptCore then gives up and says that nothing matches. So they get the texts on which they must be fast, and the others are
 * matched by an automaton of ours.
 */
import { usageError } from '../errors.ts';
import type { Spend } from './automaton.ts';
import { type Limits, limitsOf } from './cost.ts';
import { LinearRegExp } from './linear.ts';
import { NoProgram } from './program.ts';
import { parseRegex } from './syntax.ts';

/** An expression that is not safe for texts of this length, and for which there is no automaton, is refused. */
const usefulLength = 256;
/** For one text, about a second: only large counted repetitions (`a.{100}x`) take more, and only on texts of a million characters. */
const mostSteps = 25_000_000;

/** Milliseconds after which it is no longer trusted with texts that could be slow. */
const mostSlow = 500;

const advice = 'repeat less in it, or leave that out';

export class Regex {
  readonly source: string;
  readonly flags: string;
  readonly #native: RegExp;
  readonly #limits: Limits;
  /** Milliseconds that the runtime's engine took for texts with which it was slow. */
  #slow = 0;
  #nativeAll: RegExp | undefined;
  #linear: LinearRegExp | undefined;
  #linearAll: LinearRegExp | undefined;
  /** Why there is no automaton for it. */
  #cannot: NoProgram | undefined;
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
    this.#limits = limitsOf(parseRegex(source, flags));
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
    if (this.#limits.safe >= usefulLength) return undefined;
    try {
      this.#linearFor(false);
      return undefined;
    } catch (error) {
      if (!(error instanceof NoProgram)) throw error;
      return `it could take for ever, and kt cannot bound it: ${error.message}`;
    }
  }

  /** @throws KtError `usage` for a text that is too long for it */
  test(text: string): boolean {
    // Most texts are short, and nothing else is done for them.
    return text.length <= this.#limits.quick ? this.#native.test(text) : this.run(text, false, (regex) => regex.test(text));
  }

  /**
   * Uses what matches a text in bounded time.
   * @param all with the flag `g`
   * @throws KtError `usage` for a text that is too long for it
   */
  run<T>(text: string, all: boolean, use: (regex: RegExp) => T): T {
    const { quick, safe } = this.#limits;
    if (text.length <= quick) return use(this.#nativeFor(all));
    if (text.length <= safe && this.#slow < mostSlow) return this.#timed(() => use(this.#nativeFor(all)));
    this.#left = mostSteps;
    try {
      return use(this.#linearFor(all));
    } catch (error) {
      if (!(error instanceof NoProgram)) throw error;
      if (text.length <= safe) return use(this.#nativeFor(all));
      const expression = `/${this.source}/${this.flags}`;
      throw usageError(`${expression} (a text of ${text.length} characters is too much for it: ${error.message})`, advice);
    }
  }

  /** The runtime's engine is several times as fast as the automaton with texts that are not made to be slow. */
  #timed<T>(use: () => T): T {
    const start = performance.now();
    const result = use();
    const took = performance.now() - start;
    if (took > 1) this.#slow += took;
    return result;
  }

  #nativeFor(all: boolean): RegExp {
    if (!all) return this.#native;
    this.#nativeAll ??= new RegExp(this.source, `${this.flags}g`);
    return this.#nativeAll;
  }

  /** @throws NoProgram if there is none */
  #linearFor(all: boolean): RegExp {
    if (this.#cannot) throw this.#cannot;
    try {
      if (all) this.#linearAll ??= new LinearRegExp(this.source, `${this.flags}g`, this.#spend);
      else this.#linear ??= new LinearRegExp(this.source, this.flags, this.#spend);
    } catch (error) {
      if (error instanceof NoProgram) this.#cannot = error;
      throw error;
    }
    return all ? this.#linearAll! : this.#linear!;
  }

  #spendOwn(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new NoProgram('it has too many ways to match');
  }
}
