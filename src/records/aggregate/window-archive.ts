/** Open windows that memory has no room for: in a store, in the order in which they close. */
import { type ExactJson, exactJsonText, parseExactJson } from '../../base/json/exact-json.ts';
import { allOf } from '../store/bytes.ts';
import { SpillingStore } from '../store/spilling-store.ts';
import { numberIn, orderedKey } from './group-key.ts';
import type { Measure } from './spec.ts';
import { orderOf, WindowState } from './window-state.ts';

const what = 'kt aggregate';
/** So many closed windows are taken out at once: they are in memory together. */
const takenAtOnce = 50_000;

export class WindowArchive {
  readonly #measures: readonly Measure[];
  readonly #windows: SpillingStore;
  /** The ends of each key's windows, where a window cannot be known from a record's time: those of sessions. */
  readonly #ends: SpillingStore;
  #isEmpty = true;

  constructor(measures: readonly Measure[], memoryBytes: number) {
    this.#measures = measures;
    this.#windows = new SpillingStore({ what, memoryBytes });
    this.#ends = new SpillingStore({ what, memoryBytes: memoryBytes / 4 });
  }

  put(state: WindowState): void {
    this.#isEmpty = false;
    this.#windows.set(allOf(orderOf(state.end, state.key)), allOf(Buffer.from(state.toText())));
  }

  /** Takes one out. */
  take(end: number, key: ExactJson): WindowState | undefined {
    if (this.#isEmpty) return undefined;
    const order = allOf(orderOf(end, key));
    const found = this.#windows.get(order);
    if (!found) return undefined;
    const state = WindowState.fromText(found.toString(), this.#measures);
    this.#windows.delete(order);
    return state;
  }

  /** Puts all sessions of a key. */
  putSessions(key: ExactJson, sessions: readonly WindowState[]): void {
    for (const session of sessions) this.put(session);
    this.#ends.set(allOf(orderedKey(key)), allOf(Buffer.from(exactJsonText(sessions.map(({ end }) => end)))));
  }

  /** Takes out all sessions of a key. Of those whose ends are known some may have closed. */
  takeSessions(key: ExactJson): WindowState[] {
    if (this.#isEmpty) return [];
    const name = allOf(orderedKey(key));
    const found = this.#ends.get(name);
    if (!found) return [];
    const ends = parseExactJson(found.toString()) as number[];
    this.#ends.delete(name);
    return ends.flatMap((end) => this.take(end, key) ?? []);
  }

  /** Takes out all that end at this time or earlier, in order. */
  *close(through: number): Generator<WindowState> {
    while (!this.#isEmpty) {
      const taken = this.#first(through);
      for (const { order, state } of taken) {
        this.#windows.delete(allOf(order));
        yield state;
      }
      if (taken.length < takenAtOnce) return;
    }
  }

  /** Gives memory and disk back. */
  end(): void {
    this.#windows.close();
    this.#ends.close();
  }

  #first(through: number): readonly { readonly order: Buffer; readonly state: WindowState }[] {
    const taken = [];
    for (const { key, value } of this.#windows.entries()) {
      if (numberIn(key) > through || taken.length === takenAtOnce) break;
      taken.push({ order: Buffer.from(key), state: WindowState.fromText(value.toString(), this.#measures) });
    }
    return taken;
  }
}
