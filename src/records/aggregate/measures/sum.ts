/** Sums and means: integers exact however large they grow, others with the rounding errors carried along (Neumaier 1974). */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import type { Accumulator } from './accumulator.ts';

type State = [count: number, integers: string, floats: number, sum: string, lost: string];

export class Sum implements Accumulator {
  #count = 0;
  /** The sum of integers is `#large + #small`. */
  #small = 0;
  #large = 0n;
  /** How many are not integers. */
  #floats = 0;
  #sum = 0;
  /** What rounding has taken from `#sum`. */
  #lost = 0;

  constructor(state?: ExactJson) {
    if (state === undefined) return;
    const [count, integers, floats, sum, lost] = state as State;
    this.#count = count;
    this.#large = BigInt(integers);
    this.#floats = floats;
    this.#sum = Number(sum);
    this.#lost = Number(lost);
  }

  add(value: number | bigint): number {
    this.#count++;
    if (typeof value === 'bigint') this.#large += value;
    else if (Number.isSafeInteger(value)) this.#addInteger(value);
    else {
      this.#floats++;
      this.#addFloat(value);
    }
    return 0;
  }

  merge(other: Sum): void {
    this.#count += other.#count;
    this.#large += other.#integers;
    this.#floats += other.#floats;
    this.#addFloat(other.#sum);
    this.#addFloat(other.#lost);
  }

  get count(): number {
    return this.#count;
  }

  /** Integers of any size stay exact; with others among them it is a number, infinite where no number holds it. */
  result(): number | bigint | null {
    if (this.#count === 0) return null;
    const integers = this.#large === 0n ? this.#small : this.#integers;
    if (this.#floats === 0) return typeof integers === 'bigint' && fits(integers) ? Number(integers) : integers;
    const total = new Sum();
    total.#sum = this.#sum;
    total.#lost = this.#lost;
    total.#addFloat(Number(integers));
    if (typeof integers === 'bigint' && Number.isFinite(Number(integers)))
      total.#addFloat(Number(integers - BigInt(Number(integers))));
    return Number.isFinite(total.#sum) ? total.#sum + total.#lost : total.#sum;
  }

  state(): State {
    // As text: a sum beyond what a number holds is no JSON number.
    return [this.#count, String(this.#integers), this.#floats, String(this.#sum), String(this.#lost)];
  }

  get #integers(): bigint {
    return this.#large + BigInt(this.#small);
  }

  #addInteger(value: number): void {
    const sum = this.#small + value;
    if (Number.isSafeInteger(sum)) this.#small = sum;
    else {
      this.#large += BigInt(this.#small) + BigInt(value);
      this.#small = 0;
    }
  }

  #addFloat(value: number): void {
    const sum = this.#sum + value;
    if (Number.isFinite(sum))
      this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum;
    this.#sum = sum;
  }
}

export class Mean implements Accumulator {
  readonly #sum: Sum;

  constructor(state?: ExactJson) {
    this.#sum = new Sum(state);
  }

  add(value: number | bigint): number {
    return this.#sum.add(value);
  }

  merge(other: Mean): void {
    this.#sum.merge(other.#sum);
  }

  result(): number | null {
    const sum = this.#sum.result();
    return sum === null ? null : Number(sum) / this.#sum.count;
  }

  state(): ExactJson {
    return this.#sum.state();
  }
}

function fits(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}
