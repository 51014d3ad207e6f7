/** Whether, and where, a program matches: an automaton whose states are made when they are first met, one step for each character. */
import { type Alphabet, edge } from './alphabet.ts';
import { op, type Program } from './program.ts';

interface State {
  /** The instructions it is at, a bit for each. */
  readonly bits: Uint32Array;
  readonly at: Int32Array;
  /** The class of the character before it, where that matters. */
  readonly last: number;
  /** By symbol, what comes next; see `#step`. */
  next: Int32Array;
  /** Another state with the same hash; -1 for none. */
  readonly twin: number;
}

/** Is told of steps that were taken, each of some 20 ns; may throw to end them. */
export type Spend = (steps: number) => void;

/** Beyond these, all are forgotten and made again. */
const mostStates = 2_000;
const unknown = -1;
const none = new Int32Array(0);

export class Automaton {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  readonly #start: number;
  readonly #isBackwards: boolean;
  readonly #lookBits: number;
  readonly #rememberLast: boolean;
  readonly #states: State[] = [];
  /** By hash, the state that was made last. */
  readonly #byHash = new Map<number, number>();
  readonly #seen: Float64Array;
  readonly #spend: Spend;
  /** Of the state that is being made. */
  readonly #bits: Uint32Array;
  /** Instructions still to be followed. */
  readonly #pending: Int32Array;
  #round = 0;

  /** @param start the instruction to begin with, at each place anew */
  constructor(program: Program, alphabet: Alphabet, start: number, isBackwards: boolean, spend: Spend) {
    this.#program = program;
    this.#alphabet = alphabet;
    this.#start = start;
    this.#isBackwards = isBackwards;
    this.#lookBits = program.looks.length;
    this.#rememberLast = program.ops.some((each) => each >= op.start && each <= op.noBoundary);
    this.#spend = spend;
    const { length } = program.ops;
    this.#seen = new Float64Array(length);
    this.#bits = new Uint32Array((length >> 5) + 1);
    // Each instruction is followed once, and puts two others here at most.
    this.#pending = new Int32Array(3 * length + 2);
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
    let state = this.#stateOf(edge);
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
    const state = this.#states[from]!;
    const before = this.#isBackwards ? read : state.last;
    const after = this.#isBackwards ? state.last : read;
    const pending = this.#pending;
    const round = ++this.#round;
    let matches = 0;
    let steps = 0;
    pending.set(state.at);
    let left = state.at.length;
    pending[left++] = this.#start;
    while (left > 0) {
      const pc = pending[--left]!;
      if (this.#seen[pc] === round) continue;
      this.#seen[pc] = round;
      steps++;
      if (ops[pc] === op.match) matches = 1;
      else if (ops[pc] === op.character) {
        if (read !== edge && this.#alphabet.isIn(read, a[pc]!)) this.#bits[(pc + 1) >> 5]! |= 1 << (pc + 1);
      } else left = this.#follow(pc, before, after, looks, left);
    }
    this.#spend(steps);
    const result = (this.#stateOf(read) << 1) | matches;
    // The states may just have been forgotten.
    if (this.#states[from] === state) {
      if (symbol >= state.next.length) {
        const wider = new Int32Array(Math.max(symbol + 1, this.#alphabet.size << this.#lookBits)).fill(unknown);
        wider.set(state.next);
        state.next = wider;
      }
      state.next[symbol] = result;
    }
    return result;
  }

  /** Puts what an instruction that reads nothing goes on with on top of those pending; returns how many they are then. */
  #follow(pc: number, before: number, after: number, looks: number, count: number): number {
    const { ops, a, b } = this.#program;
    const pending = this.#pending;
    switch (ops[pc]) {
      case op.split:
        pending[count] = b[pc]!;
        pending[count + 1] = a[pc]!;
        return count + 2;
      case op.jump:
        pending[count] = a[pc]!;
        return count + 1;
      // Where groups are, and which rounds were empty, does not change whether it matches.
      case op.save:
      case op.clear:
      case op.enter:
      case op.moved:
        pending[count] = pc + 1;
        return count + 1;
      default:
        if (!holds(this.#program, this.#alphabet, pc, before, after, looks)) return count;
        pending[count] = pc + 1;
        return count + 1;
    }
  }

  /** The state of the collected bits, which are emptied. */
  #stateOf(read: number): number {
    const last = this.#rememberLast ? read : edge;
    let hash = last;
    for (const word of this.#bits) hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15);
    const first = this.#byHash.get(hash) ?? -1;
    let index = first;
    while (index >= 0 && !this.#isState(this.#states[index]!, last)) index = this.#states[index]!.twin;
    if (index < 0) {
      const isFull = this.#states.length >= mostStates;
      if (isFull) {
        this.#states.length = 0;
        this.#byHash.clear();
      }
      const bits = this.#bits.slice();
      index = this.#states.push({ bits, at: placesOf(bits), last, next: none, twin: isFull ? -1 : first }) - 1;
      this.#byHash.set(hash, index);
    }
    this.#bits.fill(0);
    return index;
  }

  #isState({ bits, last }: State, wantedLast: number): boolean {
    return last === wantedLast && bits.every((word, index) => word === this.#bits[index]);
  }
}

/** The numbers of the bits that are set. */
function placesOf(bits: Uint32Array): Int32Array {
  const places: number[] = [];
  for (const [index, word] of bits.entries()) {
    for (let rest = word; rest !== 0; rest &= rest - 1) places.push((index << 5) + 31 - Math.clz32(rest & -rest));
  }
  return Int32Array.from(places);
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
