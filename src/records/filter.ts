/** Which records are wanted: tests compiled once from what `--key`, `--value`, `--header` and `--where` say, the cheapest first. */
import type { TextPattern } from '../base/regex/plain.ts';
import type { FetchedRecords, RecordView } from '../kafka/batch/record.ts';
import { visitHeaders } from '../kafka/batch/record-headers.ts';
import { BatchSearch, type RangeTest } from './batch-search.ts';
import type { CompiledExpression } from './expression/compile.ts';
import { isForRecord } from './expression/failure.ts';
import { RecordFailures } from './expression/record-failures.ts';
import { RecordFields } from './expression/record-fields.ts';
import { makeSerde as jsonSerde } from './serde/json.ts';
import { checkDecoded, largestDecoded } from './serde/largest-decoded.ts';
import type { SchemaSerdes, Serde } from './serde/serde.ts';
import { type FieldSerdes, StreamSerdes } from './serde/stream-serdes.ts';
import { makeSerde as stringSerde } from './serde/string.ts';
import type { SerdeName } from './serde/table.ts';

export interface FilterRequest {
  /** Whether a record has the key that is looked for; undefined looks for none. */
  readonly isOfKey?: ((record: RecordView) => boolean) | undefined;
  /** What has to be in the text of the key, the value. */
  readonly key: TextPattern | undefined;
  readonly value: TextPattern | undefined;
  /** A header of that name whose value matches, or any value without a pattern; all of them have to be there. */
  readonly headers: readonly { readonly name: string; readonly pattern: TextPattern | undefined }[];
  /** Expressions that all have to hold. */
  readonly where: readonly CompiledExpression[];
  /** How keys and values are read. Undefined is `internal` for Kafka's own topics; else key text, and value JSON where it is JSON. */
  readonly keyFormat?: SerdeName | undefined;
  readonly valueFormat?: SerdeName | undefined;
  /** What reads fields with schemas; undefined where none are. */
  readonly schemas?: SchemaSerdes | undefined;
  /** Whether records on which a test fails pass, for a reader that looks at `failure`; else they are left out, and counted. */
  readonly keepsFailed?: boolean | undefined;
  /** Whether a record's fields can be read; records that cannot are left out. Undefined keeps them. */
  readonly isSound?: ((record: RecordView) => boolean) | undefined;
  /** What one batch may decompress to, in bytes (default 128 MiB). */
  readonly maxBatchBytes?: number | undefined;
}

type RecordTest = (record: RecordView) => boolean;

export class RecordFilter {
  /** How many records did not pass. */
  skipped = 0;
  /** How many did, where there is anything to test. */
  passed = 0;
  /** Why a test failed on the record that is being visited, where such records pass. */
  failure: unknown;
  readonly #request: FilterRequest;
  readonly #serdes: StreamSerdes;
  /** The largest field that is looked into, in bytes. */
  readonly #mostBytes: number;
  /** Compiled once for each pair of serdes; undefined where there is nothing to test. */
  readonly #tests = new Map<FieldSerdes, RecordTest | undefined>();
  readonly #failures = new RecordFailures();
  readonly #search = new BatchSearch();

  constructor(request: FilterRequest) {
    const { key, value, where, keyFormat, valueFormat, schemas, maxBatchBytes } = request;
    this.#request = request;
    this.#mostBytes = largestDecoded(maxBatchBytes);
    // Without a test that looks at a key or value no serde is loaded.
    const looksAtFields = key !== undefined || value !== undefined || where.length > 0;
    const formats = looksAtFields
      ? { keyFormat, valueFormat, schemas, maxBatchBytes }
      : { keyFormat: undefined, valueFormat: undefined };
    const defaults = { key: stringSerde(), value: jsonSerde(), showsMeaning: looksAtFields };
    this.#serdes = new StreamSerdes(formats, defaults);
  }

  /** To be called, and waited for if it is not undefined, before `apply` is called with a batch. */
  prepare({ topic }: FetchedRecords): Promise<unknown> | undefined {
    const serdes = this.#serdes.of(topic);
    return serdes instanceof Promise ? serdes : undefined;
  }

  /** The records that pass every test. */
  apply(records: FetchedRecords): FetchedRecords {
    const test = this.#testOf(records.topic);
    if (test === undefined) return records;
    return {
      topic: records.topic,
      each: (visit) => {
        this.#search.begin();
        // One function for all of it: each more that is called for every record is compiled with all that it calls.
        records.each((record) => {
          this.failure = undefined;
          let passes: boolean;
          try {
            passes = test(record);
          } catch (error) {
            passes = this.#passesFailed(error, record);
          }
          if (passes) {
            this.passed++;
            return visit(record);
          }
          this.skipped++;
          return undefined;
        });
      },
    };
  }

  /** On how many records a test failed, and why on the first; undefined when on none. */
  get failures(): string | undefined {
    const { where, value } = this.#request;
    return this.#failures.told(where.length > 0 ? '--where' : value ? '--value' : '--key or --header');
  }

