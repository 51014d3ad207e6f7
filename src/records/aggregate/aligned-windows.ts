/** Windows whose times are known before any record comes: tumbling, hopping, and one for all. */
import { type KeyIdentity, keyOf } from './group-key.ts';
import { inOrder } from './in-order.ts';
import type { OpenWindows, Values, WindowMemory } from './open-windows.ts';
import type { Windows } from './spec.ts';
import { WindowState } from './window-state.ts';

type Aligned = Exclude<Windows, { kind: 'session' }>;

export class AlignedWindows implements OpenWindows {
  readonly #memory: WindowMemory;
  readonly #sizeMs: number;
  readonly #hopMs: number;
  /** By their starts. */
  readonly #windows = new Map<number, Map<KeyIdentity, WindowState>>();
  /** The last one that was added to: the next record is mostly of the same. */
  #lastStart = Number.NaN;
  #lastEnd = Number.NaN;
  #last = new Map<KeyIdentity, WindowState>();

  constructor(windows: Aligned, memory: WindowMemory) {
    this.#memory = memory;
    this.#sizeMs = windows.kind === 'none' ? Number.POSITIVE_INFINITY : windows.sizeMs;
    this.#hopMs = windows.kind === 'hopping' ? windows.hopMs : this.#sizeMs;
  }

  add(time: number, key: KeyIdentity, values: Values, closedThrough: number): boolean {
    const size = this.#sizeMs;
    const hop = this.#hopMs;
    // Most records are of the same window as the one before.
    const last = this.#lastStart;
    if (hop === size && time >= last && time < this.#lastEnd && this.#lastEnd > closedThrough) {
      this.#gather(last, key, values);
      return true;
    }
    if (size === Number.POSITIVE_INFINITY) {
      this.#gather(Number.NEGATIVE_INFINITY, key, values);
      return true;
    }
    let isInTime = true;
    for (let start = Math.floor(time / hop) * hop; start > time - size; start -= hop) {
      if (start + size <= closedThrough) isInTime = false;
      else this.#gather(start, key, values);
    }
    return isInTime;
  }

  *close(through: number): Generator<WindowState> {
    const closed: WindowState[] = [];
    for (const [start, states] of this.#windows) {
      if (this.#endOf(start) > through) continue;
      this.#windows.delete(start);
      for (const state of states.values()) {
        this.#memory.release(state);
        closed.push(state);
      }
    }
    this.#lastStart = Number.NaN;
    yield* inOrder(closed, this.#memory.archive.close(through));
  }

  restore(state: WindowState): void {
    this.#memory.archive.put(state);
  }

  #endOf(start: number): number {
    return start === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : start + this.#sizeMs;
  }

  #gather(start: number, key: KeyIdentity, values: Values): void {
    if (start !== this.#lastStart) this.#last = this.#at(start);
    const memory = this.#memory;
    let state = this.#last.get(key);
    if (!state) {
      const [end, value] = [this.#endOf(start), keyOf(key)];
      state = memory.archive.take(end, value) ?? WindowState.empty(start, end, value, memory.measures);
      this.#last.set(key, state);
      memory.hold(state);
    }
    memory.gather(state, values);
    if (memory.isFull) this.#archive();
  }

  /** The windows that begin at this time. */
  #at(start: number): Map<KeyIdentity, WindowState> {
    let states = this.#windows.get(start);
    if (!states) {
      states = new Map();
      this.#windows.set(start, states);
    }
    this.#lastStart = start;
    this.#lastEnd = this.#endOf(start);
    return states;
  }

  #archive(): void {
    for (const states of this.#windows.values()) {
      for (const state of states.values()) {
        this.#memory.archive.put(state);
        this.#memory.release(state);
      }
    }
    this.#windows.clear();
    this.#lastStart = Number.NaN;
  }
}
