/** The characters of a text, as classes: those that all sets of a program treat alike are one. */

/** What is before a text's first character and after its last. */
export const edge = 0;

export class Alphabet {
  readonly #sets: readonly RegExp[];
  /** By UTF-16 unit, 0 for one that was not met before. */
  readonly #classOf = new Uint16Array(65_536);
  readonly #beyond = new Map<number, number>();
  /** By the sets that a class is in. */
  readonly #known = new Map<string, number>();
  /** By class and set. */
  readonly #isIn: boolean[][];

  constructor(sets: readonly RegExp[]) {
    this.#sets = sets;
    this.#isIn = [sets.map(() => false)];
  }

  /** How many classes were met, with that of the edges. */
  get size(): number {
    return this.#isIn.length;
  }

  /** The class of a character, from 1. */
  of(code: number): number {
    if (code < 65_536) return this.#classOf[code] || this.#learn(code);
    return this.#beyond.get(code) ?? this.#learn(code);
  }

  isIn(ofClass: number, set: number): boolean {
    return this.#isIn[ofClass]![set]!;
  }

  #learn(code: number): number {
    const text = String.fromCodePoint(code);
    const isIn = this.#sets.map((set) => set.test(text));
    const name = isIn.map(Number).join('');
    let found = this.#known.get(name);
    if (found === undefined) {
      found = this.#isIn.push(isIn) - 1;
      this.#known.set(name, found);
    }
    if (code < 65_536) this.#classOf[code] = found;
    else this.#beyond.set(code, found);
    return found;
  }
}
