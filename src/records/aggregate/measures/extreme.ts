/** The smallest or largest value: numbers by their size, texts by the order of their characters, and numbers before texts. */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import type { Accumulator } from './accumulator.ts';

type Value = number | bigint | string;

export class Extreme implements Accumulator {
  readonly #wantsLargest: boolean;
  #value: Value | null;

  constructor(wantsLargest: boolean, state?: ExactJson) {
    this.#wantsLargest = wantsLargest;
    this.#value = (state as Value | null | undefined) ?? null;
  }

  add(value: Value): number {
    if (this.#value === null || isBefore(this.#value, value) === this.#wantsLargest) {
      const grown = lengthOf(value) - lengthOf(this.#value);
      this.#value = value;
      return grown;
    }
    return 0;
  }

  merge(other: Extreme): void {
    if (other.#value !== null) this.add(other.#value);
  }

  result(): Value | null {
    return this.#value;
  }

  state(): ExactJson {
    return this.#value;
  }
}

function isBefore(a: Value, b: Value): boolean {
  if (typeof a === 'string') return typeof b === 'string' && a < b;
  return typeof b === 'string' || a < b;
}

function lengthOf(value: Value | null): number {
  return typeof value === 'string' ? value.length * 2 : 0;
}
