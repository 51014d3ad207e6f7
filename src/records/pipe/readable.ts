/** What expressions cannot see without loss: bytes that are no value of their format, or no text. To write what they make of those would lose data. */
import { isUtf8 } from 'node:buffer';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import { coordinatorOf } from '../../kafka/internals/topics.ts';
import { ExpressionFailure } from '../expression/failure.ts';
import type { FieldName, RecordScope } from '../expression/scope.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import type { SerdeName } from '../serde/table.ts';

export class ReadableFields {
  readonly #uses: ReadonlySet<FieldName>;
  readonly #formats: FieldFormats;

  /** @param uses what the expressions name of a record */
  constructor(uses: ReadonlySet<FieldName>, formats: FieldFormats) {
    this.#uses = uses;
    this.#formats = formats;
  }

  /** @throws ExpressionFailure for a record of which an expression would see something else than there is */
  check(record: RecordView, scope: RecordScope): void {
    const { keyFormat, valueFormat } = this.#formats;
    const { keyStart, keyEnd, valueStart, valueEnd } = record;
    if (this.#uses.has('key') && keyStart >= 0) {
      if (scope.key === undefined || !this.#isText(record, keyFormat, keyStart, keyEnd)) throw unreadable('key');
    }
    if (this.#uses.has('value') && valueStart >= 0) {
      if (scope.value === undefined || !this.#isText(record, valueFormat, valueStart, valueEnd)) throw unreadable('value');
    }
    if (this.#uses.has('headers') && record.headerCount > 0) checkHeaders(record);
  }

  /** Whether a field is text, where it is read as such. */
  #isText({ topic, bytes }: RecordView, format: SerdeName | undefined, start: number, end: number): boolean {
    const isRead =
      format === undefined ? !this.#formats.schemas && !coordinatorOf(topic) : format === 'string' || format === 'json';
    return !isRead || isUtf8(bytes.subarray(start, end));
  }
}

function checkHeaders(record: RecordView): void {
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    if (valueStart < 0 || isUtf8(bytes.subarray(valueStart, valueEnd))) return;
    throw new ExpressionFailure(`its header ${bytes.toString('utf8', keyStart, keyEnd)} is not text`);
  });
}

function unreadable(field: 'key' | 'value'): ExpressionFailure {
  return new ExpressionFailure(`its ${field} is not text, or not of the format asked for: --${field}-format hex reads any`);
}
