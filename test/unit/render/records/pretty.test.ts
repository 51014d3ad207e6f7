import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { localTime } from '../../../../src/base/local-time.ts';
import type { SerdeName } from '../../../../src/records/serde/table.ts';
import { type HandMade, rendered } from './records.ts';

async function screen(
  record: HandMade,
  {
    columns = 80,
    color = false,
    ...formats
  }: { columns?: number; color?: boolean; keyFormat?: SerdeName; valueFormat?: SerdeName } = {},
): Promise<string> {
  return (await rendered([record], { style: 'pretty', ...formats }, { terminal: true, columns, color })).toString();
}

const timestamp = 1_700_000_000_123n;
const time = localTime(Number(timestamp))!;

test('a record is a line with position, local time and key, then headers and the indented value', async () => {
  const text = await screen({
    partition: 2,
    offset: 42n,
    timestamp,
    key: 'user-1',
    headers: [['trace', 'abc']],
    value: '{"id":9223372036854775807,"tags":["a",{},[ ]],"ok":true}',
  });
  const expected = `orders:2@42  ${time}  user-1
  trace: abc
  {
    "id": 9223372036854775807,
    "tags": [
      "a",
      {},
      []
    ],
    "ok": true
  }
`;
  assert.equal(text, expected);
});

test('a CloudEvent in binary mode is named in one line, and what else it says stays a header', async () => {
  const required = [
    ['ce_specversion', '1.0'],
    ['ce_type', 'com.example.order.created'],
    ['ce_source', '/shop/orders'],
    ['ce_id', 'A-17\u001b[2J'],
  ] as const;
  const more = [
    ['ce_subject', 'order 17'],
    ['content-type', 'application/json'],
  ] as const;
  const value = '{"amount":3}';
  assert.equal(
    await screen({ timestamp, key: 'k', headers: [...required, ...more], value }),
    `orders:0@0  ${time}  k
  CloudEvent com.example.order.created  id A-17\\x1b[2J  from /shop/orders
  ce_subject: order 17
  content-type: application/json
  {
    "amount": 3
  }
`,
  );
  const many = Array.from({ length: 25 }, (_, index) => [`h${index}`, 'x'] as const);
  assert.match(await screen({ headers: [...many, ...required] }), /… 5 more headers/);
  for (const headers of [
    required.slice(1),
    [...required, ['ce_id', 'another'] as const],
    required.map(([name, content]) => [name, name === 'ce_specversion' ? '0.3' : content] as const),
    required.map(([name, content]) => [name, name === 'ce_id' ? '' : content] as const),
  ]) {
    const text = await screen({ headers });
    assert.doesNotMatch(text, /CloudEvent/);
    for (const [name] of headers) assert.ok(text.includes(`\n  ${name}: `), text);
  }
});

test('the time is the local one with milliseconds', () => {
  const date = new Date(2026, 0, 31, 9, 5, 7, 42);
  assert.match(localTime(date.getTime())!, /^2026-01-31 09:05:07\.042[+-]\d\d:\d\d$/);
  assert.equal(localTime(8.64e15 + 1), undefined);
});

test('null, empty, binary and a missing time are told apart', async () => {
  assert.equal(await screen({ timestamp: -1n, value: '' }), 'orders:0@0  no timestamp  null\n  ""\n');
  assert.equal(
    await screen({ timestamp, key: Buffer.from([0xff, 0x1b]), value: null }),
    `orders:0@0  ${time}  2 bytes: ff 1b\n  null\n`,
  );
  assert.match(await screen({ timestamp, timestampType: 'LogAppendTime' }), /\(append\) {2}null\n/);
  assert.match(await screen({ timestamp: 2n ** 62n }), / {2}4611686018427387904 {2}/);
});

test('a codec shows its text in key and value, and hex for another width', async () => {
  const text = await screen(
    { timestamp, key: Buffer.from([0, 0, 0, 5]), value: Buffer.from('abc') },
    { keyFormat: 'int32', valueFormat: 'int64' },
  );
  assert.equal(text, `orders:0@0  ${time}  5\n  3 bytes: 61 62 63\n`);
});

