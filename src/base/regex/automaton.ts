/** Whether, and where, a program matches: an automaton whose states are made when they are first met, one step for each character. */
import { type Alphabet, edge } from './alphabet.ts';
import { op, type Program } from './program.ts';

interface State {
  /** Instructions that read a character, or that depend on what comes. */
  readonly at: Int32Array;
  /** The class of the character before it, where that matters. */
  readonly last: number;
  /** By symbol, what comes next; see `#step`. */
  next: Int32Array;
}

/** Beyond these, all are forgotten and made again. */
const mostStates = 2_000;
const unknown = -1;

export class Automaton {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  readonly #start: number;
  readonly #isBackwards: boolean;
  readonly #lookBits: number;
  readonly #rememberLast: boolean;
  readonly #states: State[] = [];
  readonly #byName = new Map<string, number>();
  readonly #seen: Uint32Array;
  #round = 0;

  /** @param start the instruction to begin with, at each place anew */
  constructor(program: Program, alphabet: Alphabet, start: number, isBackwards: boolean) {
    this.#program = program;
    this.#alphabet = alphabet;
    this.#start = start;
    this.#isBackwards = isBackwards;
    this.#lookBits = program.looks.length;
    this.#rememberLast = program.ops.some((each) => each >= op.start && each <= op.noBoundary);
    this.#seen = new Uint32Array(program.ops.length);
  }

  /**
   * Runs over a text.
   * @param looks by place, a bit for each lookaround that holds there
   * @param found where to set `bit` at each place where a match ends (begins, if it runs backwards); without it the first one ends the run
   * @returns whether there was one
   */
  run(text: string, looks: Uint8Array | undefined, found?: Uint8Array, bit = 0): boolean {
    const { isUnicode } = this.#program;
    const { length } = text;
    const step = this.#isBackwards ? -1 : 1;
    let isFound = false;
    let state = this.#stateOf([], edge);
    for (let at = this.#isBackwards ? length : 0; ; ) {
      const isEnd = this.#isBackwards ? at === 0 : at === length;
      let width = 1;
      let read: number = edge;
      if (!isEnd) {
        let code = text.charCodeAt(this.#isBackwards ? at - 1 : at);
        if (isUnicode && (code & 0xf800) === 0xd800) {
          const pair = pairAt(text, this.#isBackwards ? at - 2 : at);
          if (pair > 0) {
            code = pair;
            width = 2;
          }
        }
        read = this.#alphabet.of(code);
      }
      const symbol = looks ? (read << this.#lookBits) | looks[at]! : read;
      const { next } = this.#states[state]!;
      const known = symbol < next.length ? next[symbol]! : unknown;
      const result = known === unknown ? this.#step(state, read, looks ? looks[at]! : 0, symbol) : known;
      if ((result & 1) === 1) {
        if (!found) return true;
        found[at]! |= bit;
        isFound = true;
      }
      if (isEnd) return isFound;
      state = result >> 1;
      at += step * width;
    }
  }

  /** The next state after a symbol, doubled, plus 1 if a match ends before it. */
  #step(from: number, read: number, looks: number, symbol: number): number {
    const { ops, a } = this.#program;
    const { at, last } = this.#states[from]!;
    const before = this.#isBackwards ? read : last;
    const after = this.#isBackwards ? last : read;
    this.#round++;
    const reached: number[] = [];
    let matches = 0;
    const pending = [this.#start, ...at];
    for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
      if (this.#seen[pc] === this.#round) continue;
      this.#seen[pc] = this.#round;
      if (ops[pc] === op.match) matches = 1;
      else if (ops[pc] === op.character) {
        if (read !== edge && this.#alphabet.isIn(read, a[pc]!)) reached.push(pc + 1);
      } else this.#follow(pc, before, after, looks, pending);
    }
    const result = (this.#stateOf(reached, read) << 1) | matches;
    // The states may just have been forgotten: then `from` is another one.
    const state = this.#states[from];
    if (state?.at === at) {
      if (symbol >= state.next.length) {
        const wider = new Int32Array(Math.max(symbol + 1, this.#alphabet.size << this.#lookBits)).fill(unknown);
        wider.set(state.next);
        state.next = wider;
      }
      state.next[symbol] = result;
    }
    return result;
  }

  /** What an instruction that reads nothing goes on with. */
  #follow(pc: number, before: number, after: number, looks: number, pending: number[]): void {
    const { ops, a, b } = this.#program;
    switch (ops[pc]) {
      case op.split:
        pending.push(b[pc]!, a[pc]!);
        break;
      case op.jump:
        pending.push(a[pc]!);
        break;
      // Where groups are, and which rounds were empty, does not change whether it matches.
      case op.save:
      case op.clear:
      case op.enter:
      case op.moved:
        pending.push(pc + 1);
        break;
      default:
        if (holds(this.#program, this.#alphabet, pc, before, after, looks)) pending.push(pc + 1);
    }
  }

  #stateOf(reached: number[], read: number): number {
    const at = Int32Array.from(new Set(reached)).sort();
    const last = this.#rememberLast ? read : edge;
    const name = `${last}:${at.join()}`;
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#states.length >= mostStates) {
      this.#states.length = 0;
      this.#byName.clear();
    }
    const index = this.#states.push({ at, last, next: new Int32Array(0) }) - 1;
    this.#byName.set(name, index);
    return index;
  }
}

/** The character of two UTF-16 units; 0 if there is none. */
function pairAt(text: string, at: number): number {
  const code = at < 0 ? 0 : text.codePointAt(at)!;
  return code > 0xffff ? code : 0;
}

/** Whether an assertion holds between two characters. */
export function holds(
  { ops, a, b }: Program,
  alphabet: Alphabet,
  pc: number,
  before: number,
  after: number,
  looks: number,
): boolean {
  const set = a[pc]!;
  switch (ops[pc]) {
    case op.start:
      return before === edge || (set >= 0 && alphabet.isIn(before, set));
    case op.end:
      return after === edge || (set >= 0 && alphabet.isIn(after, set));
    case op.boundary:
      return alphabet.isIn(before, set) !== alphabet.isIn(after, set);
    case op.noBoundary:
      return alphabet.isIn(before, set) === alphabet.isIn(after, set);
    default:
      return ((looks >> set) & 1) !== b[pc];
  }
}
