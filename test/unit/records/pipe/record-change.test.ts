/** What a pipe makes of a record: nothing where nothing is asked, and else exactly what the expressions give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import { BatchWriter } from '../../../../src/kafka/batch/writer.ts';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import { type ChangeRequest, RecordChange } from '../../../../src/records/pipe/record-change.ts';
import { loadSchema, loadWritable } from '../../../../src/records/schemas/load-schema.ts';
import { RecordSchemas } from '../../../../src/records/schemas/record-schemas.ts';
import { type SchemaWriters, schemaWriter } from '../../../../src/records/schemas/writer.ts';
import { fetched, type Written } from '../../../support/fetched.ts';

interface Wanted {
  readonly map?: string;
  readonly mapsRecord?: boolean;
  readonly rekey?: string;
  readonly set?: readonly (readonly [name: string, expression: string])[];
  readonly drop?: readonly string[];
  readonly schemas?: SchemaWriters;
  readonly reads?: RecordSchemas;
}

async function changeOf({
  map,
  mapsRecord = false,
  rekey,
  set = [],
  drop = [],
  schemas = {},
  reads,
}: Wanted): Promise<RecordChange> {
  const compiled = async (text: string | undefined) =>
    text === undefined ? undefined : await compileExpression('--map', text);
  const setHeaders: ChangeRequest['setHeaders'] = await Promise.all(
    set.map(async ([name, text]) => ({ name, value: (await compiled(text))! })),
  );
  return new RecordChange({
    map: await compiled(map),
    mapsRecord,
    rekey: await compiled(rekey),
    setHeaders,
    dropHeaders: drop,
    formats: { keyFormat: undefined, valueFormat: undefined, schemas: reads },
    schemas,
  });
}

/** The record as it would be written, read back. */
async function changed(record: Written, wanted: Wanted) {
  const change = await changeOf(wanted);
  const records = fetched([record]);
  await wanted.reads?.prepare(records);
  await change.prepare(records);
  const writer = new BatchWriter();
  records.each((view) => {
    change.apply(view);
    writer.append(change.bytes);
  });
  const [result] = read(writer.finish('none'));
  return { ...result!, partition: change.partition };
}

function read(batch: Buffer): Written[] {
  const found: Written[] = [];
  const batches = new RecordBatches({ topic: 't', partition: 0, records: batch, startOffset: 0n });
  batches.each((view) => {
    const text = (start: number, end: number) => (start < 0 ? null : view.bytes.toString('latin1', start, end));
    const headers: [string, string | null][] = [];
    let at = view.headersStart;
    for (let left = view.headerCount; left > 0; left--) {
      const keyLength = view.bytes[at]! >> 1;
      const valueAt = at + 1 + keyLength;
      const raw = view.bytes[valueAt]!;
      const isNull = raw === 1;
      headers.push([
        view.bytes.toString('latin1', at + 1, valueAt),
        isNull ? null : view.bytes.toString('latin1', valueAt + 1, valueAt + 1 + (raw >> 1)),
      ]);
      at = valueAt + 1 + (isNull ? 0 : raw >> 1);
    }
    found.push({ key: text(view.keyStart, view.keyEnd), value: text(view.valueStart, view.valueEnd), headers });
  });
  return found;
}

const order: Written = {
  key: 'k1',
  value: '{"id":9007199254740993,"a":"x"}',
  headers: [
    ['h', '1'],
    ['h', null],
    ['other', '2'],
  ],
};

test('without expressions a record stays as it is, headers that come twice and null ones included', async () => {
  const { partition, ...same } = await changed(order, {});
  assert.deepEqual(same, order);
  assert.equal(partition, undefined);
  const empty: Written = { key: null, value: '', headers: [] };
  assert.deepEqual(await changed(empty, {}), { ...empty, partition: undefined });
});

test('text is written as it is, and everything else as JSON with all digits', async () => {
  for (const [map, value] of [
    ['value.a', 'x'],
    ['value.id', '9007199254740993'],
    ['{ id: value.id, list: [1, null, true] }', '{"id":9007199254740993,"list":[1,null,true]}'],
    ['null', null],
    ['headers.other + offset', '20'],
  ] as const)
    assert.equal((await changed(order, { map })).value, value, map);
  assert.equal((await changed(order, { rekey: 'value.id' })).key, '9007199254740993');
  assert.equal((await changed(order, { rekey: 'null' })).key, null);
});

