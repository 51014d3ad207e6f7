/** How many different values: exact up to a thousand, an estimate beyond. */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import { type Accumulator, JsonText, type Measurable } from './accumulator.ts';
import { HyperLogLog } from './hyper-log-log.ts';

/** So many values are kept as they are. */
const mostExactValues = 1_000;
const estimateBytes = 16 << 10;

type Plain = Exclude<Measurable, JsonText>;
type State = { values: Plain[]; objects: string[] } | { estimate: string };

export class Distinct implements Accumulator {
  #values = new Set<Plain>();
  /** Of lists and objects. */
  #objects = new Set<string>();
  #estimate: HyperLogLog | undefined;

  constructor(state?: ExactJson) {
    const given = state as State | undefined;
    if (given && 'estimate' in given) this.#estimate = new HyperLogLog(given.estimate);
    else if (given) {
      this.#values = new Set(given.values);
      this.#objects = new Set(given.objects);
    }
  }

  add(value: Measurable): number {
    return value instanceof JsonText ? this.#addObject(value.text) : this.#addPlain(value);
  }

  merge(other: Distinct): void {
    if (other.#estimate) this.#toEstimate().merge(other.#estimate);
    for (const value of other.#values) this.#addPlain(value);
    for (const object of other.#objects) this.#addObject(object);
  }

  result(): number {
    return this.#estimate?.estimate() ?? this.#values.size + this.#objects.size;
  }

  state(): State {
    if (this.#estimate) return { estimate: this.#estimate.state() };
    return { values: [...this.#values], objects: [...this.#objects] };
  }

  #addPlain(value: Plain): number {
    if (this.#estimate) {
      this.#estimate.add(asDistinctText(value));
      return 0;
    }
    if (this.#values.has(value)) return 0;
    this.#values.add(value);
    return this.#grown(typeof value === 'string' ? value.length * 2 : 0);
  }

  #addObject(text: string): number {
    if (this.#estimate) {
      this.#estimate.add(text);
      return 0;
    }
    if (this.#objects.has(text)) return 0;
    this.#objects.add(text);
    return this.#grown(text.length * 2);
  }

  #grown(bytes: number): number {
    if (this.#values.size + this.#objects.size <= mostExactValues) return bytes + 48;
    this.#toEstimate();
    return estimateBytes;
  }

  #toEstimate(): HyperLogLog {
    if (!this.#estimate) {
      this.#estimate = new HyperLogLog();
      for (const value of this.#values) this.#estimate.add(asDistinctText(value));
      for (const object of this.#objects) this.#estimate.add(object);
      this.#values = new Set();
      this.#objects = new Set();
    }
    return this.#estimate;
  }
}

/** A text that no value of another kind has: lists and objects begin with a bracket. */
function asDistinctText(value: Plain): string {
  return typeof value === 'string' ? `"${value}` : String(value);
}
