/**
 * Records with schemas of all formats, named in every way that kt knows, sound and damaged: what is sound is shown as it is, what cannot be read
 * is told, and filters see what is shown. `node --import tsx test/fuzz/framed.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { compileExpression } from '../../src/records/expression/compile.ts';
import { RecordFields } from '../../src/records/expression/record-fields.ts';
import { type LoadOptions, loadSchema, loadWritable } from '../../src/records/schemas/load-schema.ts';
import { RecordSchemas } from '../../src/records/schemas/record-schemas.ts';
import type { WritableSchema } from '../../src/records/schemas/writer.ts';
import { makeSerde as stringSerde } from '../../src/records/serde/string.ts';
import type { CompiledSchema } from '../../src/schemas/compiled-schema.ts';
import { SchemaDataError } from '../../src/schemas/data-error.ts';
import type { SchemaType } from '../../src/schemas/registry/schema.ts';
import { fetched, type Written } from '../support/fetched.ts';
import { randomMessage } from '../support/protobuf/random-message.ts';
import { below, pick, type Random, randomSchema } from '../support/protobuf/random-schema.ts';
import { RandomAvro } from '../support/random-avro.ts';
import { damaged } from './damage.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

const recordsPerSchema = 200;
const mostBytes = 300_000_000;
const options: LoadOptions = { style: { rawLogical: false, avroJson: false }, readerSchema: undefined };

/** A schema of the registry, by its id, and data for it. */
interface Known {
  readonly id: number;
  readonly type: SchemaType;
  readonly text: string;
  datum(): Datum;
}

interface Datum {
  readonly data: Buffer;
  /** Which message it is. */
  readonly indexes: Buffer;
  readonly compiled: CompiledSchema;
}

interface Told {
  sound: number;
  read: number;
  refused: number;
}

async function avroOf(random: Random): Promise<Known> {
  const made = new RandomAvro(random);
  // Where all of the schema is bytes, data of a registry has no length.
  let schema = made.schema();
  while (typeof schema === 'string' || JSON.stringify(schema).startsWith('{"type":"bytes"')) schema = made.schema();
  const text = JSON.stringify(schema);
  const { compiled, indexes } = await loadWritable({ type: 'AVRO', text, references: [] }, undefined);
  return { id: 1, type: 'AVRO', text, datum: () => ({ data: made.datum(schema), indexes, compiled }) };
}

async function protobufOf(random: Random): Promise<Known> {
  const { text, messages, registry } = randomSchema(random);
  const writable = new Map<string, WritableSchema>();
  for (const { typeName } of messages)
    writable.set(typeName, await loadWritable({ type: 'PROTOBUF', text, references: [] }, typeName));
  const datum = (): Datum => {
    const desc = pick(random, messages);
    const { compiled, indexes } = writable.get(desc.typeName)!;
    return { data: Buffer.from(randomMessage(random, desc, registry, { isOdd: random() < 0.5 })), indexes, compiled };
  };
  return { id: 2, type: 'PROTOBUF', text, datum };
}

async function jsonOf(random: Random): Promise<Known> {
  const text = '{"type":"object"}';
  const { compiled, indexes } = await loadWritable({ type: 'JSON', text, references: [] }, undefined);
  const values = ['1', '"é"', '9007199254740993', '{"b":[1,{"a":2}]}', 'null', '1e400', '"\\ud83d\\ude00"', '{"a":{"b":true}}'];
  const datum = (): Datum => {
    const blank = pick(random, ['', ' ', '\n\t']);
    const members = ['a', 'b', 'c', 'a'].slice(0, below(random, 5)).map((name) => `"${name}":${blank}${pick(random, values)}`);
    return { data: Buffer.from(`${blank}{${members.join(`,${blank}`)}}`), indexes, compiled };
  };
  return { id: 3, type: 'JSON', text, datum };
}

const guidOf = (id: number): Buffer => Buffer.alloc(16, id);
const idBytes = (length: 4 | 8, id: number): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(id, length - 4);
  return bytes;
};

/** The same datum, named in front of it or in a header. */
function namedIn(random: Random, { id, type }: Known, { data, indexes }: Datum): Written {
  const first = indexes.length === 0 || indexes.equals(Buffer.of(0));
  const ways: (() => Written)[] = [
    () => ({ value: Buffer.concat([Buffer.of(0), idBytes(4, id), indexes, data]) }),
    () => ({ value: Buffer.concat([Buffer.of(1), guidOf(id), indexes, data]) }),
    () => ({ value: data, headers: [['__value_schema_id', Buffer.concat([Buffer.of(1), guidOf(id), indexes])]] }),
    () => ({ value: data, headers: [['__value_schema_id', Buffer.concat([Buffer.of(0), idBytes(4, id), indexes])]] }),
  ];
  if (type !== 'PROTOBUF') ways.push(() => ({ value: Buffer.concat([Buffer.of(0), idBytes(8, id), data]) }));
  if (first) ways.push(() => ({ value: data, headers: [['apicurio.value.contentId', idBytes(8, id)]] }));
  return pick(random, ways)();
}

