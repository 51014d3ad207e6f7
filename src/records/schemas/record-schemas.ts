/** The schemas of one run's records: looked up before a batch is read, and shared by filters and sinks. */
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import { makeSerde as jsonSerde } from '../serde/json.ts';
import { largestDecoded } from '../serde/largest-decoded.ts';
import type { Field, SchemaSerdes, Serde } from '../serde/serde.ts';
import { makeSerde as stringSerde } from '../serde/string.ts';
import { FieldReader, type Unreadable } from './field-reader.ts';
import type { OnDecodeError, SchemaSerdeName } from './formats.ts';
import type { NamedSchema } from './framing/named-schema.ts';
import type { LoadedSchema } from './loaded-schema.ts';
import { UnreadFields, unreadText } from './unread.ts';

export interface RecordSchemasOptions {
  /** Finds a schema that a record names, compiled; undefined without a registry. Rejects only for what should end the run. */
  readonly lookUp: ((schema: NamedSchema) => Promise<LoadedSchema | Unreadable>) | undefined;
  /** The fields that are read with schemas, and the format named for each. */
  readonly fields: Readonly<Partial<Record<Field, SchemaSerdeName>>>;
  /** Schemas from files. */
  readonly given: Readonly<Partial<Record<Field, LoadedSchema>>>;
  readonly onDecodeError: OnDecodeError;
  /** What one batch may decompress to, in bytes (default 128 MiB): it also says how large a field may be that is read. */
  readonly maxBatchBytes?: number | undefined;
  /** Prints a line for people. */
  readonly note: (text: string) => void;
}

/** So many schemas that a field names and nobody knows mean that it names none: data can look like a name by chance. */
const mostMissing = 100;

export class RecordSchemas implements SchemaSerdes {
  readonly #options: RecordSchemasOptions;
  readonly #unread: UnreadFields;
  readonly #fields: readonly SchemaField[];

  constructor(options: RecordSchemasOptions) {
    const { fields, onDecodeError, note } = options;
    this.#options = options;
    this.#unread = new UnreadFields(onDecodeError, note);
    this.#fields = (['key', 'value'] as const).flatMap((field) => {
      const name = fields[field];
      return name === undefined ? [] : [new SchemaField(name, field, options, this.#unread)];
    });
  }

  /** The serde of a field that is read with schemas: the same for all that ask, since they read the same records. */
  serde(field: Field): Serde | undefined {
    return this.#fields.find((each) => each.field === field)?.serde;
  }

  /** Whether nothing is wrong with what a record's fields name; undefined where records that cannot be read are kept. */
  get isSound(): ((record: RecordView) => boolean) | undefined {
    if (this.#options.onDecodeError !== 'skip') return undefined;
    return (record) => this.#fields.every((field) => field.isSound(record));
  }

  /** To be called, and waited for if it is not undefined, before a batch is read: it looks up what the batch's records name. */
  prepare(records: FetchedRecords): Promise<void> | undefined {
    const missing: Promise<void>[] = [];
    const fields = this.#fields.filter((field) => field.looksUp);
    if (fields.length === 0) return undefined;
    records.each((record) => {
      for (const field of fields) {
        const looking = field.lookUp(record);
        if (looking) missing.push(looking);
      }
    });
    return missing.length === 0 ? undefined : Promise.all(missing).then(() => {});
  }

  /** What was not told yet of data that could not be read; undefined if nothing. */
  get summary(): string | undefined {
    return this.#unread.summary;
  }
}

/** One field: its reader, and what is known of the schemas it names. */
class SchemaField {
  readonly field: Field;
  readonly serde: Serde;
  readonly #reader: FieldReader;
  readonly #lookUp: RecordSchemasOptions['lookUp'];
  #missing = 0;

  constructor(
    name: SchemaSerdeName,
    field: Field,
    { lookUp, given, maxBatchBytes }: RecordSchemasOptions,
    unread: UnreadFields,
  ) {
    this.field = field;
    this.#lookUp = lookUp;
    this.#reader = new FieldReader(field, {
      only: name === 'schema' ? undefined : name,
      given: given[field],
      mostBytes: largestDecoded(maxBatchBytes),
      onUnread: (record, schema, problem) => unread.add(field, record, schema, problem),
      onLossy: (record, origin) => unread.addLossy(field, record, origin),
    });
    this.serde = serdeOf(name, field, this.#reader);
  }

  get looksUp(): boolean {
    return this.#lookUp !== undefined && this.#missing < mostMissing;
  }

  isSound(record: RecordView): boolean {
    this.#reader.at(record);
    return this.field === 'key'
      ? this.#reader.isSound(record.bytes, record.keyStart, record.keyEnd)
      : this.#reader.isSound(record.bytes, record.valueStart, record.valueEnd);
  }

  lookUp(record: RecordView): Promise<void> | undefined {
    const reader = this.#reader;
    reader.at(record);
    const schema =
      this.field === 'key'
        ? reader.unknown(record.bytes, record.keyStart, record.keyEnd)
        : reader.unknown(record.bytes, record.valueStart, record.valueEnd);
    if (!schema) return undefined;
    // From here on it is known to be asked for.
    reader.known.set(schema, { why: 'it is being looked up' });
    return this.#lookUp!(schema).then((found) => {
      reader.known.set(schema, found);
      if (!('format' in found || found.mayPass)) this.#missing++;
    });
  }
}

function serdeOf(name: SchemaSerdeName, field: Field, reader: FieldReader): Serde {
  // What cannot be read is seen as it would be without a schema.
  const otherwise = field === 'key' ? stringSerde() : jsonSerde();
  return {
    name,
    kind: 'json',
    at: (record) => reader.at(record),
    write: (bytes, start, end, sink) => reader.writeJson(bytes, start, end, sink),
    origin: () => reader.origin,
    unread() {
      const { unread, schema } = reader;
      if (unread === undefined || unread === 'unnamed') return unread;
      return { text: unreadText(field, schema, unread), mayPass: 'mayPass' in unread && unread.mayPass === true };
    },
    text: (bytes, start, end) => reader.text(bytes, start, end),
    decode(bytes, start, end) {
      const value = reader.decode(bytes, start, end);
      return value === undefined ? otherwise.decode(bytes, start, end) : value;
    },
    ...(field === 'value' && { jsonStart: (bytes: Buffer, start: number, end: number) => reader.jsonStart(bytes, start, end) }),
    isElseText: true,
    takes: 'the JSON of its schema',
  };
}
