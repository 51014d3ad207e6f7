/** Records as CSV: what a spreadsheet or a database reads back is what was there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordColumns } from '../../../../src/records/columns.ts';
import { someBytes } from './bytes.ts';
import { type HandMade, rendered } from './records.ts';

async function csv(records: readonly HandMade[], names?: readonly string[], terminal = false, changes = {}): Promise<string> {
  const written = await rendered(records, { style: 'csv', columns: recordColumns(names), ...changes }, { terminal });
  return written.toString();
}

const order: HandMade = {
  topic: 'orders',
  partition: 3,
  offset: 9_007_199_254_740_993n,
  timestamp: 1_700_000_000_123n,
  key: 'ann',
  value:
    '{"user":{"id":12345678901234567890,"price":1.10},"note":"say \\"hi\\"","tags":["a",{"x":null}],"gone":null,"empty":""}',
  headers: [
    ['trace-id', 'first'],
    ['trace-id', 'last, and "best"'],
    ['a.b', null],
  ],
};

test('without columns it is where the record is, its key and its value', async () => {
  const simple = { ...order, value: 'a "b"\nc' };
  assert.equal(
    await csv([simple]),
    'topic,partition,offset,timestamp,key,value\r\norders,3,9007199254740993,1700000000123,ann,"a ""b""\nc"\r\n',
  );
  assert.equal(await csv([]), 'topic,partition,offset,timestamp,key,value\r\n');
});

test('a path leads into JSON and headers; numbers keep every digit, lists and objects are JSON', async () => {
  const columns = [
    'value.user.id',
    'value.user.price',
    'value.note',
    'value.tags',
    'value.tags.1',
    'value.tags.0',
    'value.user',
  ];
  assert.equal(
    (await csv([order], columns)).split('\r\n')[1],
    '12345678901234567890,1.10,"say ""hi""","[""a"",{""x"":null}]","{""x"":null}",a,"{""id"":12345678901234567890,""price"":1.10}"',
  );
  assert.equal(
    (await csv([order], ['headers.trace-id', 'headers.a.b', 'headers.none'])).split('\r\n')[1],
    '"last, and ""best""",,',
  );
  assert.equal(
    (await csv([{ headers: [['a', null]] }], ['headers', 'timestampType'])).split('\r\n')[1],
    '"[{""key"":""a"",""value"":null}]",CreateTime',
  );
});

test('null is an empty field, empty text a quoted one, whether it is a whole value or a part of one', async () => {
  assert.equal(
    await csv(
      [{ key: null, value: '' }, order, { value: 'no JSON' }, { key: 'k', value: '[1,{"empty":""}]' }],
      ['key', 'value.empty', 'value.gone', 'value.1.empty'],
    ),
    'key,value.empty,value.gone,value.1.empty\r\n,,,\r\nann,"",,\r\n,,,\r\nk,,,""\r\n',
  );
});

test('JSON too deep for the fast reader is read all the same', async () => {
  const value = `{"a":7,"deep":${'['.repeat(300)}${']'.repeat(300)}}`;
  assert.equal((await csv([{ value }], ['value.a'])).split('\r\n')[1], '7');
});

test('a path looks into what the format makes of the bytes', async () => {
  const msgpack = Buffer.from([0x81, 0xa1, 0x61, 0xcd, 0x01, 0x00]);
  const changes = { valueFormat: 'msgpack', keyFormat: 'hex' };
  assert.equal(
    (await csv([{ key: 'k', value: msgpack }], ['key', 'value.a', 'value'], false, changes)).split('\r\n')[1],
    '6b,256,"{""a"":256}"',
  );
});

test('nothing acts on a terminal', async () => {
  assert.equal(await csv([{ key: 'a\x1b[2J', value: 'x' }], ['key', 'value'], true), 'key,value\na\\x1b[2J,x\n');
});

test('a reader of CSV gets back each byte, however large the field', async () => {
  const large = Buffer.alloc(3 << 20, 'ab"c,\n');
  const fields = (text: string) => /^(?:"((?:[^"]|"")*)"|([^",\r\n]*)),x\r\n$/s.exec(text)!;
  const back = (text: string) => {
    const [, quoted, plain] = fields(text.slice(text.indexOf('\r\n') + 2));
    return quoted === undefined ? plain! : quoted.replaceAll('""', '"');
  };
  const read = async (key: Uint8Array) =>
    back(
      (await rendered([{ key, value: 'x' }], { style: 'csv', columns: recordColumns(['key', 'value']) })).toString('latin1'),
    );
  assert.ok(large.equals(Buffer.from(await read(large), 'latin1')));
  await fc.assert(
    fc.asyncProperty(someBytes, async (bytes) => {
      assert.deepEqual(Buffer.from(await read(bytes), 'latin1'), Buffer.from(bytes));
    }),
    { numRuns: 50 },
  );
});

test('a column that records do not have is refused with those they have', () => {
  for (const name of ['valeu', 'topic.x', 'value.', 'offset.a'])
    assert.throws(() => recordColumns([name]), {
      kind: 'usage',
      message: `unknown column ${name}`,
      hint: /^columns are topic, partition, /,
    });
});
