/**
 * Quantiles of any number of values in bounded memory, each within half a percent of the right value: DDSketch (Masson, Rim and Lee,
 * "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019).
 */

const accuracy = 0.005;
const gamma = (1 + accuracy) / (1 - accuracy);
const logGamma = Math.log(gamma);

type Buckets = [index: number, count: number][];
/** Read again, integers beyond 2^53 are bigints. */
export type SketchState = [min: number | bigint, max: number | bigint, zeros: number, positive: Buckets, negative: Buckets];

/** A value's bucket holds all values from `gamma ** (index - 1)` to `gamma ** index`. */
export class DdSketch {
  #count = 0;
  #zeros = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  readonly #positive = new Map<number, number>();
  /** By the buckets of what they are without their sign. */
  readonly #negative = new Map<number, number>();

  constructor(state?: SketchState) {
    if (!state) return;
    const [min, max, zeros, positive, negative] = state;
    this.#zeros = zeros;
    this.#min = Number(min);
    this.#max = Number(max);
    this.#take(positive, this.#positive);
    this.#take(negative, this.#negative);
    this.#count += zeros;
  }

  /** @returns whether it began a new bucket */
  add(value: number): boolean {
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value === 0) {
      this.#zeros++;
      return false;
    }
    const buckets = value > 0 ? this.#positive : this.#negative;
    const index = Math.ceil(Math.log(Math.abs(value)) / logGamma);
    const before = buckets.get(index) ?? 0;
    buckets.set(index, before + 1);
    return before === 0;
  }

  merge(other: DdSketch): void {
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#zeros += other.#zeros;
    this.#count += other.#zeros;
    this.#take(other.#positive, this.#positive);
    this.#take(other.#negative, this.#negative);
  }

  /** @param q from 0 to 1 */
  quantile(q: number): number {
    const rank = q * (this.#count - 1);
    let seen = 0;
    const within = (value: number): number => Math.min(Math.max(value, this.#min), this.#max);
    const sorted = (buckets: ReadonlyMap<number, number>) => [...buckets].sort(([a], [b]) => a - b);
    for (const [index, count] of sorted(this.#negative).reverse()) {
      seen += count;
      if (seen > rank) return within(-middleOf(index));
    }
    seen += this.#zeros;
    if (seen > rank) return 0;
    for (const [index, count] of sorted(this.#positive)) {
      seen += count;
      if (seen > rank) return within(middleOf(index));
    }
    return this.#max;
  }

  state(): SketchState {
    return [this.#min, this.#max, this.#zeros, [...this.#positive], [...this.#negative]];
  }

  #take(from: Iterable<readonly [index: number, count: number]>, into: Map<number, number>): void {
    for (const [index, count] of from) {
      into.set(index, (into.get(index) ?? 0) + count);
      this.#count += count;
    }
  }
}

/** The value from which no value of the bucket is further away than the accuracy. */
function middleOf(index: number): number {
  return (2 * gamma ** index) / (gamma + 1);
}
