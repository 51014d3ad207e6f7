/** Every style shows what the serde says, and JSON lines can be written back byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emptyInputRecord } from '../../../../src/records/produce/record-input.ts';
import { writableSerdeNames } from '../../../../src/records/serde/table.ts';
import { jsonReader } from '../../records/produce/json-reader.ts';
import { bytesOrNull } from './bytes.ts';
import { rendered } from './records.ts';

const cbor = Buffer.from('a2616101616262c3bc', 'hex');
const withBytes = Buffer.from('a1616141ff', 'hex');
const record = { key: Buffer.from('0000000000000007', 'hex'), value: cbor };
const formats = { keyFormat: 'int64', valueFormat: 'cbor' } as const;

test('value, template, pretty and json show the decoded value', async () => {
  const shown = async (changes: Parameters<typeof rendered>[1]) =>
    (await rendered([record], { ...formats, ...changes })).toString();
  assert.equal(await shown({ style: 'value' }), '{"a":1,"b":"ü"}\n');
  assert.equal(await shown({ style: 'template', template: '%k=%v;' }), '7={"a":1,"b":"ü"};');
  assert.match(await shown({ style: 'pretty' }), / {2}7\n {2}\{\n {4}"a": 1,\n {4}"b": "ü"\n {2}\}\n$/);
  assert.match(
    await shown({ style: 'json' }),
    /"key":"7","keyEncoding":"int64","value":\{"a":1,"b":"ü"\},"valueEncoding":"cbor"\}\n$/,
  );
});

test('a value that JSON cannot say is shown, but JSON lines keep its bytes', async () => {
  assert.equal((await rendered([{ value: withBytes }], { valueFormat: 'cbor' })).toString(), '{"a":"/w=="}\n');
  const line = (await rendered([{ value: withBytes }], { style: 'json', valueFormat: 'cbor' })).toString();
  assert.match(line, /"value":"oWFhQf8=","valueEncoding":"base64"\}\n$/);
});

test('bytes that are no such value are hex, and base64 in JSON lines', async () => {
  const value = Buffer.from('ffff', 'hex');
  assert.equal((await rendered([{ value }], { valueFormat: 'cbor' })).toString(), 'ffff\n');
  assert.match(
    (await rendered([{ value }], { style: 'json', valueFormat: 'cbor' })).toString(),
    /"\/\/8=","valueEncoding":"base64"/,
  );
});

test('decoded text cannot act on a terminal', async () => {
  const value = Buffer.from([0x66, ...Buffer.from('\u202e\x9bm')]);
  assert.equal(value.length, 7);
  for (const style of ['value', 'json', 'pretty'] as const) {
    const text = (await rendered([{ value }], { style, valueFormat: 'cbor' }, { terminal: true })).toString();
    assert.doesNotMatch(text, /[\x80-\x9f\u202e]/, style);
    assert.match(text, /u202e/, style);
  }
});

test('null CBOR and MessagePack are not tombstones', async () => {
  for (const [valueFormat, byte] of [
    ['cbor', 0xf6],
    ['msgpack', 0xc0],
  ] as const) {
    const lines = (await rendered([{ value: Buffer.of(byte) }, { value: null }], { style: 'json', valueFormat }))
      .toString()
      .split('\n');
    assert.match(lines[0]!, new RegExp(`"value":null,"valueEncoding":"${valueFormat}"\\}$`));
    assert.match(lines[1]!, /"value":null\}$/);
  }
});

const writable = writableSerdeNames.filter((name) => name !== 'json');
const documents = fc.constantFrom(cbor, withBytes, Buffer.of(0xf6), Buffer.of(0xc0), Buffer.from('82a16101a16202', 'hex'));

test('what any serde shows in JSON lines is written back byte for byte', async () => {
  const read = jsonReader();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(bytesOrNull, documents),
      fc.oneof(bytesOrNull, documents),
      fc.constantFrom(...writable),
      fc.constantFrom(...writable),
      async (key, value, keyFormat, valueFormat) => {
        const line = await rendered([{ key, value }], { style: 'json', keyFormat, valueFormat });
        const back = emptyInputRecord();
        read(back, line, 0, line.length - 1);
        assert.deepEqual(back.keyStart < 0 ? null : Buffer.from(back.key.subarray(back.keyStart, back.keyEnd)), key);
        assert.deepEqual(back.valueStart < 0 ? null : Buffer.from(back.value.subarray(back.valueStart, back.valueEnd)), value);
      },
    ),
    { numRuns: 1000 },
  );
});
