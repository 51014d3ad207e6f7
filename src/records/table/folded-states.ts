/** The state of each key, made of all its records by an expression: in the order of time where they come from several partitions. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { jsonValue } from '../../base/json/exact-json.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import type { CompiledExpression, CompiledFold } from '../expression/compile.ts';
import { ExpressionFailure } from '../expression/failure.ts';
import { RecordFailures } from '../expression/record-failures.ts';
import type { StreamFields } from '../expression/stream-fields.ts';
import { jsonText, numberWithoutJson } from '../expression/values.ts';
import type { SpillingStore } from '../store/spilling-store.ts';
import type { Keeper } from './keeper.ts';
import { appendRowWithValue, StoredRow } from './stored-row.ts';

export interface Fold {
  readonly next: CompiledFold;
  /** The state of a key before its first record; undefined is null. */
  readonly init: CompiledExpression | undefined;
}

export class FoldedStates implements Keeper {
  readonly placeBytes = 0;
  readonly #store: SpillingStore;
  readonly #fold: Fold;
  readonly #fields: StreamFields;
  readonly #row = new ByteSink(1024);
  readonly #stored = new StoredRow('');
  /** The records on which an expression failed. */
  failures = new RecordFailures();

  /** @param fields what the expressions see of records; prepared for the topic before the first one is put */
  constructor(store: SpillingStore, fold: Fold, fields: StreamFields) {
    this.#store = store;
    this.#fold = fold;
    this.#fields = fields;
  }

  /** A record on which the expression fails changes nothing, and is counted. */
  put(key: ByteSink, record: RecordView): void {
    let state: string | undefined;
    try {
      const scope = this.#fields.of(record.topic)(record);
      const last = this.#stateOf(key);
      const before = last === undefined ? (this.#fold.init?.evaluate(scope) ?? null) : jsonValue(last);
      state = stateText(this.#fold.next(scope, before, scope.value));
    } catch (error) {
      this.failures.add(error, record);
      return;
    }
    this.#row.length = 0;
    appendRowWithValue(this.#row, record, state);
    this.#store.set(key, this.#row);
  }

  /** Forgets all states: records come again from the first. */
  restart(): void {
    this.#store.close();
    this.failures = new RecordFailures();
  }

  current(key: ByteSink, into: ByteSink): boolean {
    return this.#store.get(key, into);
  }

  /** The text of the state; undefined before the first record, and after one that removed the key. */
  #stateOf(key: ByteSink): string | undefined {
    if (!this.#store.get(key, this.#row)) return undefined;
    const { bytes, valueStart, valueEnd } = this.#stored.at(this.#row.buf, -1, -1, 0, this.#row.length);
    return valueStart < 0 ? undefined : bytes.toString('utf8', valueStart, valueEnd);
  }
}

/** The JSON of a state; undefined for null and undefined, which remove the key. @throws ExpressionFailure for a state that JSON cannot hold */
function stateText(state: unknown): string | undefined {
  if (state === null || state === undefined) return undefined;
  const text = jsonText(state);
  if (text === undefined) throw new ExpressionFailure('its result is no value of JSON');
  // Looked for only where JSON may have null in its place.
  const number = text.includes('null') ? numberWithoutJson(state) : undefined;
  if (number !== undefined) throw new ExpressionFailure(`its result holds ${number}, which JSON has not`);
  return text;
}