test('colour is put around the same text', async () => {
  const record = { key: 'k', headers: [['h', null]] as const, value: '{"a":[1,true,"x"]}' };
  const colored = await screen(record, { color: true });
  assert.equal(stripVTControlCharacters(colored), await screen(record));
  assert.match(colored, /\x1b\[34m"a"\x1b\[39m/);
  assert.match(colored, /\x1b\[33m1\x1b\[39m/);
  assert.match(colored, /\x1b\[32m"x"\x1b\[39m/);
  assert.doesNotMatch(await screen(record), /\x1b/);
});

test('lines of a text stay lines, and what would act is written out', async () => {
  const text = await screen({ timestamp, key: 'a\nb\x1b[2J', value: 'one\ntwo\x1b[31m\u202e\n' });
  assert.equal(text, `orders:0@0  ${time}  a\\nb\\x1b[2J\n  one\n  two\\x1b[31m\\u202e\\n\n`);
});

test('a long value is folded to the width, cut, and says how much more there is and how to see it', async () => {
  const value = '日本x'.repeat(5000);
  const rows = (await screen({ value }, { columns: 60 })).trimEnd().split('\n');
  const shown = rows
    .slice(1, -1)
    .map((row) => row.slice(2))
    .join('');
  assert.equal(rows.length, 1 + 24 + 1);
  assert.ok(value.startsWith(shown));
  const rest = Buffer.byteLength(value) - Buffer.byteLength(shown);
  assert.equal(rows.at(-1), `  … ${rest.toLocaleString('en-US')} more bytes (-o json or -o value shows all)`);
});

test('long JSON, keys and header values, many headers and binary are cut with a sign, too', async () => {
  const array = JSON.stringify(Array.from({ length: 1000 }, (_, index) => index));
  assert.match(await screen({ value: array }), /\n {4}22,\n {2}… 3,8\d\d more bytes \(-o json or -o value shows all\)\n$/);
  assert.match(await screen({ key: 'k'.repeat(5000) }), /… 4,\d{3} more bytes \(-o json shows all\)\n {2}null\n$/);
  const many = Array.from({ length: 25 }, () => ['h', 'x'.repeat(1000)] as const);
  const text = await screen({ headers: many });
  assert.equal(text.match(/… 8\d\d more bytes \(-o json shows all\)/g)?.length, 20);
  assert.match(text, /\n {2}… 5 more headers \(-o json shows all\)\n {2}null\n$/);
  assert.match(await screen({ value: Buffer.alloc(100, 0xfe) }), /100 bytes: (fe ?){5}[\s\S]*… 68 more bytes/);
});

test('exactly twenty headers need no sign', async () => {
  assert.doesNotMatch(await screen({ headers: Array.from({ length: 20 }, () => ['h', 'v'] as const) }), /…/);
});

test('into a pipe nothing is folded or cut', async () => {
  const value = JSON.stringify({ text: 'y'.repeat(100_000) });
  const bytes = await rendered([{ value, key: 'k'.repeat(9000) }], { style: 'pretty' }, { columns: 40 });
  assert.match(bytes.toString(), /k{9000}\n {2}\{\n {4}"text": "y{100000}"\n {2}\}\n$/);
});

test('whatever the record and the width, no row of fields is wider than the screen and JSON keeps its text', async () => {
  const field = fc.oneof(
    fc.json(),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  await fc.assert(
    fc.asyncProperty(field, field, fc.integer({ min: 20, max: 200 }), async (key, value, columns) => {
      const rows = (await screen({ key, value, headers: [[key, value]] }, { columns })).slice(0, -1).split('\n');
      for (const row of rows) assert.ok(stringWidth(row) <= columns || row.includes('more bytes'), row);
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.json({ noUnicodeString: true } as object), async (value) => {
      const text = (await rendered([{ value }], { style: 'pretty' })).toString();
      assert.deepEqual(JSON.parse(text.slice(text.indexOf('\n'))), JSON.parse(value));
    }),
  );
});

test('JSON nested a thousand deep stays on the screen', async () => {
  const deep = '['.repeat(1000) + ']'.repeat(1000);
  const rows = (await screen({ value: deep }, { columns: 40 })).split('\n');
  assert.ok(rows.length < 40 && rows.every((row) => row.length <= 60));
});
