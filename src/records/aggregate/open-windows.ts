/** The windows that are open: what each kind of windows can do, and what all kinds have in common. */
import type { KeyIdentity } from './group-key.ts';
import type { Measurable } from './measures/accumulator.ts';
import type { Measure } from './spec.ts';
import { WindowArchive } from './window-archive.ts';
import type { WindowState } from './window-state.ts';

/** Values of one record's measures; undefined where the record has none. */
export type Values = readonly (Measurable | undefined)[];

export interface OpenWindows {
  /**
   * Adds a record to all of its windows that have not closed.
   * @param closedThrough windows that end at this time or earlier have closed
   * @returns false if at least one of its windows has
   */
  add(time: number, key: KeyIdentity, values: Values, closedThrough: number): boolean;
  /** Takes out the windows that end at this time or earlier, in the order of their ends, then keys. Nothing may be added before the last one was taken. */
  close(through: number): Iterable<WindowState>;
  /** Puts a window back that was open. */
  restore(state: WindowState): void;
}

/** What has changed since it was last asked. */
export interface WindowChanges {
  readonly changed: readonly WindowState[];
  /** Sessions that have begun earlier since, or have become part of others: their keys and former starts. */
  readonly moved: readonly Pick<WindowState, 'start' | 'key'>[];
}

export interface WindowMemoryOptions {
  /** How much memory open windows may take before they go to disk, in bytes. */
  readonly memoryBytes: number;
  /** Whether anybody asks what has changed. */
  readonly tracksChanges: boolean;
}

/** Accounts for the memory that open windows take, and notes which of them change. */
export class WindowMemory {
  readonly measures: readonly Measure[];
  /** Windows that memory has no room for. */
  readonly archive: WindowArchive;
  readonly #mostBytes: number;
  readonly #tracksChanges: boolean;
  #bytes = 0;
  #changes: { changed: WindowState[]; moved: Pick<WindowState, 'start' | 'key'>[] } = { changed: [], moved: [] };

  constructor(measures: readonly Measure[], { memoryBytes, tracksChanges }: WindowMemoryOptions) {
    this.measures = measures;
    // One half for the windows themselves, one for what is on its way to disk.
    this.#mostBytes = memoryBytes / 2;
    this.archive = new WindowArchive(measures, memoryBytes / 2);
    this.#tracksChanges = tracksChanges;
  }

  get isFull(): boolean {
    return this.#bytes > this.#mostBytes;
  }

  /** Whether it would soon be full again. */
  get isFilling(): boolean {
    return this.#bytes > this.#mostBytes / 2;
  }

  /** A window is in memory now. */
  hold(state: WindowState): void {
    this.#bytes += state.bytes;
  }

  /** A window is no longer in memory. */
  release(state: WindowState): void {
    this.#bytes -= state.bytes;
  }

  /** Adds a record's values to a window in memory. */
  gather(state: WindowState, values: Values): void {
    this.#bytes += state.add(values);
    if (this.#tracksChanges && !state.isChanged) {
      state.isChanged = true;
      this.#changes.changed.push(state);
    }
  }

  /** A session moves away from its start. */
  moves({ start, key }: WindowState): void {
    if (this.#tracksChanges) this.#changes.moved.push({ start, key });
  }

  /** A session in memory becomes part of another one. */
  merge(state: WindowState, into: WindowState): void {
    this.moves(state);
    state.isMerged = true;
    this.release(state);
    this.release(into);
    into.merge(state);
    this.hold(into);
  }

  takeChanges(): WindowChanges {
    const taken = this.#changes;
    this.#changes = { changed: [], moved: [] };
    for (const state of taken.changed) state.isChanged = false;
    return { ...taken, changed: taken.changed.filter(({ isMerged }) => !isMerged) };
  }
}
