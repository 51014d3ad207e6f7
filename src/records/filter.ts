/** Which records are wanted: tests compiled once from what `--key`, `--value`, `--header` and `--where` say, the cheapest first. */
import { KtError } from '../base/errors.ts';
import type { FetchedRecords, RecordView } from '../kafka/batch/record.ts';
import { visitHeaders } from '../kafka/batch/record-headers.ts';
import { recordExpression } from './expression.ts';

export interface FilterRequest {
  /** Text that has to be in the key, the value. */
  readonly key: RegExp | undefined;
  readonly value: RegExp | undefined;
  /** A header of that name whose value matches, or any value without a pattern; all of them have to be there. */
  readonly headers: readonly { readonly name: string; readonly pattern: RegExp | undefined }[];
  /** JavaScript expressions that all have to hold. */
  readonly where: readonly string[];
}

type RecordTest = (record: RecordView) => boolean;
type RangeTest = (bytes: Buffer, start: number, end: number) => boolean;

export class RecordFilter {
  readonly #tests: readonly RecordTest[];
  #failures = 0;
  #firstFailure = '';

  /** @throws KtError `usage` for an expression that is none */
  constructor({ key, value, headers, where }: FilterRequest) {
    const tests: RecordTest[] = [];
    if (key) {
      const matches = rangeTest(key, literalWithin);
      tests.push(({ bytes, keyStart, keyEnd }) => keyStart >= 0 && matches(bytes, keyStart, keyEnd));
    }
    for (const { name, pattern } of headers) tests.push(headerTest(name, pattern));
    if (value) {
      const matches = rangeTest(value, literalAhead);
      tests.push(({ bytes, valueStart, valueEnd }) => valueStart >= 0 && matches(bytes, valueStart, valueEnd));
    }
    for (const source of where) tests.push(this.#expressionTest(source));
    this.#tests = tests;
  }

  /** The records that pass every test. */
  apply(records: FetchedRecords): FetchedRecords {
    const tests = this.#tests;
    if (tests.length === 0) return records;
    const only = tests[0]!;
    const passes: RecordTest = tests.length === 1 ? only : (record) => tests.every((test) => test(record));
    return {
      topic: records.topic,
      each: (visit) => records.each((record) => (passes(record) ? visit(record) : undefined)),
    };
  }

  /** On how many records an expression failed, and why on the first; undefined when on none. */
  get failures(): string | undefined {
    if (this.#failures === 0) return undefined;
    const records = this.#failures === 1 ? '1 record, which was' : `${this.#failures} records, which were`;
    return `--where failed on ${records} left out (${this.#firstFailure})`;
  }

  /** A record on which an expression fails, such as `value.amount` of a tombstone, does not pass, and is counted. */
  #expressionTest(source: string): RecordTest {
    const evaluate = recordExpression('--where', source);
    return (record) => {
      try {
        return Boolean(evaluate(record));
      } catch (error) {
        if (error instanceof KtError) throw error;
        if (this.#failures++ === 0) {
          const { topic, partition, offset } = record;
          this.#firstFailure = `first: ${topic}:${partition} at offset ${offset}: ${error instanceof Error ? error.message : error}`;
        }
        return false;
      }
    };
  }
}

function headerTest(name: string, pattern: RegExp | undefined): RecordTest {
  const wanted = Buffer.from(name);
  const matches: RangeTest = pattern ? rangeTest(pattern, literalWithin) : () => true;
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

/** Whether text in a range matches: of a pattern without special characters the bytes are searched, and no text is made. */
function rangeTest(pattern: RegExp, literal: (wanted: Buffer) => RangeTest): RangeTest {
  const source = pattern.source.replaceAll('\\/', '/');
  if (pattern.flags === '' && !/[\\^$.*+?()[\]{}|]/.test(source)) return literal(Buffer.from(source));
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (bytes, start, end) => stateless.test(bytes.toString('utf8', start, end));
}

/** For keys and headers, which are short: nothing outside of the range is looked at. */
function literalWithin(wanted: Buffer): RangeTest {
  const [first] = wanted;
  return (bytes, start, end) => {
    for (let at = start; at + wanted.length <= end; at++) {
      if (bytes[at] === first && wanted.compare(bytes, at, at + wanted.length) === 0) return true;
    }
    return first === undefined;
  };
}

/**
 * For values: searches once per batch rather than once per record. Records are asked in the order in which they lie, so the next hit that was
 * found stays the next one until a range reaches it.
 */
function literalAhead(wanted: Buffer): RangeTest {
  let searched: Buffer | undefined;
  let from = 0;
  let hit = -1;
  return (bytes, start, end) => {
    if (bytes !== searched || start < from || start > hit) {
      searched = bytes;
      from = start;
      hit = bytes.indexOf(wanted, start);
      if (hit < 0) hit = Number.POSITIVE_INFINITY;
    }
    return hit + wanted.length <= end;
  };
}
