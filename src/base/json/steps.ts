/**
 * What stands between the values of JSON objects, learned from those that were read. Records of a topic look alike: what came at a place
 * before is tried there first, word by word, which is twice as fast as reading the name again.
 */
import { wordBytes } from '../bytes/word32.ts';

/** How many steps are tried at one place. */
const mostAlternatives = 4;
const noWords = new Int32Array(0);

/** A field that is wanted, or an object on the way to one. */
export class WantedField {
  readonly name: Buffer;
  /** -1 for one that is only on the way. */
  slot = -1;
  readonly fields: WantedField[] = [];
  /** The slots of all fields below it. */
  readonly below: number[] = [];
  /** A step to it that is not learned. */
  readonly unlearned: Step = new Step(this, new Place(0));

  constructor(name: Buffer) {
    this.name = name;
  }

  /** The field of this name in it, in UTF-8. */
  named(bytes: Uint8Array, start: number, end: number): WantedField | undefined {
    return this.fields.find(({ name }) => {
      if (name.length !== end - start) return false;
      for (let index = 0; index < name.length; index++) if (name[index] !== bytes[start + index]) return false;
      return true;
    });
  }
}

/** From the end of a value, or the beginning of its object, to the next value: comma, name, colon, and the blanks between them. */
export class Step {
  /** What the name means; undefined for a field that nobody wants. */
  readonly wanted: WantedField | undefined;
  length = 0;
  /** What comes behind the value. */
  readonly next: Place;
  /** How the value begins if it is an object. */
  readonly inner: Place;
  /** How objects in it begin if it is a list. */
  readonly items: Place;
  /** What is tried after this one. */
  other: Step | undefined;
  #words = noWords;
  #lastWord = 0;

  /** One that is not learned has a place in which nothing is. */
  constructor(wanted: WantedField | undefined, nothing?: Place) {
    this.wanted = wanted;
    this.next = nothing ?? new Place();
    this.inner = nothing ?? new Place();
    this.items = nothing ?? new Place();
  }

  /** Learns how it is written. The range has at least one word. */
  learn(view: DataView, start: number, end: number): void {
    this.length = end - start;
    const count = Math.floor(this.length / wordBytes);
    this.#words = Int32Array.from({ length: count }, (_, index) => view.getInt32(start + index * wordBytes, true));
    this.#lastWord = view.getInt32(end - wordBytes, true);
  }

  /** Whether it stands at `at`. */
  isAt(view: DataView, at: number, end: number): boolean {
    const words = this.#words;
    const behind = at + this.length;
    if (behind > end) return false;
    let from = at;
    for (let index = 0; index < words.length; index++) {
      if (words[index] !== view.getInt32(from, true)) return false;
      from += wordBytes;
    }
    return this.#lastWord === view.getInt32(behind - wordBytes, true);
  }
}

/** Where steps begin, with those that were seen there. All of a place are in the same object, or in objects of which nothing is wanted. */
export class Place {
  first: Step | undefined;
  #free: number;

  constructor(free = mostAlternatives) {
    this.#free = free;
  }

  get isFull(): boolean {
    return this.#free === 0;
  }

  add(step: Step): void {
    step.other = this.first;
    this.first = step;
    this.#free--;
  }
}

/** The step to a field that nobody wants, not learned. */
export const unlearned = new Step(undefined, new Place(0));
