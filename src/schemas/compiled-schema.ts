/** What every kind of schema becomes: one thing that reads its data as JSON or values, and writes it from JSON. */
import type { ByteSink } from '../base/bytes/byte-sink.ts';

/** How data is shown as JSON, and taken from it. */
export interface JsonStyle {
  /** `--raw-logical`: the numbers and bytes under logical types, instead of dates and decimals. */
  readonly rawLogical: boolean;
  /** `--avro-json`: Avro's own JSON encoding, as Confluent's console tools print and read it. */
  readonly avroJson: boolean;
}

/** A schema compiled for one style. Nothing is kept between calls. */
export interface CompiledSchema {
  /** The full name of the record or message, or the name of the type: `shop.Order`, `string`. */
  readonly type: string;
  /**
   * Whether the data read last says something that its JSON does not, such as fields that the schema does not know: encoding the JSON gives
   * other data then. Absent where that cannot be.
   */
  readonly isLossy?: boolean;
  /**
   * Appends the datum that fills `bytes[start, end)` as compact JSON text, UTF-8.
   * @throws SchemaDataError with path and byte (relative to `start`); the sink is then as it was
   */
  writeJson(bytes: Buffer, start: number, end: number, sink: ByteSink): void;
  /**
   * The datum as expressions see it: what JSON.parse would make of the JSON, but 64-bit integers exact (a BigInt beyond 2^53).
   * @throws SchemaDataError
   */
  decode(bytes: Buffer, start: number, end: number): unknown;
  /** The bytes for a JSON text. @throws SchemaDataError with the path, what was found and what is wanted */
  encode(text: string): Buffer;
  /**
   * Appends the same for the JSON text that fills `json[start, end)`; what is no UTF-8 is refused. Absent where `encode` is no slower.
   * @throws SchemaDataError; the sink is then as it was
   */
  encodeTo?(json: Buffer, start: number, end: number, sink: ByteSink): void;
}
