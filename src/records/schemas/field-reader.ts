/** Reads keys, or values, with the schemas that records name, or with one from a file. One object per field of a stream. */
import { inflateSync } from 'node:zlib';
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { formatSize } from '../../base/units.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import type { CompiledSchema } from '../../schemas/compiled-schema.ts';
import { SchemaDataError } from '../../schemas/data-error.ts';
import type { SchemaFormat } from './formats.ts';
import { SchemaFrame } from './framing/frame.ts';
import type { NamedSchema } from './framing/named-schema.ts';
import type { LoadedSchema, SchemaOrigin } from './loaded-schema.ts';

/** Why a schema that is named cannot be had. */
export interface Unreadable {
  readonly why: string;
  /** Whether it is worth asking again. */
  readonly mayPass?: boolean;
}

/** Why a field is not read, although it should be. */
export type Problem = Unreadable | SchemaDataError;

export interface FieldReaderOptions {
  /** The only format that is read; undefined for any. */
  readonly only: SchemaFormat | undefined;
  /** From a file: for data that names no schema, or one that was not looked up. */
  readonly given: LoadedSchema | undefined;
  /** The largest field that is read, in bytes: its JSON may take several times as much. */
  readonly mostBytes: number;
  /** Told of each field whose data says more than is shown. */
  readonly onLossy: (record: RecordView, origin: SchemaOrigin) => void;
  /** Told of each field that should be read, and is shown as it is. */
  readonly onUnread: (record: RecordView, schema: NamedSchema | undefined, problem: Problem) => void;
}

/** Why a field is not read with a schema; `unnamed`: it names none, and none is given. */
export type Unread = Problem | 'unnamed';

const scratchBytes = 1 << 12;
/** What zlib may make of a payload. */
const mostInflated = 128 << 20;

export class FieldReader {
  readonly #frame: SchemaFrame;
  readonly #options: FieldReaderOptions;
  /** What is known of each schema that was named. */
  readonly known = new Map<NamedSchema, LoadedSchema | Unreadable>();
  /** Why the last field was not read; undefined if it was. */
  unread: Unread | undefined;
  #record: RecordView | undefined;
  #origin: SchemaOrigin | undefined;
  readonly #scratch = new ByteSink(scratchBytes);
  #sink: ByteSink = this.#scratch;
  #value: unknown;
  /** The datum that was found last. */
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(field: 'key' | 'value', options: FieldReaderOptions) {
    this.#frame = new SchemaFrame(field);
    this.#options = options;
  }

  /** To be called with each record before its field is read. */
  at(record: RecordView): void {
    this.#record = record;
    this.#frame.at(record);
  }

  /** The schema that a field names, if nothing is known of it yet, or nothing that lasts. */
  unknown(bytes: Buffer, start: number, end: number): NamedSchema | undefined {
    if (start < 0) return undefined;
    this.#frame.read(bytes, start, end);
    const { schema } = this.#frame;
    if (!schema) return undefined;
    const known = this.known.get(schema);
    return known === undefined || ('mayPass' in known && known.mayPass) ? schema : undefined;
  }

  /** The schema that the last field names. */
  get schema(): NamedSchema | undefined {
    return this.#frame.schema;
  }

  /** What the field read last was read with. */
  get origin(): SchemaOrigin {
    return this.#origin!;
  }

  /** Appends the field as JSON; false, with nothing appended, for what cannot be read: it names no schema, or does not fit it. */
  writeJson(bytes: Buffer, start: number, end: number, sink: ByteSink): boolean {
    this.#sink = sink;
    return this.#read(bytes, start, end, this.#write);
  }

  /** The same as text; undefined for what cannot be read. */
  text(bytes: Buffer, start: number, end: number): string | undefined {
    const scratch = this.#scratch;
    scratch.length = 0;
    return this.writeJson(bytes, start, end, scratch) ? scratch.buf.toString('utf8', 0, scratch.length) : undefined;
  }

  /** The field as expressions see it; undefined for what cannot be read. */
  decode(bytes: Buffer, start: number, end: number): unknown {
    return this.#read(bytes, start, end, this.#decode) ? this.#value : undefined;
  }

