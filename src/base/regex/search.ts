/** Where a program matches first, with its groups: all ways are followed at once, in the order in which JavaScript prefers them. */
import { type Alphabet, edge } from './alphabet.ts';
import { holds, type Spend } from './automaton.ts';
import { op, type Program } from './program.ts';

/** A place in a text, and what is around it. */
interface Place {
  readonly at: number;
  readonly before: number;
  readonly after: number;
  readonly looks: number;
}

export class Search {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  /** In which round an instruction was last reached, with each state of what has moved: later ways there are worse. */
  readonly #seen: Float64Array;
  /** The bits of all rounds that may match nothing. */
  readonly #allMoved: number;
  readonly #spend: Spend;
  #steps = 0;
  #round = 0;
  /** The ways at one place, the best first: the instruction each waits at, and its registers. */
  #at: number[] = [];
  #registers: Int32Array[] = [];

  constructor(program: Program, alphabet: Alphabet, spend: Spend) {
    this.#spend = spend;
    this.#program = program;
    this.#alphabet = alphabet;
    this.#seen = new Float64Array(program.ops.length << program.depth);
    this.#allMoved = (1 << program.depth) - 1;
  }

  /**
   * The registers of the first match from a place on; undefined if there is none.
   * @param looks by place, a bit for each lookaround that holds there
   */
  first(text: string, from: number, looks: Uint8Array | undefined): Int32Array | undefined {
    const { ops, a, groups, isUnicode } = this.#program;
    const none = new Int32Array(2 * groups).fill(-1);
    let waiting: number[] = [];
    let kept: Int32Array[] = [];
    let best: Int32Array | undefined;
    let before = this.#classBefore(text, from);
    for (let at = from; ; ) {
      const code = at >= text.length ? -1 : isUnicode ? text.codePointAt(at)! : text.charCodeAt(at);
      const after = code < 0 ? edge : this.#alphabet.of(code);
      const place: Place = { at, before, after, looks: looks ? looks[at]! : 0 };
      this.#round++;
      this.#spend(this.#steps);
      this.#steps = 0;
      this.#at = [];
      this.#registers = [];
      for (const [index, pc] of waiting.entries()) this.#follow(pc, kept[index]!, this.#allMoved, place);
      if (best === undefined) this.#follow(0, none, this.#allMoved, place);
      waiting = [];
      kept = [];
      for (const [index, pc] of this.#at.entries()) {
        if (ops[pc] === op.match) {
          // What comes after it is worse, what came before goes on.
          best = this.#registers[index]!;
          break;
        }
        if (after !== edge && this.#alphabet.isIn(after, a[pc]!)) {
          waiting.push(pc + 1);
          kept.push(this.#registers[index]!);
        }
      }
      if (code < 0 || (waiting.length === 0 && best !== undefined)) return best;
      before = after;
      at += code > 0xffff ? 2 : 1;
    }
  }

  /** Follows one way up to where it has to read a character. */
  #follow(from: number, given: Int32Array, hasMoved: number, place: Place): void {
    const { ops, a, b, depth } = this.#program;
    let pc = from;
    let registers = given;
    let moved = hasMoved;
    for (;;) {
      const state = (pc << depth) | moved;
      if (this.#seen[state] === this.#round) return;
      this.#seen[state] = this.#round;
      this.#steps++;
      switch (ops[pc]) {
        case op.character:
        case op.match:
          this.#at.push(pc);
          this.#registers.push(registers);
          return;
        case op.split:
          this.#follow(a[pc]!, registers, moved, place);
          pc = b[pc]!;
          continue;
        case op.jump:
          pc = a[pc]!;
          continue;
        case op.save:
          registers = registers.slice();
          registers[a[pc]!] = place.at;
          break;
        case op.clear:
          registers = registers.slice().fill(-1, a[pc], b[pc]);
          break;
        case op.enter:
          moved &= ~(1 << a[pc]!);
          break;
        case op.moved:
          if ((moved & (1 << a[pc]!)) === 0) return;
          break;
        default:
          if (!holds(this.#program, this.#alphabet, pc, place.before, place.after, place.looks)) return;
      }
      pc++;
    }
  }

  #classBefore(text: string, at: number): number {
    if (at === 0) return edge;
    const code = this.#program.isUnicode && at > 1 ? text.codePointAt(at - 2)! : 0;
    return this.#alphabet.of(code > 0xffff ? code : text.charCodeAt(at - 1));
  }
}
