/**
 * Records made at random in batches of every codec, and filters for them: those pass that pass when each is decoded as a whole, and as many fail,
 * however batches are searched. `node --import tsx test/fuzz/searches.ts [COUNT] [SEED]`, and the same with bun. Counts records, not batches.
 */
import assert from 'node:assert/strict';
import { RecordBatches } from '../../src/kafka/batch/reader.ts';
import { encodeHeaders } from '../../src/kafka/batch/record-headers.ts';
import { BatchWriter } from '../../src/kafka/batch/writer.ts';
import { compressionNames, prepareCodecs } from '../../src/kafka/compression/index.ts';
import { type CompiledExpression, compileExpression } from '../../src/records/expression/compile.ts';
import { isForRecord } from '../../src/records/expression/failure.ts';
import type { RecordScope } from '../../src/records/expression/scope.ts';
import { RecordFilter } from '../../src/records/filter.ts';
import { loadSchema, loadWritable } from '../../src/records/schemas/load-schema.ts';
import { RecordSchemas } from '../../src/records/schemas/record-schemas.ts';
import { makeSerde as jsonSerde } from '../../src/records/serde/json.ts';
import { fieldsOf } from '../support/record-fields.ts';
import { JsonMaker } from './json-fields.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

/** What is looked for, and what looks like it. */
const texts = [
  'DE',
  'de',
  'a',
  'sent',
  'Émile',
  '1',
  'true',
  'a,b',
  '[object Object]',
  'toString',
  '',
  'q"',
  'x/y',
  '😀',
  '\u2028',
];
const odd = [
  '{"toString":1}',
  '{"toString":"DE","valueOf":1}',
  '{"toStrin\\u0067":2}',
  '[{"toString":null}]',
  '1e2',
  '100',
  '1.0',
  '-0',
  'null',
];
const fields = ['a', 'b', 'user', 'amount', 'length', '0', 'toString', '__proto__'];

class SearchMaker extends JsonMaker {
  /** What a stream is about, mostly: otherwise what is looked for would hardly ever be there. */
  #texts: readonly string[] = texts;
  #fields: readonly string[] = fields;

  begin(): void {
    this.#texts = [this.of(texts), this.of(texts)];
    this.#fields = [this.of(fields), this.of(fields)];
  }

