/** Stories of Kafka's own topics on the screen and in JSON lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordFormat } from '../../../../src/records/stream.ts';
import { renderRecords } from '../../../../src/render/records/index.ts';
import { jsonReader } from '../../records/produce/json-reader.ts';
import { batch, type HandMade, rendered, stream } from './records.ts';

const topic = '__consumer_offsets';
const timestamp = -1n;
// Written by the Java classes of Kafka 4.3.1.
const commitKey = Buffer.from('0001000762696c6c696e6700066f726465727300000003', 'hex');
const commitValue = Buffer.from('000300200000000000010000000500000000018bcfe56800', 'hex');
const commit: HandMade = { topic, timestamp, key: commitKey, value: commitValue };
const newerKey = Buffer.from('00630003616263', 'hex');

const unsaid = { keyFormat: undefined, valueFormat: undefined };
const keyJson = '{"type":"OffsetCommit","version":1,"group":"billing","topic":"orders","partition":3}';
const valueJson =
  '{"type":"OffsetCommit","version":3,"offset":9007199254740993,"leaderEpoch":5,"metadata":"","commitTimestamp":1700000000000}';

async function line(record: HandMade, changes: Partial<RecordFormat> = {}): Promise<string> {
  return (await rendered([record], { style: 'json', ...unsaid, ...changes })).toString();
}

function fields(text: string): Record<string, unknown> {
  return JSON.parse(text);
}

test('a committed offset is an object with every digit, flagged as decoded', async () => {
  const text = await line(commit);
  assert.ok(
    text.endsWith(`"headers":[],"key":${keyJson},"keyEncoding":"internal","value":${valueJson},"valueEncoding":"internal"}\n`),
    text,
  );
});

test('a tombstone is null, without a flag', async () => {
  const { value, valueEncoding, key } = fields(await line({ ...commit, value: null }));
  assert.deepEqual([value, valueEncoding], [null, undefined]);
  assert.equal((key as { group: string }).group, 'billing');
});

test('a record type newer than kt is base64 with its number, and so is its value', async () => {
  const { key, keyEncoding, keyType, value, valueEncoding } = fields(await line({ ...commit, key: newerKey }));
  assert.deepEqual([key, keyEncoding, keyType], [newerKey.toString('base64'), 'base64', 99]);
  assert.deepEqual([value, valueEncoding], [commitValue.toString('base64'), 'base64']);
});

test('a key without a type, of two bytes or none, is base64', async () => {
  for (const key of [Buffer.alloc(1), Buffer.alloc(0)]) {
    const told = fields(await line({ ...commit, key }));
    assert.deepEqual([told['key'], told['keyEncoding'], told['keyType']], [key.toString('base64'), 'base64', undefined]);
  }
  assert.equal(fields(await line({ ...commit, key: null }))['valueEncoding'], 'base64');
});

test('key and value are shown in their format, if one is given', async () => {
  const bytes = fields(await line(commit, { keyFormat: 'base64', valueFormat: 'base64' }));
  assert.deepEqual(
    [bytes['key'], bytes['keyEncoding'], bytes['value']],
    [commitKey.toString('base64'), 'base64', commitValue.toString('base64')],
  );
  const half = fields(await line(commit, { keyFormat: 'hex' }));
  assert.equal(half['key'], commitKey.toString('hex'));
  assert.equal(half['valueEncoding'], 'internal');
});

test('the topics of users stay text, and a copy of an internal one is decoded when asked for', async () => {
  const copy = { ...commit, topic: 'eu.__consumer_offsets' };
  assert.equal(fields(await line(copy))['keyEncoding'], undefined);
  assert.match(await line(copy, { keyFormat: 'internal' }), /"keyEncoding":"internal".*"valueEncoding":"internal"/);
});

test('a stream of several topics shows each in its own way', async () => {
  const written: string[] = [];
  const out = {
    terminal: false,
    color: false,
    columns: 80,
    write: async (bytes: Uint8Array) => void written.push(Buffer.from(bytes).toString()),
  };
  const text = { topic: 'orders', key: 'k', value: 'v' };
  const status = { topic: '__transaction_state', key: Buffer.from('00000003706179', 'hex'), value: null };
  const batches = [[text], [commit], [status], [text], [commit]].map(batch);
  await renderRecords(stream(batches, { style: 'json', ...unsaid }), out);
  const keys = written.map((each) => fields(each)['key']);
  const transactionalId = { type: 'TransactionLog', version: 0, transactionalId: 'pay' };
  assert.deepEqual(keys, ['k', JSON.parse(keyJson), transactionalId, 'k', JSON.parse(keyJson)]);
});

test('values, raw bytes and templates are what they are, unless decoding is asked for', async () => {
  assert.deepEqual(await rendered([commit], { style: 'raw', ...unsaid }), commitValue);
  assert.deepEqual(await rendered([commit], unsaid), Buffer.concat([commitValue, Buffer.from('\n')]));
  const template = { style: 'template', template: '%k %s\\n' } as const;
  assert.deepEqual(
    await rendered([commit], { ...template, ...unsaid }),
    Buffer.concat([commitKey, Buffer.from(' '), commitValue, Buffer.from('\n')]),
  );
  const internal = { keyFormat: 'internal', valueFormat: 'internal' } as const;
  assert.equal((await rendered([commit], { ...template, ...internal })).toString(), `${keyJson} ${valueJson}\n`);
  assert.equal((await rendered([commit], internal)).toString(), `${valueJson}\n`);
});

test('a person sees the key in the first line and the value indented', async () => {
  const screen = { terminal: true, color: false, columns: 200 };
  const text = (await rendered([commit], { style: 'pretty', ...unsaid }, screen)).toString();
  const expected = `__consumer_offsets:0@0  no timestamp  ${keyJson}
  {
    "type": "OffsetCommit",
    "version": 3,
    "offset": 9007199254740993,
    "leaderEpoch": 5,
    "metadata": "",
    "commitTimestamp": 1700000000000
  }
`;
  assert.equal(text, expected);
  const newer = (await rendered([{ ...commit, key: newerKey }], { style: 'pretty', ...unsaid }, screen)).toString();
  assert.match(newer, /no timestamp {2}record type 99, 7 bytes: 00 63 00 03 61 62 63\n {2}24 bytes: 00 03 /);
});

test('what a name holds cannot act on the terminal, and non-ASCII text comes whole', async () => {
  const group = Buffer.from('grün\x1b[2J\u202e');
  const key = Buffer.concat([Buffer.of(0, 2, 0, group.length), group]);
  for (const style of ['json', 'pretty', 'template'] as const) {
    const formats = style === 'template' ? ({ keyFormat: 'internal', valueFormat: 'internal' } as const) : unsaid;
    const shown = { style, template: '%k\\n', ...formats };
    const text = (await rendered([{ topic, key }], shown, { terminal: true, columns: 200 })).toString();
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\u202e]/);
    assert.match(text, /gr(ü|\\u00fc)n/);
  }
  assert.deepEqual(fields(await line({ topic, key }))['key'], { type: 'GroupMetadata', version: 2, group: group.toString() });
});

test('a decoded line cannot be produced again, and the refusal says how to copy; one with bytes can', async () => {
  const read = (text: string) => {
    const record = { topic, partition: undefined } as never;
    const bytes = Buffer.from(text.trimEnd());
    jsonReader()(record, bytes, 0, bytes.length);
    return record as { key: Buffer };
  };
  const decoded = await line(commit);
  assert.throws(() => read(decoded), { kind: 'usage', hint: /--key-format base64 --value-format base64/ });
  assert.deepEqual(read(await line({ ...commit, key: newerKey })).key, newerKey);
});

test('a value that is longer than the screen says how to see all of it decoded, which -o value would not', async () => {
  const topics = Array.from({ length: 60 }, (_, index) => `topic-${index}`);
  const names = topics.map((name) => Buffer.concat([Buffer.of(name.length + 1), Buffer.from(name)]));
  const front = Buffer.from('000000000263032f68', 'hex');
  const value = Buffer.concat([front, Buffer.of(topics.length + 1), ...names, Buffer.from('00ffffffff0000', 'hex')]);
  const key = Buffer.from('0005000762696c6c696e6700036d2d31', 'hex');
  const screen = { terminal: true, color: false, columns: 100 };
  const text = (await rendered([{ topic, key, value }], { style: 'pretty', ...unsaid }, screen)).toString();
  assert.match(text, /"topic-10"/);
  assert.doesNotMatch(text, /"topic-59"/);
  assert.match(text, /… \d+ more bytes \(-o json shows all\)\n$/);
  assert.match(await line({ topic, key, value }), /"topic-59"/);
});