test('a tombstone stays one, unless the whole record is mapped', async () => {
  const tombstone: Written = { key: 'k', value: null, headers: [] };
  assert.equal((await changed(tombstone, { map: '({ ...value, x: 1 })' })).value, null);
  assert.equal((await changed(tombstone, { map: '({ value: "gone" })', mapsRecord: true })).value, 'gone');
});

test('what has no text and no JSON fails, and so does what cannot be read', async () => {
  for (const [wanted, message] of [
    [{ map: 'value.nope' }, /--map gives undefined/],
    [{ map: '1 / 0' }, /Infinity/],
    [{ map: '({ deep: [0 / 0] })' }, /NaN/],
    [{ rekey: 'headers.nope' }, /--rekey gives undefined/],
    [{ set: [['x', 'value.nope']] }, /--set-header x gives undefined/],
    [{ map: 'value.a', mapsRecord: true }, /wants an object/],
    [{ map: '({ vlaue: 1 })', mapsRecord: true }, /a field vlaue/],
    [{ map: '({ timestamp: 1.5 })', mapsRecord: true }, /not epoch milliseconds/],
    [{ map: '({ partition: -1 })', mapsRecord: true }, /not a partition/],
    [{ map: '({ headers: 1 })', mapsRecord: true }, /not an object or a list/],
    [{ map: '({ headers: [1] })', mapsRecord: true }, /without a key/],
  ] satisfies readonly (readonly [Wanted, RegExp])[])
    await assert.rejects(changed(order, wanted), message);
  const plain: Written = { key: 'k', value: 'plain', headers: [] };
  assert.equal((await changed(plain, { map: 'value' })).value, 'plain', 'what is no JSON is text');
  await assert.rejects(changed(plain, { map: '({ ...value, x: 1 })' }), /\.\.\. needs an object/);
  const binary: Written = { key: 'k', value: Buffer.from([0xff]), headers: [] };
  await assert.rejects(changed(binary, { map: '({ ...value, x: 1 })' }), /its value is not text/);
  await assert.rejects(changed({ ...plain, key: Buffer.from([0xff]) }, { set: [['x', 'key']] }), /its key is not text/);
  const header: Written = { ...plain, headers: [['h', Buffer.from([0xff])]] };
  await assert.rejects(changed(header, { set: [['x', 'headers.h']] }), /its header h is not text/);
  assert.equal((await changed(header, { map: '1' })).value, '1', 'nobody looks at it');
});

test('a header that is set takes the place of all of its name, and dropped ones are gone', async () => {
  const { headers } = await changed(order, {
    set: [
      ['h', 'value.a'],
      ['none', 'null'],
    ],
    drop: ['other'],
  });
  assert.deepEqual(headers, [
    ['h', 'x'],
    ['none', null],
  ]);
  assert.deepEqual((await changed(order, { drop: ['h', 'other'] })).headers, []);
  assert.deepEqual((await changed({ key: 'k', value: 'v', headers: [] }, { drop: ['h'] })).headers, []);
});

test('a mapped record gives the fields that it names, and keeps the others', async () => {
  const result = await changed(order, { map: '({ key: null, headers: { a: 1 }, partition: 3 })', mapsRecord: true });
  assert.deepEqual(result, { key: null, value: order.value, headers: [['a', '1']], partition: 3 });
  const listed = await changed(order, {
    map: '({ headers: [{ key: "a", value: null }, { key: "a", value: "2" }] })',
    mapsRecord: true,
  });
  assert.deepEqual(listed.headers, [
    ['a', null],
    ['a', '2'],
  ]);
});

const avroOrder = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'a', type: ['null', 'string'], default: null },
    { name: 'ratio', type: 'double', default: 0 },
  ],
});
const protoOrder = 'syntax = "proto3"; message Order { int64 id = 1; string a = 2; double ratio = 3; }';
const guid = '00112233-4455-6677-8899-aabbccddeeff';

async function writer(type: 'AVRO' | 'PROTOBUF', text: string, field: 'key' | 'value', framing: 'v0' | 'header' = 'v0') {
  const writable = await loadWritable({ type, text, references: [] }, undefined);
  return schemaWriter(field, writable, { id: 7, guid }, framing);
}

