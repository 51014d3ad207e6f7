/** A regular expression whose time grows with the text's length and no faster: for texts on which the runtime's own could hang. */
import { Alphabet } from './alphabet.ts';
import { Automaton, type Spend } from './automaton.ts';
import { compileRegex, NoProgram, type Program } from './program.ts';
import { Search } from './search.ts';
import { parseRegex } from './syntax.ts';

/** What a search takes that ends at once. */
const stepsOfSearch = 100;
/** Each level doubles what a search keeps. */
const mostDepth = 8;

/** Used where a RegExp is: `replace`, `match` and `search` of a text go by what `exec` finds. */
export class LinearRegExp extends RegExp {
  readonly #program: Program;
  readonly #automaton: Automaton;
  readonly #looks: readonly Automaton[];
  readonly #search: Search;
  readonly #spend: Spend;
  readonly #names: readonly [name: string, group: number][];
  /** The text looked at last, with the places where each lookaround holds. */
  #known: { readonly text: string; readonly looks: Uint8Array | undefined } | undefined;

  /** @throws NoProgram for what cannot be matched without going back, and for what is too large */
  constructor(source: string, flags: string, spend: Spend = () => {}) {
    super(source, flags);
    const syntax = parseRegex(source, flags);
    const program = compileRegex(syntax);
    const alphabet = new Alphabet(program.sets);
    this.#program = program;
    this.#spend = spend;
    this.#automaton = new Automaton(program, alphabet, 0, false, spend);
    this.#looks = program.looks.map(({ start, isBehind }) => new Automaton(program, alphabet, start, !isBehind, spend));
    this.#search = new Search(program, alphabet, spend);
    this.#names = [...syntax.groups].flatMap(([{ name }, group]): [string, number][] => (name === null ? [] : [[name, group]]));
  }

  /** What `replace` asks for to step over whole characters; Node 20 knows nothing of `v` there. */
  override get unicode(): boolean {
    return this.#program.isUnicode;
  }

  /** Whether it matches anywhere, whatever the flag `g`. */
  override test(text: string): boolean {
    return this.#automaton.run(text, this.#looksAt(text));
  }

  /** @throws NoProgram where groups cannot be told */
  override exec(text: string): RegExpExecArray | null {
    if (this.#program.looksKeepGroups) throw new NoProgram('it has groups in a lookaround');
    if (this.#program.depth > mostDepth) throw new NoProgram('its repetitions are nested too deep');
    this.#spend(stepsOfSearch);
    const from = this.global ? this.lastIndex : 0;
    const looks = this.#looksAt(text);
    // The automaton is the faster one where nothing is found.
    const isPossible = from <= text.length && (from > 0 || this.#automaton.run(text, looks));
    const registers = isPossible ? this.#search.first(text, from, looks) : undefined;
    if (this.global) this.lastIndex = registers ? registers[1]! : 0;
    return registers ? this.#found(text, registers) : null;
  }

  /** As JavaScript's, which would make another expression for it. Needs the flag `g`. */
  override [Symbol.split](text: string): string[] {
    const parts: string[] = [];
    let begun = 0;
    this.lastIndex = 0;
    for (let found = this.exec(text); found && (found.index < text.length || text === ''); found = this.exec(text)) {
      if (this.lastIndex > begun) {
        parts.push(text.slice(begun, found.index), ...found.slice(1));
        begun = this.lastIndex;
      } else if (text === '') return [];
      else this.lastIndex = begun + (this.unicode && text.codePointAt(begun)! > 0xffff ? 2 : 1);
    }
    return [...parts, text.slice(begun)];
  }

  #looksAt(text: string): Uint8Array | undefined {
    if (this.#looks.length === 0) return undefined;
    if (this.#known?.text !== text) {
      const looks = new Uint8Array(text.length + 1);
      for (const [index, automaton] of this.#looks.entries()) automaton.run(text, looks, looks, 1 << index);
      this.#known = { text, looks };
    }
    return this.#known.looks;
  }

  #found(text: string, registers: Int32Array): RegExpExecArray {
    const group = (index: number): string | undefined => {
      const [start, end] = [registers[2 * index]!, registers[2 * index + 1]!];
      return start < 0 || end < 0 ? undefined : text.slice(start, end);
    };
    const found = Array.from({ length: this.#program.groups }, (_, index) => group(index)) as string[];
    const groups = this.#names.length > 0 ? Object.create(null) : undefined;
    for (const [name, index] of this.#names) groups[name] ??= group(index);
    return Object.assign(found, { 0: found[0]!, index: registers[0]!, input: text, groups });
  }
}
