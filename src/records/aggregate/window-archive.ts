/** Open windows that memory has no room for: in a store, in the order in which they close. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { type ExactJson, exactJsonText, parseExactJson } from '../../base/json/exact-json.ts';
import { allOf, type Bytes } from '../store/bytes.ts';
import { SpillingStore } from '../store/spilling-store.ts';
import { numberIn, orderedKey, orderedNumber } from './group-key.ts';
import type { Measure } from './spec.ts';
import { orderOf, WindowState } from './window-state.ts';

const what = 'kt aggregate';
/** How long what `orderedNumber` gives is. */
const numberBytes = 8;
/** With less a store would have to write every few entries to disk. */
const leastStoreBytes = 4 << 20;
/** So many closed windows are taken out at once: they are in memory together. */
const takenAtOnce = 10_000;

export class WindowArchive {
  readonly #measures: readonly Measure[];
  readonly #windows: SpillingStore;
  /** The ends of each key's windows, where a window cannot be known from a record's time: those of sessions. The last one stands before the list. */
  readonly #ends: SpillingStore;
  /** Where values come. */
  readonly #value = new ByteSink(1 << 10);
  #isEmpty = true;
  #closedThrough = Number.NEGATIVE_INFINITY;

  constructor(measures: readonly Measure[], memoryBytes: number) {
    this.#measures = measures;
    this.#windows = new SpillingStore({ what, memoryBytes: Math.max(memoryBytes, leastStoreBytes) });
    this.#ends = new SpillingStore({ what, memoryBytes: Math.max(memoryBytes / 4, leastStoreBytes) });
  }

  put(state: WindowState): void {
    this.#isEmpty = false;
    this.#windows.set(allOf(orderOf(state.end, state.key)), allOf(Buffer.from(state.toText())));
  }

  /** Takes one out. */
  take(end: number, key: ExactJson): WindowState | undefined {
    if (this.#isEmpty) return undefined;
    const order = allOf(orderOf(end, key));
    if (!this.#windows.get(order, this.#value)) return undefined;
    const state = WindowState.fromText(this.#text(), this.#measures);
    this.#windows.delete(order);
    return state;
  }

  /** Puts sessions of a key, beside those of it that are here already. */
  putSessions(key: ExactJson, sessions: readonly WindowState[]): void {
    const name = allOf(orderedKey(key));
    const ends = this.#isEmpty ? [] : this.#endsOf(name).filter((end) => end > this.#closedThrough);
    let last = ends.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    for (const session of sessions) {
      this.put(session);
      ends.push(session.end);
      last = Math.max(last, session.end);
    }
    const text = Buffer.from(exactJsonText(ends));
    this.#ends.set(name, allOf(Buffer.concat([orderedNumber(last), text])));
  }

  /** The end of a key's session that ends last; minus infinity if none is here. It may have closed. */
  lastEnd(key: ExactJson): number {
    if (this.#isEmpty || !this.#ends.get(allOf(orderedKey(key)), this.#value)) return Number.NEGATIVE_INFINITY;
    return numberIn(this.#value.buf);
  }

  /** Takes out all sessions of a key. */
  takeSessions(key: ExactJson): WindowState[] {
    if (this.#isEmpty) return [];
    const name = allOf(orderedKey(key));
    const ends = this.#endsOf(name);
    if (ends.length > 0) this.#ends.delete(name);
    return ends.flatMap((end) => this.take(end, key) ?? []);
  }

  /** The ends of a key's sessions, of which some may have closed. */
  #endsOf(name: Bytes): number[] {
    return this.#ends.get(name, this.#value) ? (parseExactJson(this.#text(numberBytes)) as number[]) : [];
  }

  /** Takes out all that end at this time or earlier, in order. */
  *close(through: number): Generator<WindowState> {
    this.#closedThrough = through;
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

  /** The value that was found, from here on. */
  #text(start = 0): string {
    return this.#value.buf.toString('utf8', start, this.#value.length);
  }

  #first(through: number): readonly { readonly order: Buffer; readonly state: WindowState }[] {
    const taken = [];
    for (const { bytes, keyStart, keyEnd, valueStart, valueEnd } of this.#windows.entries()) {
      const order = Buffer.from(bytes.subarray(keyStart, keyEnd));
      if (numberIn(order) > through || taken.length === takenAtOnce) break;
      const text = bytes.toString('utf8', valueStart, valueEnd);
      taken.push({ order, state: WindowState.fromText(text, this.#measures) });
    }
    return taken;
  }
}
