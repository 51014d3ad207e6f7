/** What a pipe changes of a record's headers: those that are asked for, and those that name a schema which the record no longer has. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { encodedHeaders, type RecordHeader, replacedHeaders, visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { ViewBytes } from '../../kafka/batch/view-bytes.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import type { RecordScope } from '../expression/scope.ts';
import { isStaleHeader } from '../schemas/framing/field-headers.ts';
import type { SchemaWriters } from '../schemas/writer.ts';
import { fieldBytes } from './written-values.ts';

export interface HeaderRequest {
  /** Headers that take the place of all of their name. */
  readonly setHeaders: readonly { readonly name: string; readonly value: CompiledExpression }[];
  /** Names of headers to leave out. */
  readonly dropHeaders: readonly string[];
  /** What keys and values are written with: a schema may be named in a header. */
  readonly schemas: SchemaWriters;
}

type HeaderTest = (name: string, value: Buffer | null) => boolean;

const fields = ['key', 'value'] as const;

export class HeaderChange {
  readonly #request: HeaderRequest;
  readonly #replaced: ReadonlySet<string>;

  constructor(request: HeaderRequest) {
    this.#request = request;
    this.#replaced = new Set([...request.dropHeaders, ...request.setHeaders.map(({ name }) => name)]);
  }

  /**
   * Changes the headers of a record whose key and value were changed already: what has other bytes than before is no longer what a header
   * says that it is.
   * @param scope what expressions see; undefined where there are none
   * @throws what expressions throw
   */
  apply(record: RecordView, bytes: ViewBytes, scope: RecordScope | undefined): void {
    if (this.#replaced.size === 0 && bytes.key === record.bytes && bytes.value === record.bytes) return;
    const written = fields.filter((field) => bytes[field] !== record.bytes);
    const added = this.#added(scope, written);
    if (bytes.headers === undefined && added.length === 0) return;
    const { schemas } = this.#request;
    const isStale: HeaderTest = (name, value) =>
      written.some((field) => isStaleHeader(field, schemas[field] !== undefined, name, value));
    // Headers that an expression gave are its own, unless it took them over.
    const isOwn = bytes.headers !== record.bytes;
    const isLeftOut: HeaderTest = (name, value) =>
      this.#replaced.has(name) || (isStale(name, value) && (!isOwn || hasHeader(record, isSame(name, value))));
    if (!isOwn && added.length === 0 && this.#replaced.size === 0 && !hasHeader(record, isStale)) return;
    bytes.setHeaders(replacedHeaders(isOwn ? bytes.headers : encodedHeaders(record), isLeftOut, added));
  }

  #added(scope: RecordScope | undefined, written: readonly (typeof fields)[number][]): readonly RecordHeader[] {
    const { setHeaders, schemas } = this.#request;
    const set = setHeaders.map(({ name, value }) => ({
      key: Buffer.from(name),
      value: fieldBytes(`--set-header ${name}`, value.evaluate(scope!)),
    }));
    return [...set, ...written.flatMap((field) => schemas[field]?.header ?? [])];
  }
}

/** Whether a record was read with such a header. */
function hasHeader(record: RecordView, test: HeaderTest): boolean {
  let isThere = false;
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    isThere ||= test(bytes.toString('utf8', keyStart, keyEnd), valueStart < 0 ? null : bytes.subarray(valueStart, valueEnd));
  });
  return isThere;
}

function isSame(name: string, value: Buffer | null): HeaderTest {
  return (other, its) => other === name && (value === null ? its === null : its !== null && value.equals(its));
}
