/** A percentile: exact up to a thousand values, from a sketch beyond. */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import type { Accumulator } from './accumulator.ts';
import { DdSketch, type SketchState } from './dd-sketch.ts';

/** So many values are kept as they are. */
const mostExactValues = 1_000;
const bucketBytes = 40;

/** Read again, integers beyond 2^53 are bigints. */
type State = { values: (number | bigint)[] } | { sketch: SketchState };

/** Of a few values it interpolates between the two next to its place, as SQL's PERCENTILE_CONT does. */
export class Percentile implements Accumulator {
  /** From 0 to 1. */
  readonly #q: number;
  #values: number[] = [];
  /** Once there are more values than are kept. */
  #sketch: DdSketch | undefined;

  constructor(q: number, state?: ExactJson) {
    this.#q = q;
    const given = state as State | undefined;
    if (given && 'sketch' in given) this.#sketch = new DdSketch(given.sketch);
    else if (given) this.#values = given.values.map(Number);
  }

  add(value: number | bigint): number {
    const number = Number(value);
    if (this.#sketch) return this.#sketch.add(number) ? bucketBytes : 0;
    this.#values.push(number);
    if (this.#values.length > mostExactValues) this.#toSketch();
    return 8;
  }

  merge(other: Percentile): void {
    if (!other.#sketch) {
      for (const value of other.#values) this.add(value);
      return;
    }
    this.#toSketch().merge(other.#sketch);
  }

  result(): number | null {
    if (this.#sketch) return this.#sketch.quantile(this.#q);
    if (this.#values.length === 0) return null;
    const sorted = Float64Array.from(this.#values).sort();
    const place = this.#q * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return low + (high - low) * (place - Math.floor(place));
  }

  state(): State {
    return this.#sketch ? { sketch: this.#sketch.state() } : { values: this.#values };
  }

  #toSketch(): DdSketch {
    if (!this.#sketch) {
      this.#sketch = new DdSketch();
      for (const value of this.#values) this.#sketch.add(value);
      this.#values = [];
    }
    return this.#sketch;
  }
}