  #testOf(topic: string): RecordTest | undefined {
    const serdes = this.#serdes.of(topic);
    if (serdes instanceof Promise) throw new Error('apply was called before prepare');
    if (!this.#tests.has(serdes)) this.#tests.set(serdes, this.#compile(serdes));
    return this.#tests.get(serdes);
  }

  #compile(serdes: FieldSerdes): RecordTest | undefined {
    const { isOfKey, key, value, headers, where, isSound } = this.#request;
    const most = this.#mostBytes;
    const tests: RecordTest[] = [];
    if (isOfKey) tests.push(isOfKey);
    if (isSound) tests.push(isSound);
    if (key) {
      const matches = textTest(serdes.key, key, literalWithin, most);
      tests.push(({ bytes, keyStart, keyEnd }) => keyStart >= 0 && matches(bytes, keyStart, keyEnd));
    }
    for (const { name, pattern } of headers) tests.push(headerTest(name, pattern, most));
    if (value) {
      const matches = textTest(serdes.value, value, (wanted) => this.#search.test(wanted), most);
      tests.push(({ bytes, valueStart, valueEnd }) => valueStart >= 0 && matches(bytes, valueStart, valueEnd));
    }
    if (where.length > 0) tests.push(this.#expressionTest(serdes));
    const { at } = serdes;
    const [only] = tests;
    if (only === undefined) return undefined;
    if (!at) return tests.length === 1 ? only : (record) => tests.every((test) => test(record));
    return (record) => {
      at(record);
      return tests.every((test) => test(record));
    };
  }

  /** Whether all expressions hold. The test throws what they throw. */
  #expressionTest(serdes: FieldSerdes): RecordTest {
    const { where } = this.#request;
    const most = this.#mostBytes;
    const fields = new RecordFields(serdes, most);
    const holds = (record: RecordView): boolean => {
      fields.at(record);
      for (let index = 0; index < where.length; index++) if (!where[index]!.evaluate(fields)) return false;
      return true;
    };
    // Of the first alone: behind another one it would not be known whether that fails.
    const needs = serdes.value.isJsonOrText ? where[0]?.needs : undefined;
    if (!needs) return holds;
    const search = this.#search.values(needs);
    return (record) => {
      const { bytes, valueStart, valueEnd } = record;
      const isSearched = valueStart >= 0 && valueEnd - valueStart <= most;
      return (!isSearched || search.mayHold(bytes, valueStart, valueEnd)) && holds(record);
    };
  }

  /** A record on which a test fails, such as `value.trim()` of a number, does not pass, and is counted; or it passes with its failure. */
  #passesFailed(error: unknown, record: RecordView): boolean {
    const { keepsFailed = false } = this.#request;
    if (!keepsFailed) this.#failures.add(error, record);
    else if (isForRecord(error)) this.failure = error;
    else throw error;
    return keepsFailed;
  }
}

/** Whether a field's text matches; bytes that the serde cannot read never do. */
function textTest(
  { text, isElseText, isPlain }: Serde,
  pattern: TextPattern,
  literal: (wanted: Buffer) => RangeTest,
  mostBytes: number,
): RangeTest {
  if (text === undefined) return rangeTest(pattern, literal, mostBytes);
  return (bytes, start, end) => {
    checkDecoded(end - start, mostBytes);
    const found = isPlain?.(start, end) ? undefined : text(bytes, start, end);
    if (found !== undefined) return pattern.test(found);
    return (isElseText || isPlain?.(start, end)) === true && pattern.test(bytes.toString('utf8', start, end));
  };
}

function headerTest(name: string, pattern: TextPattern | undefined, mostBytes: number): RecordTest {
  const wanted = Buffer.from(name);
  const matches: RangeTest = pattern ? rangeTest(pattern, literalWithin, mostBytes) : () => true;
  let found = false;
  const visit = (bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): boolean => {
    if (keyEnd - keyStart !== wanted.length || wanted.compare(bytes, keyStart, keyEnd) !== 0) return true;
    found = pattern === undefined || (valueStart >= 0 && matches(bytes, valueStart, valueEnd));
    return !found;
  };
  return (record) => {
    found = false;
    if (record.headerCount > 0) visitHeaders(record, visit);
    return found;
  };
}

/** Whether text in a range matches; larger than `mostBytes` it is not looked into. For a pattern without special characters the bytes are searched, and no text is made. U+FFFD is special: in a text it also stands for bytes that are none. */
function rangeTest(pattern: TextPattern, literal: (wanted: Buffer) => RangeTest, mostBytes: number): RangeTest {
  const source = pattern.source.replaceAll('\\/', '/');
  if (pattern.flags === '' && !/[\\^$.*+?()[\]{}|\uFFFD]/.test(source)) return literal(Buffer.from(source));
  return (bytes, start, end) => {
    checkDecoded(end - start, mostBytes);
    return pattern.test(bytes.toString('utf8', start, end));
  };
}

/** For keys and headers, which are short: nothing outside the range is searched. */
function literalWithin(wanted: Buffer): RangeTest {
  const [first] = wanted;
  return (bytes, start, end) => {
    for (let at = start; at + wanted.length <= end; at++) {
      if (bytes[at] === first && wanted.compare(bytes, at, at + wanted.length) === 0) return true;
    }
    return first === undefined;
  };
}
