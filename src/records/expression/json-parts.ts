/** The fields of values that are JSON, read from the bytes; where that does not go, from the whole value. */
import { JsonPaths } from '../../base/json/json-paths.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { checkDecoded } from '../serde/largest-decoded.ts';
import type { Serde } from '../serde/serde.ts';
import type { ValueParts } from './scope.ts';
import { field } from './values.ts';

/** One object for all records of a stream: `at` says which record it is about. */
export class JsonParts implements ValueParts {
  readonly #jsonStart: NonNullable<Serde['jsonStart']>;
  readonly #whole: () => unknown;
  readonly #mostBytes: number;
  readonly #json = new JsonPaths();
  readonly #paths: (readonly string[])[] = [];
  #record!: RecordView;
  #isRead = false;
  /** Whether the fields were found in the bytes. */
  #isFound = false;
  /** What was asked for already, and in which turn: each record is one. */
  readonly #values: unknown[] = [];
  readonly #turns: number[] = [];
  #turn = 0;

  /**
   * @param jsonStart tells where the text of a value begins
   * @param whole gives the value of the current record
   * @param mostBytes how large a value may be that is decoded; to ask for a field of a larger one is a RangeError
   */
  constructor(jsonStart: NonNullable<Serde['jsonStart']>, whole: () => unknown, mostBytes: number) {
    this.#jsonStart = jsonStart;
    this.#whole = whole;
    this.#mostBytes = mostBytes;
  }

  at(record: RecordView): void {
    this.#record = record;
    this.#isRead = false;
    this.#turn++;
  }

  slot(path: readonly string[]): number {
    const slot = this.#json.slot(path);
    this.#paths[slot] = path;
    this.#isRead = false;
    return slot;
  }

  value(slot: number): unknown {
    if (this.#turns[slot] !== this.#turn) {
      this.#values[slot] = this.#make(slot);
      this.#turns[slot] = this.#turn;
    }
    return this.#values[slot];
  }

  #make(slot: number): unknown {
    if (!this.#isRead) {
      const { bytes, valueStart, valueEnd } = this.#record;
      checkDecoded(valueEnd - valueStart, this.#mostBytes);
      const start = valueStart < 0 ? -1 : this.#jsonStart(bytes, valueStart, valueEnd);
      this.#isFound = start >= 0 && this.#json.read(bytes, start, valueEnd);
      this.#isRead = true;
    }
    return this.#isFound ? this.#json.value(slot) : this.#paths[slot]!.reduce(field, this.#whole());
  }
}
