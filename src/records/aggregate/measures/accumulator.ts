/** What gathers the values of one measure in one window. */

import type { ExactJson } from '../../../base/json/exact-json.ts';

/** A list or an object. Two are the same value when their JSON is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value that a measure takes; which ones each takes says `isMeasurable`. */
export type Measurable = number | bigint | string | boolean | JsonText;

/**
 * Gathers values. Two that gathered different values can be merged into one, and what comes out never depends on how values were spread, nor,
 * up to the rounding of floating-point sums, on their order.
 */
export interface Accumulator {
  /** @returns how many bytes of memory it takes more than before, about */
  add(value: Measurable): number;
  /** Takes in what another one of its kind gathered. */
  merge(other: Accumulator): void;
  /** Null where there is no value to tell; infinite where no number holds it. */
  result(): number | bigint | string | null;
  /** All that `makeAccumulator` needs to make it again. */
  state(): ExactJson;
}