/** Reads values with ids 7 (Avro) and 8 (Protobuf); a registry that is away does not know the rest yet. */
function reading(): RecordSchemas {
  return new RecordSchemas({
    fields: { value: 'schema' },
    lookUp: async (named) => {
      if (named.id !== '7' && named.id !== '8') return { why: 'the registry could not be asked', mayPass: true };
      const [type, text] = named.id === '7' ? (['AVRO', avroOrder] as const) : (['PROTOBUF', protoOrder] as const);
      const style = { rawLogical: false, avroJson: false };
      return loadSchema({ type, text, references: [], id: Number(named.id) }, named, { style, readerSchema: undefined });
    },
    given: {},
    onDecodeError: 'raw',
    note: () => {},
  });
}

const latin1 = (...parts: readonly (readonly number[] | Buffer)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as Buffer))).toString('latin1');
/** 9007199254740993 as Avro's long. */
const bigId = [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
const id7 = [0, 0, 0, 0, 7];
const nought = Buffer.alloc(8);

test('with a schema, results and what was read are written as it has them; null stays null, and what does not fit fails', async () => {
  const schemas = { value: await writer('AVRO', avroOrder, 'value') };
  const asAvro = latin1(id7, bigId, [2, 2, 0x78], nought);
  assert.equal((await changed(order, { schemas })).value, asAvro, 'JSON as it was read');
  assert.equal(
    (await changed(order, { schemas, map: '({ ...value, ratio: 0.5 })' })).value,
    latin1(id7, bigId, [2, 2, 0x78, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f]),
  );
  assert.equal(
    (await changed(order, { schemas, map: '({ key: "new" })', mapsRecord: true })).value,
    asAvro,
    'what the result does not name',
  );
  assert.equal((await changed(order, { schemas, map: 'null' })).value, null);
  assert.equal((await changed({ ...order, value: null }, { schemas, map: '({ id: 1 })' })).value, null);
  const decimals = { value: '{"id":1,"ratio":1e-400}', key: 'k' };
  await assert.rejects(
    changed(decimals, { schemas, map: '({ id: value.ratio + 0.5 })' }),
    /--map gives what does not fit its schema \(id: found 0\.5, wanted/,
  );
  await assert.rejects(
    changed({ key: 'k', value: 'plain' }, { schemas }),
    /its value does not fit the schema to write with \(/,
  );
  await assert.rejects(changed({ key: 'k', value: Buffer.of(0xff) }, { schemas }), /its value is not text/);
  const text = { key: await writer('AVRO', '"string"', 'key') };
  assert.equal((await changed(order, { schemas: text })).key, latin1(id7, [4], Buffer.from('k1')), 'text needs no quotes');
  assert.equal((await changed(order, { schemas: text, rekey: 'value.a' })).key, latin1(id7, [2], Buffer.from('x')));
  await assert.rejects(
    changed(order, { schemas: text, rekey: '5' }),
    /--rekey gives what does not fit its schema \(found 5, wanted/,
  );
});

test('one format becomes another, with all digits of 64-bit integers', async () => {
  const avro = { value: await writer('AVRO', avroOrder, 'value') };
  const protobuf = { value: await writer('PROTOBUF', protoOrder, 'value') };
  const json = (await changed(order, { schemas: protobuf })).value;
  assert.equal(json, latin1(id7, [0, 0x08], [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], [0x12, 1, 0x78]));
  const framed = Buffer.from(json as string, 'latin1');
  framed[4] = 8;
  assert.equal(
    (await changed({ value: framed }, { reads: reading(), schemas: avro })).value,
    latin1(id7, bigId, [2, 2, 0x78], nought),
  );
  const back = (await changed(order, { schemas: avro })).value as string;
  const read = { value: Buffer.from(back, 'latin1') };
  assert.equal((await changed(read, { reads: reading(), schemas: protobuf })).value, json);
  assert.equal(
    (await changed(read, { reads: reading(), map: 'value' })).value,
    '{"id":9007199254740993,"a":"x","ratio":0}',
    'JSON where no schema is named',
  );
});

test('headers that name the schema of other bytes are gone, and those of the new ones are there', async () => {
  const headers = [
    ['__key_schema_id', 'k'],
    ['__value_schema_id', 'v'],
    ['apicurio.value.globalId', 'g'],
    ['h', '1'],
  ] as const;
  const named: Written = { ...order, headers };
  assert.deepEqual((await changed(named, { map: 'value.a' })).headers, [headers[0], headers[3]]);
  assert.deepEqual((await changed(named, { rekey: 'value.a' })).headers, headers.slice(1));
  assert.deepEqual((await changed(named, { map: 'null' })).headers, headers, 'a tombstone has no other bytes');
  const schemas = { value: await writer('AVRO', '"string"', 'value', 'header') };
  const written = await changed(named, { schemas, map: 'value.a', set: [['h', '2']] });
  assert.equal(written.value, '\x02x');
  assert.deepEqual(written.headers, [
    headers[0],
    ['h', '2'],
    ['__value_schema_id', latin1([1], Buffer.from(guid.replaceAll('-', ''), 'hex'))],
  ]);
});

test('no header is left that says how the old bytes were read: Azure, Apicurio, CloudEvents; what is only about the event stays', async () => {
  const azure = ['content-type', 'avro/binary+0123456789abcdef0123456789abcdef'] as const;
  const plain = ['content-type', 'application/json'] as const;
  const event = [
    ['ce_id', '1'],
    ['ce_dataschema', 'https://example.com/order/1'],
  ] as const;
  const apicurio = ['groupId', 'artifactId', 'version', 'contentHash', 'contentId', 'msgType', 'encoding'].map(
    (name) => [`apicurio.value.${name}`, 'x'] as const,
  );
  const message = ['apicurio.protobuf.type', 'Order'] as const;
  const headersAfter = async (headers: NonNullable<Written['headers']>, wanted: Wanted) =>
    (await changed({ ...order, headers }, wanted)).headers;
  const schemas = { value: await writer('AVRO', '"string"', 'value') };
  const withSchema = { schemas, map: 'value.a' };
  for (const wanted of [{ map: 'value.a' }, withSchema, { map: '({ value: 1 })', mapsRecord: true }])
    assert.deepEqual(await headersAfter([azure, ...apicurio, message, event[0]], wanted), [event[0]]);
  assert.deepEqual(await headersAfter([plain, ...event], { map: 'value.a' }), [plain, ...event], 'still true of JSON');
  assert.deepEqual(await headersAfter([plain, ...event], withSchema), [event[0]]);
  const set = { ...withSchema, set: [['content-type', '"avro/binary"']] } satisfies Wanted;
  assert.deepEqual(await headersAfter([azure, event[0]], set), [event[0], ['content-type', 'avro/binary']]);
  const untouched = [azure, ...apicurio, message];
  for (const wanted of [{}, { rekey: 'value.a' }, { map: 'null' }])
    assert.deepEqual(await headersAfter(untouched, wanted), untouched, 'the value is as it was');
  // What an expression takes over goes too, and what it says itself stays.
  const taken = { map: '({ value: 1, headers: { ...headers, own: "1" } })', mapsRecord: true };
  assert.deepEqual(await headersAfter([azure], taken), [['own', '1']]);
  const own = 'avro/binary+ffffffffffffffffffffffffffffffff';
  const said = { map: `({ value: 1, headers: { "content-type": "${own}" } })`, mapsRecord: true };
  assert.deepEqual(await headersAfter([azure], said), [['content-type', own]]);
});

test('data that is damaged is not taken for text, and a registry that is away ends the pipe', async () => {
  const damaged: Written = { value: Buffer.from([...id7, 2, 2]) };
  for (const wanted of [{ map: 'value' }, { schemas: { value: await writer('AVRO', avroOrder, 'value') } }])
    await assert.rejects(changed(damaged, { reads: reading(), ...wanted }), /the value does not fit schema id 7 \(/);
  assert.equal((await changed({ value: 'plain' }, { reads: reading(), map: 'value' })).value, 'plain');
  const unknown: Written = { value: Buffer.from([0, 0, 0, 0, 9, 65]) };
  await assert.rejects(changed(unknown, { reads: reading(), map: 'value' }), {
    kind: 'connection',
    code: 'SCHEMA_UNAVAILABLE',
  });
});