  text(): string {
    const text = this.of(this.random() < 0.8 ? this.#texts : texts);
    return this.of([JSON.stringify(text), JSON.stringify(text), `'${text.replace(/["\\\n\u2028]/g, '')}'`]);
  }

  field(): string {
    const name = this.of(this.random() < 0.8 ? this.#fields : fields);
    const before = this.of(['value', 'value', 'value', 'value.user', 'value?.user', 'value["a"]']);
    return before + (/^\d/.test(name) ? `["${name}"]` : `${this.of(['.', '?.'])}${name}`);
  }

  /** A field compared with a text, as a search can use it. */
  compared(): string {
    const [field, text] = [this.field(), this.text()];
    const operator = this.of(['===', '===', '==']);
    return this.random() < 0.8 ? `${field} ${operator} ${text}` : `${text} ${operator} ${field}`;
  }

  /** What can be said of a record before or behind that. */
  other(): string {
    const [field, text] = [this.field(), this.text()];
    return this.of([
      () =>
        `${field} ${this.of(['<', '>', '<=', '>=', '!=', '!==', '==', '==='])} ${this.of(['0', '1.5', '100', text, this.field()])}`,
      () =>
        `${this.of(['offset', 'timestamp', 'partition', 'topic'])} ${this.of(['>', '<=', '!=', '!=='])} ${this.of(['1', '5', '"o"'])}`,
      () => `key ${this.of(['===', '<', '=='])} ${text}`,
      () => `headers.h ${this.of(['===', '!='])} ${text}`,
      () => `${text} in ${this.of(['value', field, 'headers'])}`,
      () => `${this.of(['/D/', '/^[A-Z]+$/', '/é/i', '/\\//'])}.test(${this.of([field, 'key', 'value'])})`,
      () => `${field}.${this.of(['trim()', 'toLowerCase()', 'at(0)', 'slice(0, 2)', 'toString()', 'join()'])} == ${text}`,
      () => `[${text}, ${this.text()}].includes(${field})`,
      () => `\`\${${field}}\` === ${text}`,
      () => `${field} + "" == ${text}`,
      () => `+${field} ${this.of(['>', '=='])} ${this.of(['1', '100'])}`,
      () => `value ${this.of(['===', '=='])} ${this.of([text, 'null'])}`,
      () => `${field}${this.of(['.some', '.every'])}(${this.of(['each', 'value'])} => value === ${text})`,
      () => `typeof ${field} === "string"`,
      () => `Object.keys(value).length > 1`,
      () => this.expression(2),
    ])();
  }

  filter(depth: number): string {
    const inner = (): string => this.filter(depth - 1);
    const kind = depth <= 0 ? this.upTo(4) : this.upTo(12);
    if (kind < 3) return this.compared();
    if (kind === 3) return this.other();
    if (kind < 7) return `${inner()} && ${inner()}`;
    if (kind < 9) return `(${inner()} || ${inner()})`;
    if (kind === 9) return `(${inner()})`;
    if (kind === 10) return `!(${inner()})`;
    return `(${inner()} ? ${inner()} : ${inner()})`;
  }

  /** Most often one that cannot hold without some texts. */
  search(): string {
    const first = this.of([
      () => this.compared(),
      () => `(${this.compared()} || ${this.compared()})`,
      () =>
        `${this.field()} ${this.of(['<', '>=', '!=', '=='])} ${this.of(['1', this.text(), this.field()])} && ${this.compared()}`,
      () => `((${this.compared()} && ${this.other()}) || ${this.compared()})`,
      () => this.filter(3),
    ])();
    return this.of([first, `${first} && ${this.filter(2)}`, `${first} || ${this.filter(2)}`]);
  }

  /** A text that is looked for, as it is or spelled with escapes, or in lists. */
  near(): string {
    const json = JSON.stringify(this.of(this.#texts));
    const spelled = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return this.of([
      () => json,
      () => json,
      () => json.replace(/(?<=")[^"\\]/, spelled),
      () => json.replace('/', '\\/'),
      () => `[${json}]`,
      () => `[[${json}]]`,
      () => `[null,${json}]`,
      () => this.of(odd),
      () => `{"${this.of(this.#fields)}":${json}}`,
      () => `${json},"${this.of(this.#fields)}":${this.scalar()}`,
    ])();
  }

  override scalar(): string {
    return this.random() < 0.3 ? this.of(odd) : super.scalar();
  }

  /** An object with what is looked for, or with what looks like it. */
  about(): string {
    const members = Array.from({ length: 1 + this.upTo(3) }, () => `"${this.of(this.#fields)}":${this.near()}`).join();
    return this.of([`{${members}}`, `{${members}}`, `{"user":{${members}}}`, `{"a":{${members}}}`]);
  }

  /** Most look alike, and have none of what is looked for. */
  bytes(): Buffer | null {
    const kind = this.upTo(40);
    if (kind === 0) return null;
    if (kind === 1) {
      const [text, about] = [this.of(this.#texts), this.about()];
      return Buffer.from(this.of(['', text, `"${text}"`, `["${text}"]`, `\ufeff${about}`, about.slice(0, -1), ` ${about}\n`]));
    }
    if (kind === 2) return Buffer.from(Array.from({ length: this.upTo(30) }, () => this.upTo(256)));
    const dull = `{"${this.of(this.#fields)}":"dull","user":{"b":${this.upTo(1000)}}}`;
    const json = Buffer.from(kind < 25 ? dull : kind < 33 ? this.about() : this.document());
    return kind === 3 || kind > 36 ? this.damaged(json) : json;
  }
}

interface Made {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: Buffer; readonly value: Buffer | null }[];
}

const schemaTexts = {
  1: {
    type: 'AVRO',
    text: '{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"amount","type":"double"}]}',
  },
  2: { type: 'PROTOBUF', text: 'syntax = "proto3"; message R { string a = 1; double amount = 2; }' },
  3: { type: 'JSON', text: '{}' },
} as const;

/** Records that name a schema, and what a filter reads them with. */
async function framing() {
  const writable = await Promise.all(
    Object.values(schemaTexts).map(({ type, text }) => loadWritable({ type, text, references: [] }, undefined)),
  );
  const options = { style: { rawLogical: false, avroJson: false }, readerSchema: undefined };
  const open = () =>
    new RecordSchemas({
      fields: { value: 'schema' },
      async lookUp(named) {
        const known = named.kind === 'id' ? schemaTexts[Number(named.id) as 1] : undefined;
        if (!known) return { why: 'nobody has it' };
        return loadSchema({ type: known.type, text: known.text, references: [], id: Number(named.id) }, named, options);
      },
      given: {},
      onDecodeError: 'raw',
      note() {},
    });
  const framed = (maker: SearchMaker, json: Buffer): Buffer => {
    const id = 1 + maker.upTo(3);
    const { compiled, indexes } = writable[id - 1]!;
    const simple = () => compiled.encode(JSON.stringify({ a: maker.of(texts), amount: maker.upTo(200) }));
    return Buffer.concat([Buffer.of(0, 0, 0, 0, id), indexes, id === 3 ? json : simple()]);
  };
  return { open, framed };
}

function packed(records: readonly Made[], codec: (typeof compressionNames)[number]): RecordBatches {
  const writer = new BatchWriter();
  for (const { key, value, headers } of records)
    writer.append({
      ...fieldsOf(key, value),
      headers: headers.length > 0 ? encodeHeaders(headers) : undefined,
      timestamp: 1_700_000_000_000,
    });
  // What lies behind the records is not theirs.
  const bytes = Buffer.concat([writer.finish(codec), Buffer.from('"DE"\\"toString"')]);
  return new RecordBatches({ topic: 'orders', partition: 2, records: bytes, startOffset: 0n });
}

interface Outcome {
  readonly passed: number[];
  failed: number;
}

/** Each record decoded as a whole, and nothing read that is not asked for. */
function wanted(
  records: readonly Made[],
  where: readonly CompiledExpression[],
  decode: (value: Buffer, record: Made) => unknown,
  isWanted: (record: Made) => boolean,
): Outcome {
  const outcome: Outcome = { passed: [], failed: 0 };
  for (const [offset, record] of records.entries()) {
    const headers = Object.create(null) as Record<string, string | null>;
    for (const { key, value } of record.headers) headers[key.toString()] = value?.toString() ?? null;
    const key = record.key?.toString() ?? null;
    const value = record.value && decode(record.value, record);
    const scope = { key, value, headers, topic: 'orders', partition: 2, offset, timestamp: 1_700_000_000_000 };
    try {
      if (isWanted(record) && where.every(({ evaluate }) => evaluate(scope as RecordScope))) outcome.passed.push(offset);
    } catch (error) {
      if (!isForRecord(error)) throw error;
      outcome.failed++;
    }
  }
  return outcome;
}

function failedOf({ failures = '' }: RecordFilter): number {
  return Number(/ failed on (\d+) record/.exec(failures)?.[1] ?? 0);
}

/** @returns how many records passed, how many did not, and of how many batches a search was told what expressions need */
export async function fuzzSearches(count: number, seed: number): Promise<{ passed: number; left: number; searched: number }> {
  const maker = new SearchMaker(randomOf(seed));
  await prepareCodecs(31);
  const { open, framed } = await framing();
  const told = { passed: 0, left: 0, searched: 0 };
  for (let done = 0; done < count; ) {
    maker.begin();
    const literal = maker.random() < 0.2 ? new RegExp(maker.of(['DE', 'é', 'a":"', 'user', '/y'])) : undefined;
    const sources = Array.from({ length: maker.of(literal ? [0, 0, 1] : [1, 1, 2]) }, () => maker.search());
    const where = await Promise.all(sources.map((source) => compileExpression('--where', source)));
    const schemas = !literal && maker.random() < 0.2 ? open() : undefined;
    const filter = new RecordFilter({
      key: undefined,
      value: literal,
      headers: [],
      where,
      valueFormat: schemas ? undefined : maker.of([undefined, 'json' as const]),
      schemas,
    });
    for (let batches = 1 + maker.upTo(3); batches > 0; batches--) {
      const records = Array.from({ length: 1 + maker.upTo(maker.of([5, 60, 400])) }, (): Made => {
        const value = maker.bytes();
        const headers =
          maker.random() < 0.9 ? [] : [{ key: Buffer.from('h'), value: maker.of([null, Buffer.from(maker.of(texts))]) }];
        return {
          key: maker.of([null, Buffer.from(maker.of(texts))]),
          value: schemas && value && maker.random() < 0.7 ? framed(maker, value) : value,
          headers,
        };
      });
      const batch = packed(records, maker.of(compressionNames));
      const found: number[] = [];
      await schemas?.prepare(batch);
      await filter.prepare(batch);
      const before = filter.skipped;
      const failedBefore = failedOf(filter);
      filter.apply(batch).each(({ offset }) => void found.push(offset));
      const serde = schemas?.serde('value') ?? jsonSerde();
      const expected = wanted(
        records,
        where,
        (value, record) => {
          serde.at?.({ bytes: value, headerCount: 0, headersStart: 0, ...record } as never);
          return serde.decode(value, 0, value.length);
        },
        ({ value }) => !literal || (value !== null && literal.test(value.toString())),
      );
      const shown = () => {
        const wrong = [...found, ...expected.passed].find((at) => found.includes(at) !== expected.passed.includes(at))!;
        return `seed ${seed}: ${sources.join('\n')}\n${literal}\n${records[wrong]?.value?.toString('latin1')}`;
      };
      assert.deepEqual(found, expected.passed, shown());
      assert.equal(failedOf(filter) - failedBefore, expected.failed, shown());
      assert.equal(filter.skipped - before, records.length - found.length, shown());
      told.passed += found.length;
      told.left += records.length - found.length;
      if (!schemas && where[0]?.needs) told.searched++;
      done += records.length;
    }
  }
  return told;
}

await runIfStarted(import.meta.filename, 2_000_000, async (count, seed) => {
  const { passed, left, searched } = await fuzzSearches(count, seed);
  return `${passed} records passed, ${left} did not; ${searched} batches were searched`;
});
