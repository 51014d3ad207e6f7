/** Headers of JSON lines whose keys or values are written with schemas: they name the schema that the bytes have, and no other. */
import { encodeHeaders, type RecordHeader, replacedHeaders } from '../../kafka/batch/record-headers.ts';
import { isStaleHeader } from '../schemas/framing/field-headers.ts';
import type { SchemaWriters } from '../schemas/writer.ts';
import type { Field, Serde } from '../serde/serde.ts';
import type { ReadPiece } from './record-input.ts';

const fields = ['key', 'value'] as const;

/**
 * Which fields of a line are written with a schema is known only when it is read: `"valueEncoding":"base64"` gives bytes as they are, beside
 * which the line's headers stay.
 */
export class SchemaHeaders {
  readonly #schemas: SchemaWriters;
  readonly #written: Record<Field, boolean> = { key: false, value: false };

  constructor(schemas: SchemaWriters) {
    this.#schemas = schemas;
  }

  /** The serde that writes a field with its schema, and is seen to do so; undefined without one. */
  serde(field: Field): Serde | undefined {
    const serde = this.#schemas[field]?.serde;
    if (!serde) return undefined;
    return {
      ...serde,
      encode: (text) => {
        this.#written[field] = true;
        return serde.encode!(text);
      },
    };
  }

  /**
   * @param read reads a line with the serdes from here
   * @param fixedKey the key of lines without one, written with its schema already
   * @param others headers of lines that give none, beside those with schemas
   */
  around(read: ReadPiece, fixedKey: Buffer | undefined, others: readonly RecordHeader[]): ReadPiece {
    if (!this.#schemas.key && !this.#schemas.value) return read;
    const written = this.#written;
    return (record, bytes, start, end) => {
      const before = record.headers;
      written.key = false;
      written.value = false;
      read(record, bytes, start, end);
      if (fixedKey !== undefined && record.key === fixedKey) written.key = this.#schemas.key !== undefined;
      const added = fields.flatMap((field) => (written[field] && this.#schemas[field]?.header) || []);
      const isStale = (name: string, value: Buffer | null) =>
        fields.some((field) => written[field] && isStaleHeader(field, true, name, value));
      if (record.headers !== before) record.headers = replacedHeaders(record.headers, isStale, added);
      else record.headers = others.length + added.length === 0 ? undefined : encodeHeaders([...others, ...added]);
    };
  }
}