  /** Where the text of a field begins that is JSON: with a JSON Schema, or without any schema. -1 for other data, and for what only reading tells. */
  jsonStart(bytes: Buffer, start: number, end: number): number {
    const frame = this.#frame;
    const { only, given, mostBytes } = this.#options;
    frame.read(bytes, start, end);
    const { schema } = frame;
    const loaded = schema ? this.known.get(schema) : given;
    if (schema === undefined && loaded === undefined) return start;
    const isShown = loaded !== undefined && 'format' in loaded && loaded.format === 'json-schema' && end - start <= mostBytes;
    return isShown && (only === undefined || only === 'json-schema') && !frame.isDeflated ? frame.start : -1;
  }

  /** Whether there is nothing wrong with a field: it can be read, or names no schema. */
  isSound(bytes: Buffer, start: number, end: number): boolean {
    this.#sink = this.#scratch;
    this.#scratch.length = 0;
    return start < 0 || this.#read(bytes, start, end, this.#write) || this.unread === 'unnamed';
  }

  readonly #write = (schema: CompiledSchema): void => {
    schema.writeJson(this.#bytes, this.#start, this.#end, this.#sink);
  };

  readonly #decode = (schema: CompiledSchema): void => {
    this.#value = schema.decode(this.#bytes, this.#start, this.#end);
  };

  /** False for what is not read: `unread` says why, and it is told if it should be read. */
  #read(bytes: Buffer, start: number, end: number, use: (schema: CompiledSchema) => void): boolean {
    const unread = this.#try(bytes, start, end, use);
    this.unread = unread;
    if (unread === undefined) return true;
    if (unread !== 'unnamed') this.#options.onUnread(this.#record!, this.#frame.schema, unread);
    return false;
  }

  #try(bytes: Buffer, start: number, end: number, use: (schema: CompiledSchema) => void): Unread | undefined {
    const frame = this.#frame;
    frame.read(bytes, start, end);
    const { schema } = frame;
    const { given } = this.#options;
    const known = schema && this.known.get(schema);
    if (known && 'format' in known) return this.#use(known, bytes, start, end, use);
    if (!given) return known ?? 'unnamed';
    const problem = this.#use(given, bytes, start, end, use);
    if (problem === undefined || schema === undefined) return problem;
    // What looks like a name may be the beginning of data that has none.
    frame.skip(start);
    return this.#use(given, bytes, start, end, use) && problem;
  }

  /** Reads the data behind the frame. Returns what is wrong with it, if anything is. */
  #use(
    loaded: LoadedSchema,
    bytes: Buffer,
    start: number,
    end: number,
    use: (schema: CompiledSchema) => void,
  ): Problem | undefined {
    const frame = this.#frame;
    const { only, mostBytes } = this.#options;
    if (end - start > mostBytes)
      return { why: `${formatSize(end - start)} are too much to read without a larger --max-batch-bytes` };
    if (only !== undefined && loaded.format !== only) return { why: `it is ${loaded.format}, not ${only}` };
    if (frame.isAvroJson && loaded.format === 'avro') return { why: 'it is JSON already' };
    this.#bytes = bytes;
    this.#end = end;
    if (frame.isDeflated) {
      try {
        this.#bytes = inflateSync(bytes.subarray(frame.start, end), { maxOutputLength: mostInflated });
      } catch {
        return { why: 'its data is not what zlib writes, or becomes more than 128 MiB' };
      }
      frame.start = 0;
      this.#end = this.#bytes.length;
    }
    const type = loaded.typeOf(frame, this.#bytes, this.#end);
    if (!type) return { why: 'it names no message of its schema' };
    this.#start = frame.start;
    this.#origin = type.origin;
    try {
      use(type.compiled);
      if (type.compiled.isLossy) this.#options.onLossy(this.#record!, type.origin);
      return undefined;
    } catch (error) {
      if (!(error instanceof SchemaDataError)) throw error;
      // Counted from the field's first byte, where people look for it.
      const { message, path, at } = error;
      return at === undefined || frame.isDeflated ? error : new SchemaDataError(message, path, at + this.#start - start);
    }
  }
}
