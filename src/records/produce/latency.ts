/** How long acknowledgements took, in a histogram of fixed size: percentiles within 3 % for any number of records. */

/** Parts into which each power of two of microseconds is divided. */
const parts = 32;
const powers = 40;

export class Latencies {
  readonly #counts = new Float64Array(parts * powers);
  #total = 0;
  #max = 0;

  /** Counts records that took this long. */
  add(ms: number, records: number): void {
    this.#total += records;
    if (ms > this.#max) this.#max = ms;
    const micros = Math.max(1, ms * 1000);
    const power = Math.floor(Math.log2(micros));
    const part = Math.floor((micros / 2 ** power - 1) * parts);
    this.#counts[Math.min(this.#counts.length - 1, power * parts + part)]! += records;
  }

  get max(): number {
    return this.#max;
  }

  /** The ms within which this part (0 to 1) of the records was acknowledged; 0 without any. */
  percentile(part: number): number {
    let left = Math.ceil(this.#total * part);
    if (left === 0) return 0;
    for (const [index, count] of this.#counts.entries()) {
      left -= count;
      if (left > 0) continue;
      const upper = (2 ** Math.floor(index / parts) * (1 + ((index % parts) + 1) / parts)) / 1000;
      return Math.min(upper, this.#max);
    }
    return this.#max;
  }
}