function damagedRecord(random: Random, { value, headers = [] }: Written): Written {
  const hit = (bytes: string | Buffer | null) => damaged(Buffer.from(bytes!), random);
  if (headers.length === 0 || random() < 0.7) return { value: hit(value!), headers };
  return { value: value!, headers: headers.map(([name, bytes]) => [name, hit(bytes)] as const) };
}

/** What is shown for a datum; undefined for one that does not fit. */
function shownAs({ data, compiled }: Datum): string | undefined {
  const sink = new ByteSink(64);
  try {
    compiled.writeJson(data, 0, data.length, sink);
    return sink.buf.toString('utf8', 0, sink.length);
  } catch (error) {
    if (error instanceof SchemaDataError) return undefined;
    throw error;
  }
}

function schemasOf(known: readonly Known[], notes: string[]): RecordSchemas {
  const loaded = new Map(known.map((each) => [each.id, each]));
  return new RecordSchemas({
    fields: { value: 'schema' },
    async lookUp(named) {
      const { kind } = named;
      const id = kind === 'guid' ? Number.parseInt(named.id.slice(0, 2), 16) : Number(named.id);
      const isWhole = kind !== 'guid' || named.id.replaceAll('-', '') === guidOf(id).toString('hex');
      const found = isWhole ? loaded.get(id) : undefined;
      if (!found || kind === 'fingerprint' || kind === 'glue') return { why: 'nobody has it' };
      return loadSchema({ type: found.type, text: found.text, references: [], id }, named, options);
    },
    given: {},
    onDecodeError: 'raw',
    note: (text) => void notes.push(text),
  });
}

/** @throws AssertionError that names the seed, for the first record that is shown wrong, or not shown without a word */
export async function fuzzFramed(count: number, seed: number): Promise<Told> {
  const random = randomOf(seed);
  const told: Told = { sound: 0, read: 0, refused: 0 };
  const { evaluate } = await compileExpression('--where', 'value.a');
  for (let left = count; left > 0; left -= recordsPerSchema) {
    const known = await Promise.all([avroOf(random), protobufOf(random), jsonOf(random)]);
    const notes: string[] = [];
    const schemas = schemasOf(known, notes);
    const wanted: { readonly json: string | undefined; readonly isSound: boolean }[] = [];
    const records = fetched(
      Array.from({ length: Math.min(left, recordsPerSchema) }, () => {
        const schema = pick(random, known);
        const datum = schema.datum();
        const isSound = random() < 0.2;
        wanted.push({ json: shownAs(datum), isSound });
        const record = namedIn(random, schema, datum);
        return isSound ? record : damagedRecord(random, record);
      }),
    );
    await schemas.prepare(records);
    const serde = schemas.serde('value')!;
    const fields = new RecordFields({ key: stringSerde(), value: serde });
    let refused = 0;
    records.each((record) => {
      const { bytes, valueStart, valueEnd, offset } = record;
      const { json, isSound } = wanted[offset]!;
      const shown = () =>
        `seed ${seed}: ${bytes.toString('hex', valueStart, valueEnd)}\n${known.map(({ text }) => text).join('\n')}`;
      serde.at!(record);
      fields.at(record);
      const part = evaluate(fields);
      const text = serde.text!(bytes, valueStart, valueEnd);
      const unread = serde.unread!();
      if (isSound) assert.equal(text, json, shown());
      assert.equal(text === undefined, unread !== undefined, shown());
      if (text !== undefined) JSON.parse(text);
      if (unread !== undefined && unread !== 'unnamed') refused++;
      const whole = serde.decode(bytes, valueStart, valueEnd);
      const isObject = typeof whole === 'object' && whole !== null && Object.hasOwn(whole, 'a');
      assert.deepEqual(part, isObject ? (whole as { readonly a: unknown }).a : undefined, shown());
      told[isSound ? 'sound' : text === undefined ? 'refused' : 'read']++;
    });
    assert.equal(refused > 0, notes.length > 0, `seed ${seed}: ${notes.join('\n')}`);
  }
  return told;
}

await runIfStarted(import.meta.filename, 1_000_000, async (count, seed) => {
  const { sound, read, refused } = await fuzzFramed(count, seed);
  // Of the whole run, in KiB.
  const peak = process.resourceUsage().maxRSS * 1024;
  assert.ok(peak < mostBytes, `${peak} bytes of memory`);
  const megabytes = Math.round(peak / 1e6);
  return `${sound} sound ones shown, ${read} damaged ones read, ${refused} refused or without a schema, ${megabytes} MB`;
});
