/** What cannot be seen without loss: bytes that are no value of their format, or no text. To write what was made of those would lose data. */
import { isUtf8 } from 'node:buffer';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import { coordinatorOf } from '../../kafka/internals/topics.ts';
import { ExpressionFailure } from '../expression/failure.ts';
import type { FieldName, RecordScope } from '../expression/scope.ts';
import { unavailable } from '../schemas/unread.ts';
import type { Field, Serde } from '../serde/serde.ts';
import type { FieldFormats, FieldSerdes } from '../serde/stream-serdes.ts';
import { originText } from './origins.ts';

export class ReadableFields {
  readonly #uses: ReadonlySet<FieldName>;
  readonly #formats: FieldFormats;

  /** @param uses what the expressions name of a record */
  constructor(uses: ReadonlySet<FieldName>, formats: FieldFormats) {
    this.#uses = uses;
    this.#formats = formats;
  }

  /**
   * @throws ExpressionFailure for a record of which an expression would see something else than there is; KtError `connection` where a registry
   * that is away would tell
   */
  check(record: RecordView, scope: RecordScope, serdes: FieldSerdes): void {
    if (this.#uses.has('key') && record.keyStart >= 0) this.#checkField('key', scope.key, record, serdes.key);
    if (this.#uses.has('value') && record.valueStart >= 0) this.#checkField('value', scope.value, record, serdes.value);
    if (this.#uses.has('headers') && record.headerCount > 0) checkHeaders(record);
  }

  /** The text of a field, which is JSON where its format is. @throws as `check` */
  text(field: Field, record: RecordView, serde: Serde): string {
    const { bytes } = record;
    const [start, end] = rangeOf(field, record);
    const text = serde.text?.(bytes, start, end);
    checkSchema(record, serde);
    if (text !== undefined) return text;
    const isText = serde.text === undefined || serde.isElseText;
    if (!isText || !isUtf8(bytes.subarray(start, end))) throw unreadable(field);
    return bytes.toString('utf8', start, end);
  }

  /** @param decoded what the expression sees */
  #checkField(field: Field, decoded: unknown, record: RecordView, serde: Serde): void {
    checkSchema(record, serde);
    const [start, end] = rangeOf(field, record);
    const isWhole = !this.#isText(field, record.topic, serde) || isUtf8(record.bytes.subarray(start, end));
    if (decoded === undefined || !isWhole) throw unreadable(field);
  }

  /** Whether the field decoded last is read as text. */
  #isText(field: Field, topic: string, serde: Serde): boolean {
    if (serde.unread) return serde.unread() === 'unnamed';
    const format = field === 'key' ? this.#formats.keyFormat : this.#formats.valueFormat;
    return format === undefined ? !coordinatorOf(topic) : format === 'string' || format === 'json';
  }
}

function rangeOf(field: Field, { keyStart, keyEnd, valueStart, valueEnd }: RecordView): readonly [start: number, end: number] {
  return field === 'key' ? [keyStart, keyEnd] : [valueStart, valueEnd];
}

/** Whether the field decoded last could be read with the schema that it names. */
function checkSchema(record: RecordView, { unread }: Serde): void {
  const found = unread?.();
  if (found === undefined || found === 'unnamed') return;
  if (found.mayPass) throw unavailable(`${originText(record)}: ${found.text}`, 'try again when the registry answers');
  throw new ExpressionFailure(found.text);
}

function checkHeaders(record: RecordView): void {
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    if (valueStart < 0 || isUtf8(bytes.subarray(valueStart, valueEnd))) return;
    throw new ExpressionFailure(`its header ${bytes.toString('utf8', keyStart, keyEnd)} is not text`);
  });
}

function unreadable(field: Field): ExpressionFailure {
  return new ExpressionFailure(`its ${field} is not text, or not of the format asked for: --${field}-format hex reads any`);
}
