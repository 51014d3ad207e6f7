/** Records read with the schemas they name: what is looked up, what is shown, and what is told of the rest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import type { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import { RecordFields } from '../../../../src/records/expression/record-fields.ts';
import type { NamedSchema } from '../../../../src/records/schemas/framing/named-schema.ts';
import { loadSchema } from '../../../../src/records/schemas/load-schema.ts';
import type { LoadedSchema } from '../../../../src/records/schemas/loaded-schema.ts';
import { RecordSchemas, type RecordSchemasOptions } from '../../../../src/records/schemas/record-schemas.ts';
import { makeSerde as stringSerde } from '../../../../src/records/serde/string.ts';
import { compileAvro, parseAvro } from '../../../../src/schemas/avro/index.ts';
import { fuzzFramed } from '../../../fuzz/framed.ts';
import { fetched } from '../../../support/fetched.ts';

const order = JSON.stringify({
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'items', type: { type: 'array', items: 'string' } },
  ],
});
const style = { rawLogical: false, avroJson: false };
const options = { style, readerSchema: undefined };
const avro = compileAvro(parseAvro(order), style);
const data = (id: number, ...items: readonly string[]): Buffer => avro.encode(JSON.stringify({ id, items }));

function framed(id: number, payload: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(id, 1);
  return Buffer.concat([prefix, payload]);
}

function load(named?: NamedSchema): Promise<LoadedSchema> {
  return loadSchema({ type: 'AVRO', text: order, references: [], ...(named && { id: Number(named.id) }) }, named, options);
}

/** Schemas where the registry has only id 7. */
function schemasOf(more: Partial<RecordSchemasOptions> = {}) {
  const [asked, notes]: [string[], string[]] = [[], []];
  const schemas = new RecordSchemas({
    fields: { key: 'schema', value: 'schema' },
    lookUp: async (named) => {
      asked.push(named.id);
      return named.id === '7' ? load(named) : { why: 'the registry does not have it' };
    },
    given: {},
    onDecodeError: 'raw',
    note: (text) => void notes.push(text),
    ...more,
  });
  return { schemas, asked, notes };
}

/** The text of each record's value; undefined where it is shown as it is. */
async function texts(schemas: RecordSchemas, records: RecordBatches): Promise<(string | undefined)[]> {
  await schemas.prepare(records);
  const serde = schemas.serde('value')!;
  const found: (string | undefined)[] = [];
  records.each((record) => {
    serde.at!(record);
    found.push(serde.text!(record.bytes, record.valueStart, record.valueEnd));
  });
  return found;
}

test('a schema that many keys and values name is looked up once, before they are read', async () => {
  const { schemas, asked, notes } = schemasOf();
  const value = framed(7, data(1, 'tea'));
  const records = fetched([{ key: value, value }, { key: 'plain', value }, { value: null }]);
  const shown = '{"id":1,"items":["tea"]}';
  assert.deepEqual(
    await texts(
      schemas,
      fetched([
        { key: value, value },
        { key: 'plain', value },
      ]),
    ),
    [shown, shown],
  );
  assert.deepEqual(asked, ['7', '7'], 'once for keys, once for values');
  assert.equal(schemas.prepare(records), undefined, 'nothing is left to be looked up');
  assert.deepEqual(notes, []);
});

