/** What a serde is: one way to read a key or value as text and as a value, and to write it from text. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import type { Coordinator } from '../../kafka/wire/generated/internals.ts';
import type { SchemaOrigin } from '../schemas/loaded-schema.ts';

/** One format of keys or values, made ready for one field of one stream. */
export interface Serde {
  /** The name users type, and the flag in JSON lines. */
  readonly name: string;
  /** Whether the text is JSON, to be embedded in JSON and indented on a screen. Text of kind `text` is ASCII unless it is the bytes themselves. */
  readonly kind: 'text' | 'json';
  /** The text of `bytes[start, end)`; undefined if the bytes are no such value. Absent where the bytes themselves are the text. */
  readonly text?: (bytes: Buffer, start: number, end: number) => string | undefined;
  /**
   * Appends the text straight to the sink; false, with nothing appended, if the bytes are no such value. It may stand beside `text`, which
   * then gives the same.
   */
  readonly write?: (bytes: Buffer, start: number, end: number, sink: ByteSink) => boolean;
  /** What the field that was read last was read with; the same object each time for the same type. */
  readonly origin?: () => SchemaOrigin;
  /** Why the field that was decoded last, or made text, was not read with a schema; undefined if it was. Absent where no schema reads it. */
  readonly unread?: () => UnreadField | undefined;
  /** Whether bytes that are no such value are shown as text, as without a format. */
  readonly isElseText?: boolean;
  /** Whether a field is plain text that this serde leaves alone. */
  readonly isPlain?: (start: number, end: number) => boolean;
  /**
   * The value that expressions see; undefined if the bytes are no such value.
   * A 64-bit integer is a number while that is exact, else a BigInt.
   */
  readonly decode: (bytes: Buffer, start: number, end: number) => unknown;
  /**
   * Where a field's JSON text begins, to its end: where that is an object, `decode` gives what `parseExactJson` gives for it. -1 for a field
   * that is no such text. Absent for a format that never is JSON text.
   */
  readonly jsonStart?: (bytes: Buffer, start: number, end: number) => number;
  /** Whether every field is the value that its JSON text says, or else text: none is refused, and nobody is told of one. */
  readonly isJsonOrText?: boolean;
  /** The bytes for this text; undefined if it does not fit. Absent for a format that is only read. */
  readonly encode?: (text: string) => Buffer | undefined;
  /** Appends what `encode` gives for the text that fills `text[start, end)`; throws as that does, and for what is no UTF-8. Absent where that is no faster. */
  readonly encodeTo?: ((text: Buffer, start: number, end: number, sink: ByteSink) => void) | undefined;
  /** Which text `encode` takes, for hints. */
  readonly takes: string;
  /** Called with each record before its field is read, for a field whose meaning depends on the rest of the record. */
  readonly at?: (record: RecordView) => void;
  /** The record type in a key of one of Kafka's own topics, even if the rest cannot be read. */
  readonly recordType?: () => number | undefined;
}

export type Field = 'key' | 'value';

/** Why a field is not read with a schema; `unnamed`: it names none. */
type UnreadField =
  | 'unnamed'
  | {
      /** `the value does not fit schema id 7 (items[2].price, byte 33: 4 bytes are missing)`. */
      readonly text: string;
      /** Whether it is worth asking again. */
      readonly mayPass: boolean;
    };

/** Gives the serdes of fields that are read with schemas. */
export interface SchemaSerdes {
  serde(field: Field): Serde | undefined;
}

/** What a serde can know when it is made. */
export interface SerdeContext {
  readonly field: Field;
  /** Whose records these are; undefined for topics of users. */
  readonly coordinator: Coordinator | undefined;
  /** The schemas of the run; undefined where there are none. */
  readonly schemas?: SchemaSerdes | undefined;
}

/** Makes a serde; a promise if it needs something first, such as the schema to write with. */
export type MakeSerde = (context: SerdeContext) => Serde | Promise<Serde>;

/** An integer as expressions see it: a number while that is exact. */
export function exactInteger(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
