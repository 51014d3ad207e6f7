/** What a pipe changes of a record: its value, key, headers, timestamp and partition, by expressions; without any it stays as it was fetched. */
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import { encodedHeaders, encodeHeaders, type RecordHeader, replacedHeaders } from '../../kafka/batch/record-headers.ts';
import { ViewBytes } from '../../kafka/batch/view-bytes.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import type { RecordScope } from '../expression/scope.ts';
import { type ScopeOf, StreamFields } from '../expression/stream-fields.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import { ReadableFields } from './readable.ts';
import { fieldBytes, headersOf, partitionOf, recordFields, timestampOf } from './written-values.ts';

export interface ChangeRequest {
  /** The new value; or the fields of a record, where `mapsRecord` is set. */
  readonly map: CompiledExpression | undefined;
  readonly mapsRecord: boolean;
  /** The new key. */
  readonly rekey: CompiledExpression | undefined;
  /** Headers that take the place of all of their name. */
  readonly setHeaders: readonly { readonly name: string; readonly value: CompiledExpression }[];
  /** Names of headers to leave out. */
  readonly dropHeaders: readonly string[];
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
  readonly #changesHeaders: boolean;
  readonly #replaced: ReadonlySet<string>;
  #topic: string | undefined;
  #scopeOf: ScopeOf | undefined;

  constructor(request: ChangeRequest) {
    const { map, rekey, setHeaders, dropHeaders, formats } = request;
    this.#request = request;
    const expressions = [map, rekey, ...setHeaders.map(({ value }) => value)].filter((each) => each !== undefined);
    if (expressions.length > 0) this.#fields = new StreamFields(formats);
    this.#readable = new ReadableFields(new Set(expressions.flatMap(({ uses }) => [...uses])), formats);
    this.#changesHeaders = setHeaders.length + dropHeaders.length > 0;
    this.#replaced = new Set([...dropHeaders, ...setHeaders.map(({ name }) => name)]);
  }

  /** To be called, and waited for if it is not undefined, before `apply` is called with a topic's records. */
  prepare(records: Pick<FetchedRecords, 'topic'>): Promise<unknown> | undefined {
    return this.#fields?.prepare(records);
  }

  /** Fills `bytes` and `partition`. @throws what expressions throw, for this record alone */
  apply(record: RecordView): void {
    this.bytes.at(record);
    this.partition = undefined;
    const scope = this.#scope(record);
    if (scope) {
      this.#readable.check(record, scope);
      this.#evaluate(scope);
    }
    if (this.#changesHeaders) this.#changeHeaders(record, scope);
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
    else if (map && this.bytes.valueStart >= 0) this.bytes.setValue(fieldBytes('--map', map.evaluate(scope)));
    if (rekey) this.bytes.setKey(fieldBytes('--rekey', rekey.evaluate(scope)));
  }

  /** Fields that the result does not name stay as they are. */
  #takeRecord(result: unknown): void {
    const { key, value, headers, timestamp, partition } = recordFields(result);
    if (key !== undefined) this.bytes.setKey(fieldBytes('key of --map', key));
    if (value !== undefined) this.bytes.setValue(fieldBytes('value of --map', value));
    if (headers !== undefined) {
      const all = headersOf('headers of --map', headers);
      this.bytes.setHeaders(all.length > 0 ? encodeHeaders(all) : undefined);
    }
    if (timestamp !== undefined) this.bytes.timestamp = timestampOf(timestamp);
    if (partition !== undefined) this.partition = partitionOf(partition);
  }

  #changeHeaders(record: RecordView, scope: RecordScope | undefined): void {
    const { bytes } = this;
    const isOwn = bytes.headers === record.bytes;
    const before = isOwn ? encodedHeaders(record) : bytes.headers;
    const added = scope ? this.#addedHeaders(scope) : [];
    if (before !== undefined || added.length > 0) bytes.setHeaders(replacedHeaders(before, this.#replaced, added));
  }

  #addedHeaders(scope: RecordScope): readonly RecordHeader[] {
    return this.#request.setHeaders.map(({ name, value }) => ({
      key: Buffer.from(name),
      value: fieldBytes(`--set-header ${name}`, value.evaluate(scope)),
    }));
  }
}
