/** A pipe's keys, or values, that are written with a schema: made from the JSON of what an expression gives, or of what was read. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { SchemaDataError } from '../../schemas/data-error.ts';
import { ExpressionFailure } from '../expression/failure.ts';
import { jsonText } from '../expression/values.ts';
import type { SchemaFormat } from '../schemas/formats.ts';
import type { SchemaWriter } from '../schemas/writer.ts';
import type { Field, Serde } from '../serde/serde.ts';
import type { ReadableFields } from './readable.ts';
import { fieldJson } from './written-values.ts';

export class SchemaField {
  readonly format: SchemaFormat;
  /** What was written last, for people to see. */
  json = '';
  readonly #field: Field;
  readonly #writer: SchemaWriter;

  constructor(field: Field, writer: SchemaWriter) {
    this.#field = field;
    this.format = writer.format;
    this.#writer = writer;
  }

  /** The bytes of what an expression gives; null for null. @param what which expression, for errors @throws ExpressionFailure */
  ofResult(what: string, result: unknown): Buffer | null {
    if (result === null) return null;
    return this.#encoded(this.#writer.encodeJson, fieldJson(what, result), `${what} gives what does not fit its schema`);
  }

  /** The bytes of a field as it was read, which is there. @throws as `ReadableFields.check` */
  ofRead(record: RecordView, serde: Serde, readable: ReadableFields): Buffer {
    const text = readable.text(this.#field, record, serde);
    const { encode } = this.#writer.serde;
    return this.#encoded(
      (json) => encode!(json)!,
      this.#jsonOf(text, record, serde),
      `its ${this.#field} does not fit the schema to write with`,
    );
  }

  /** ProtoJSON has 64-bit integers as text, which other schemas do not take for numbers. */
  #jsonOf(text: string, record: RecordView, serde: Serde): string {
    const isMessage = serde.unread?.() === undefined && serde.origin?.().format === 'protobuf';
    if (!isMessage || this.format === 'protobuf') return text;
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
    const value = this.#field === 'key' ? serde.decode(bytes, keyStart, keyEnd) : serde.decode(bytes, valueStart, valueEnd);
    return jsonText(value)!;
  }

  #encoded(encode: (json: string) => Buffer, json: string, problem: string): Buffer {
    this.json = json;
    try {
      return encode(json);
    } catch (error) {
      if (!(error instanceof SchemaDataError)) throw error;
      const { path, message } = error;
      throw new ExpressionFailure(`${problem} (${path === '' ? '' : `${path}: `}${message})`);
    }
  }
}
