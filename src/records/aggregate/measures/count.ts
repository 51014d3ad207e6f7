/** How many records. */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import type { Accumulator } from './accumulator.ts';

export class Count implements Accumulator {
  #count: number;

  constructor(state?: ExactJson) {
    this.#count = (state as number | undefined) ?? 0;
  }

  add(): number {
    this.#count++;
    return 0;
  }

  merge(other: Count): void {
    this.#count += other.#count;
  }

  result(): number {
    return this.#count;
  }

  state(): ExactJson {
    return this.#count;
  }
}
