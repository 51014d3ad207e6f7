/** What expressions see of a record: its fields through the stream's serdes, each decoded when it is first asked for. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import { checkDecoded } from '../serde/largest-decoded.ts';
import type { FieldSerdes } from '../serde/stream-serdes.ts';
import { JsonParts } from './json-parts.ts';
import type { RecordScope } from './scope.ts';

/** One object for all records of a stream: `at` says which record it is about. */
export class RecordFields implements RecordScope {
  readonly parts: JsonParts | undefined;
  readonly #serdes: Pick<FieldSerdes, 'key' | 'value'>;
  readonly #mostBytes: number;
  #record!: RecordView;
  #hasKey = false;
  #key: unknown;
  #hasValue = false;
  #value: unknown;

  /** @param mostBytes how large a field may be that is decoded; to ask for a larger one is a RangeError */
  constructor(serdes: Pick<FieldSerdes, 'key' | 'value'>, mostBytes = Number.POSITIVE_INFINITY) {
    this.#serdes = serdes;
    this.#mostBytes = mostBytes;
    const { jsonStart } = serdes.value;
    this.parts = jsonStart && new JsonParts(jsonStart, () => this.value, mostBytes);
  }

  at(record: RecordView): void {
    this.#record = record;
    this.#hasKey = false;
    this.#hasValue = false;
    this.parts?.at(record);
  }

  /** Null where there is none, undefined for bytes that are no value of the format; so is `value`. */
  get key(): unknown {
    if (!this.#hasKey) {
      const { bytes, keyStart, keyEnd } = this.#record;
      checkDecoded(keyEnd - keyStart, this.#mostBytes);
      this.#key = keyStart < 0 ? null : this.#serdes.key.decode(bytes, keyStart, keyEnd);
      this.#hasKey = true;
    }
    return this.#key;
  }

  get value(): unknown {
    if (!this.#hasValue) {
      const { bytes, valueStart, valueEnd } = this.#record;
      checkDecoded(valueEnd - valueStart, this.#mostBytes);
      this.#value = valueStart < 0 ? null : this.#serdes.value.decode(bytes, valueStart, valueEnd);
      this.#hasValue = true;
    }
    return this.#value;
  }

  /** Texts by name, null for a null value; of several of a name the last counts, as with Kafka's `lastHeader`. */
  get headers(): Readonly<Record<string, string | null>> {
    const headers: Record<string, string | null> = Object.create(null);
    visitHeaders(this.#record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
      headers[bytes.toString('utf8', keyStart, keyEnd)] = valueStart < 0 ? null : bytes.toString('utf8', valueStart, valueEnd);
    });
    return headers;
  }

  get topic(): string {
    return this.#record.topic;
  }

  get partition(): number {
    return this.#record.partition;
  }

  get offset(): number | bigint {
    const { offset } = this.#record;
    return Number.isSafeInteger(offset) ? offset : this.#record.exactOffset();
  }

  get timestamp(): number | bigint {
    const { timestamp } = this.#record;
    return Number.isSafeInteger(timestamp) ? timestamp : this.#record.exactTimestamp();
  }
}
