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

export class WindowArchive {
  readonly #measures: readonly Measure[];
  readonly #windows: SpillingStore;
  /** The ends of each key's windows, where a window cannot be known from a record's time: those of sessions. The last one stands before the list. */
  readonly #ends: SpillingStore;
  /** Where values come. */
  readonly #value = new ByteSink(1 << 10);
  #isEmpty = true;
  #hasSessions = false;
  /** No window here ends before this time. */
  #earliestEnd = Number.POSITIVE_INFINITY;
  #closedThrough = Number.NEGATIVE_INFINITY;

  constructor(measures: readonly Measure[], memoryBytes: number) {
    this.#measures = measures;
    this.#windows = new SpillingStore({ what, memoryBytes: Math.max(memoryBytes, leastStoreBytes) });
    this.#ends = new SpillingStore({ what, memoryBytes: Math.max(memoryBytes / 4, leastStoreBytes) });
  }

  put(state: WindowState): void {
    this.#isEmpty = false;
    this.#earliestEnd = Math.min(this.#earliestEnd, state.end);
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
    this.#hasSessions = true;
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

  /** Takes out all that end at this time or earlier, in order. Nothing may be put or taken elsewhere meanwhile. */
  *close(through: number): Generator<WindowState> {
    this.#closedThrough = through;
    if (this.#isEmpty || this.#earliestEnd > through) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { bytes, keyStart, keyEnd, valueStart, valueEnd } of this.#windows.entries()) {
      const end = numberIn(bytes.subarray(keyStart, keyEnd));
      if (end > through) {
        next = end;
        break;
      }
      const state = WindowState.fromText(bytes.toString('utf8', valueStart, valueEnd), this.#measures);
      if (this.#hasSessions) this.#forgetEnds(state.key, through);
      yield state;
    }
    if (next === Number.POSITIVE_INFINITY) this.end();
    else this.#windows.deleteThrough(allOf(orderedNumber(through)));
    this.#earliestEnd = next;
  }

  /** Gives memory and disk back: nothing is here any more. */
  end(): void {
    this.#windows.close();
    this.#ends.close();
    this.#isEmpty = true;
    this.#hasSessions = false;
  }

  /** A key whose last session closes may never come again. */
  #forgetEnds(key: ExactJson, through: number): void {
    const name = allOf(orderedKey(key));
    if (this.#ends.get(name, this.#value) && numberIn(this.#value.buf) <= through) this.#ends.delete(name);
  }

  /** The value that was found, from here on. */
  #text(start = 0): string {
    return this.#value.buf.toString('utf8', start, this.#value.length);
  }
}
