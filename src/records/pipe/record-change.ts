/** What a pipe changes of a record: its value, key, headers, timestamp and partition, by expressions and schemas; without any it stays as it was fetched. */
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import { encodeHeaders } from '../../kafka/batch/record-headers.ts';
import { ViewBytes } from '../../kafka/batch/view-bytes.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import type { RecordScope } from '../expression/scope.ts';
import { type ScopeOf, StreamFields } from '../expression/stream-fields.ts';
import type { Field } from '../serde/serde.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import { HeaderChange, type HeaderRequest } from './header-change.ts';
import { ReadableFields } from './readable.ts';
import { SchemaField } from './schema-field.ts';
import { fieldBytes, headersOf, partitionOf, recordFields, timestampOf } from './written-values.ts';

/** Keys and values may be written with schemas, changed or not; null stays null. */
export interface ChangeRequest extends HeaderRequest {
  /** The new value; or the fields of a record, where `mapsRecord` is set. */
  readonly map: CompiledExpression | undefined;
  readonly mapsRecord: boolean;
  /** The new key. */
  readonly rekey: CompiledExpression | undefined;
  /** How expressions see keys and values. */
  readonly formats: FieldFormats;
}

export class RecordChange {
  /** The record as it is to be written, after `apply`; until the next one. */
  readonly bytes = new ViewBytes();
  /** The partition that an expression gave. */
  partition: number | undefined;
  readonly #request: ChangeRequest;
  readonly #fields: StreamFields | undefined;
  readonly #readable: ReadableFields;
  readonly #schemas: Readonly<Partial<Record<Field, SchemaField>>>;
  readonly #headers: HeaderChange;
  #topic: string | undefined;
  #scopeOf: ScopeOf | undefined;

  constructor(request: ChangeRequest) {
    const { map, rekey, setHeaders, formats, schemas } = request;
    this.#request = request;
    this.#schemas = {
      ...(schemas.key && { key: new SchemaField('key', schemas.key) }),
      ...(schemas.value && { value: new SchemaField('value', schemas.value) }),
    };
    const expressions = [map, rekey, ...setHeaders.map(({ value }) => value)].filter((each) => each !== undefined);
    if (expressions.length > 0 || schemas.key || schemas.value) this.#fields = new StreamFields(formats);
    this.#readable = new ReadableFields(new Set(expressions.flatMap(({ uses }) => [...uses])), formats);
    this.#headers = new HeaderChange(request);
  }

  /** To be called, and waited for if it is not undefined, before `apply` is called with a topic's records. */
  prepare(records: Pick<FetchedRecords, 'topic'>): Promise<unknown> | undefined {
    return this.#fields?.prepare(records);
  }

  /** Fills `bytes` and `partition`. @throws what expressions throw, for this record alone; KtError `connection` for a schema that may be had later */
  apply(record: RecordView): void {
    this.bytes.at(record);
    this.partition = undefined;
    const scope = this.#scope(record);
    if (scope) {
      this.#readable.check(record, scope, this.#fields!.serdes(record.topic));
      this.#evaluate(scope);
      this.#rewrite(record);
    }
    this.#headers.apply(record, this.bytes, scope);
  }

  /** What a field is that was written with a schema, for people to see; undefined for one that was not. */
  written(field: Field): Pick<SchemaField, 'format' | 'json'> | undefined {
    const start = field === 'key' ? this.bytes.keyStart : this.bytes.valueStart;
    return start < 0 ? undefined : this.#schemas[field];
  }

  #scope(record: RecordView): RecordScope | undefined {
    if (!this.#fields) return undefined;
    if (record.topic !== this.#topic || !this.#scopeOf) {
      this.#topic = record.topic;
      this.#scopeOf = this.#fields.of(record.topic);
    }
    return this.#scopeOf(record);
  }

  /** A tombstone stays one, unless the expression is about the whole record. */
  #evaluate(scope: RecordScope): void {
    const { map, mapsRecord, rekey } = this.#request;
    if (map && mapsRecord) this.#takeRecord(map.evaluate(scope));
    else if (map && this.bytes.valueStart >= 0) this.#setValue('--map', map.evaluate(scope));
    if (rekey) this.#setKey('--rekey', rekey.evaluate(scope));
  }

  /** Fields that the result does not name stay as they are. */
  #takeRecord(result: unknown): void {
    const { key, value, headers, timestamp, partition } = recordFields(result);
    if (key !== undefined) this.#setKey('key of --map', key);
    if (value !== undefined) this.#setValue('value of --map', value);
    if (headers !== undefined) {
      const all = headersOf('headers of --map', headers);
      this.bytes.setHeaders(all.length > 0 ? encodeHeaders(all) : undefined);
    }
    if (timestamp !== undefined) this.bytes.timestamp = timestampOf(timestamp);
    if (partition !== undefined) this.partition = partitionOf(partition);
  }

  #setKey(what: string, result: unknown): void {
    const { key } = this.#schemas;
    this.bytes.setKey(key ? key.ofResult(what, result) : fieldBytes(what, result));
  }

  #setValue(what: string, result: unknown): void {
    const { value } = this.#schemas;
    this.bytes.setValue(value ? value.ofResult(what, result) : fieldBytes(what, result));
  }

  /** Writes with schemas what no expression gave. */
  #rewrite(record: RecordView): void {
    const { key, value } = this.#schemas;
    if (!key && !value) return;
    const { bytes } = this;
    const serdes = this.#fields!.serdes(record.topic);
    if (key && bytes.key === record.bytes && bytes.keyStart >= 0) bytes.setKey(key.ofRead(record, serdes.key, this.#readable));
    if (value && bytes.value === record.bytes && bytes.valueStart >= 0)
      bytes.setValue(value.ofRead(record, serdes.value, this.#readable));
  }
}
