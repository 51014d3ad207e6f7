/** What one window has gathered for one key. */
import { type ExactJson, exactJsonText, parseExactJson } from '../../base/json/exact-json.ts';
import { orderedKey, orderedNumber } from './group-key.ts';
import type { Accumulator, Measurable } from './measures/accumulator.ts';
import { makeAccumulator } from './measures/index.ts';
import type { Measure } from './spec.ts';

/** Memory that one takes besides what its values need, about, in bytes. */
const ownBytes = 200;
const bytesPerMeasure = 160;

export class WindowState {
  /** Inclusive, in epoch ms; minus infinity where there is one window for all. A session's moves when it grows. */
  start: number;
  /** Exclusive; infinity where there is one window for all. A session's moves when it grows. */
  end: number;
  readonly key: ExactJson;
  readonly accumulators: readonly Accumulator[];
  /** Whether it is in the list of what changed. */
  isChanged = false;
  /** A session that has become part of another one. */
  isMerged = false;
  isClosed = false;
  /** How much memory it takes, about. */
  bytes: number;

  constructor(start: number, end: number, key: ExactJson, accumulators: readonly Accumulator[]) {
    this.start = start;
    this.end = end;
    this.key = key;
    this.accumulators = accumulators;
    this.bytes = this.#emptyBytes;
  }

  static empty(start: number, end: number, key: ExactJson, measures: readonly Measure[]): WindowState {
    return new WindowState(
      start,
      end,
      key,
      measures.map(({ kind }) => makeAccumulator(kind)),
    );
  }

  /** @param text as `toText` gave it */
  static fromText(text: string, measures: readonly Measure[]): WindowState {
    const [start, end, key, states] = parseExactJson(text) as [number | null, number | null, ExactJson, ExactJson[]];
    const accumulators = measures.map(({ kind }, index) => makeAccumulator(kind, states[index]));
    const state = new WindowState(start ?? Number.NEGATIVE_INFINITY, end ?? Number.POSITIVE_INFINITY, key, accumulators);
    // What the values take in memory is near what they take as text.
    state.bytes += text.length * 2;
    return state;
  }

  toText(): string {
    const { start, end, key, accumulators } = this;
    const states = accumulators.map((each) => each.state());
    return exactJsonText([Number.isFinite(start) ? start : null, Number.isFinite(end) ? end : null, key, states]);
  }

  /**
   * @param values one for each measure; undefined where the record has none
   * @returns how many bytes of memory it takes more than before, about
   */
  add(values: readonly (Measurable | undefined)[]): number {
    const { accumulators } = this;
    let grown = 0;
    for (let index = 0; index < accumulators.length; index++) {
      const value = values[index];
      if (value !== undefined) grown += accumulators[index]!.add(value);
    }
    this.bytes += grown;
    return grown;
  }

  /** Takes in what another one gathered. */
  merge(other: WindowState): void {
    this.bytes += other.bytes - other.#emptyBytes;
    this.accumulators.forEach((each, index) => void each.merge(other.accumulators[index]!));
  }

  /** What it took before it had any values. */
  get #emptyBytes(): number {
    const { accumulators, key } = this;
    return ownBytes + accumulators.length * bytesPerMeasure + (typeof key === 'string' ? key.length * 2 : 0);
  }
}

/** Bytes that sort as windows are shown: by their end, then by key. No two windows of a key have the same end. */
export function orderOf(end: number, key: ExactJson): Buffer {
  return Buffer.concat([orderedNumber(end), orderedKey(key)]);
}