test('what the registry does not know, such as a long that looks like an id, is shown as it is with one note', async () => {
  const { schemas, notes } = schemasOf();
  const long = Buffer.alloc(8);
  long.writeBigInt64BE(42n << 24n);
  assert.deepEqual(await texts(schemas, fetched([{ value: long }, { value: long }, { value: '{"plain":1}' }])), [
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(notes, [
    'orders:2 at offset 0: the value names schema id 42 (the registry does not have it); such data is shown as it is',
  ]);
});

test('keys that look like ids by chance do not ask the registry for ever', async () => {
  const { schemas, asked } = schemasOf();
  for (let batch = 0; batch < 5; batch++) {
    const ids = Array.from({ length: 100 }, (_, index) => 1000 + batch * 100 + index);
    await texts(schemas, fetched(ids.map((id) => ({ value: framed(id, Buffer.of(1)) }))));
  }
  assert.equal(asked.length, 100);
});

test('a payload that does not fit its schema is told with place, field and byte, and counted once by filters and sinks', async () => {
  const { schemas, notes } = schemasOf();
  const whole = framed(7, data(1, 'tea'));
  const cut = whole.subarray(0, whole.length - 2);
  const records = fetched([{ value: whole }, ...Array.from({ length: 12 }, () => ({ value: cut }))]);
  await texts(schemas, records);
  const shown = await texts(schemas, records);
  assert.equal(shown.filter((text) => text === undefined).length, 12);
  assert.equal(notes.length, 10);
  assert.match(
    notes[0]!,
    /^orders:2 at offset 1: the value does not fit schema id 7 \(items\[0\], byte \d+: .+\); it is shown as it is$/,
  );
  assert.match(schemas.summary!, /^2 more keys and values do not fit/);
});

test('--on-decode-error: skip leaves out only what cannot be read, fail ends with the place', async () => {
  const damaged = framed(7, Buffer.of(2));
  const records = fetched([{ value: framed(7, data(1)) }, { value: damaged }, { value: 'no schema' }, { value: null }]);
  const { schemas: skipping } = schemasOf({ onDecodeError: 'skip' });
  await skipping.prepare(records);
  const kept: number[] = [];
  records.each((record) => void (skipping.isSound!(record) && kept.push(record.offset)));
  assert.deepEqual(kept, [0, 2, 3]);
  const { schemas: failing } = schemasOf({ onDecodeError: 'fail' });
  await assert.rejects(texts(failing, records), (error) => {
    assert.ok(error instanceof KtError && error.kind === 'refused');
    assert.match(error.message, /^cannot read orders:2 at offset 1: the value does not fit schema id 7/);
    return true;
  });
});

test('a schema from a file reads data with and without a frame; one that the record names counts before it', async () => {
  const given = { value: await load() };
  const { schemas } = schemasOf({ given, lookUp: undefined });
  // The last one begins as a frame would.
  const zeros = data(0, '', '', '');
  assert.deepEqual(await texts(schemas, fetched([{ value: data(1) }, { value: framed(99, data(2)) }, { value: zeros }])), [
    '{"id":1,"items":[]}',
    '{"id":2,"items":[]}',
    '{"id":0,"items":["","",""]}',
  ]);
});

test('a format that is named reads only that', async () => {
  const { schemas, notes } = schemasOf({ fields: { value: 'protobuf' } });
  assert.deepEqual(await texts(schemas, fetched([{ value: framed(7, data(1)) }])), [undefined]);
  assert.match(notes[0]!, /names schema id 7 \(it is avro, not protobuf\)/);
});

test('expressions see what was read, and else what is there without a schema', async () => {
  const { schemas } = schemasOf();
  const records = fetched([{ value: framed(7, data(9_007_199_254_740_991, 'a')) }, { value: '{"id":2}' }, { value: 'text' }]);
  await schemas.prepare(records);
  const serde = schemas.serde('value')!;
  const seen: unknown[] = [];
  records.each((record) => {
    serde.at!(record);
    seen.push(serde.decode(record.bytes, record.valueStart, record.valueEnd));
  });
  assert.deepEqual(seen, [{ id: 9_007_199_254_740_991, items: ['a'] }, { id: 2 }, 'text']);
});

test('the path of what is deep down is told by its two ends', async () => {
  const node = '{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}';
  const nodes = await loadSchema({ type: 'AVRO', text: node, references: [], id: 7 }, { kind: 'id', id: '7' }, options);
  const { schemas, notes } = schemasOf({ lookUp: async () => nodes });
  assert.deepEqual(await texts(schemas, fetched([{ value: framed(7, Buffer.alloc(5000, 2)) }])), [undefined]);
  assert.match(notes[0]!, /next\.next.+…/);
  assert.ok(notes[0]!.length < 500, notes[0]);
});

test('while the registry is away nothing is skipped: the records may be whole', async () => {
  const lookUp = async () => ({ why: 'the registry could not be asked', mayPass: true });
  for (const onDecodeError of ['skip', 'fail'] as const) {
    const { schemas } = schemasOf({ onDecodeError, lookUp });
    await assert.rejects(texts(schemas, fetched([{ value: framed(7, data(1)) }])), (error) => {
      assert.ok(error instanceof KtError && error.kind === 'connection');
      assert.match(error.message, /the value names schema id 7 \(the registry could not be asked\)$/);
      return true;
    });
  }
});

test("data that a header calls Avro's JSON encoding is not read as bytes", async () => {
  const { schemas, notes } = schemasOf();
  const [id, name] = [Buffer.alloc(8), 'apicurio.value.globalId'];
  id.writeBigInt64BE(7n);
  const json = [name, id] as const;
  const records = fetched([
    { value: data(1), headers: [json, ['apicurio.value.encoding', 'BINARY']] },
    { value: '{"id":1,"items":[]}', headers: [json, ['apicurio.value.encoding', 'JSON']] },
  ]);
  assert.deepEqual(await texts(schemas, records), ['{"id":1,"items":[]}', undefined]);
  assert.deepEqual(notes, [
    'orders:2 at offset 1: the value names Apicurio global id 7 (it is JSON already); such data is shown as it is',
  ]);
});

test('expressions read the fields of JSON with a JSON Schema from the bytes, and everything else as a whole', async () => {
  const json = await loadSchema({ type: 'JSON', text: '{}', references: [], id: 8 }, { kind: 'id', id: '8' }, options);
  const { schemas, notes } = schemasOf({
    fields: { value: 'schema' },
    lookUp: async ({ id }) => (id === '7' ? load({ kind: 'id', id }) : id === '8' ? json : { why: 'unknown' }),
  });
  const text = '{"user":{"country":"DE"},"id":9007199254740993}';
  const values = [
    [framed(8, Buffer.from(text)), 'DE', 5],
    [Buffer.from(text), 'DE', 0],
    [framed(8, Buffer.from('{"user":')), undefined, 5],
    [framed(7, data(1, 'tea')), undefined, -1],
    [framed(9, Buffer.from(text)), undefined, -1],
  ] as const;
  const records = fetched(values.map(([value]) => ({ value })));
  await schemas.prepare(records);
  const serde = schemas.serde('value')!;
  const fields = new RecordFields({ key: stringSerde(), value: serde });
  const { evaluate } = await compileExpression('--where', 'value.user.country');
  let index = 0;
  records.each((record) => {
    const [, country, start] = values[index++]!;
    serde.at!(record);
    fields.at(record);
    assert.equal(evaluate(fields), country);
    const found = serde.jsonStart!(record.bytes, record.valueStart, record.valueEnd);
    assert.equal(found < 0 ? -1 : found - record.valueStart, start);
  });
  assert.equal(index, values.length);
  assert.deepEqual(notes, [
    'orders:2 at offset 2: the value does not fit schema id 8 (byte 5: it is not JSON); it is shown as it is',
    'orders:2 at offset 4: the value names schema id 9 (unknown); such data is shown as it is',
  ]);
});

test('records in every frame, sound and damaged, are shown or told; test/fuzz/framed.ts makes many more', async (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { sound, read, refused } = await fuzzFramed(2_000, seed);
  assert.ok(sound > 100 && read > 10 && refused > 100, `${sound} sound, ${read} read, ${refused} refused`);
});
