/** Records on one line each: time, place, key, value, headers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HandMade, rendered } from './records.ts';

async function lines(records: readonly HandMade[], terminal?: number, changes = {}): Promise<string[]> {
  const out = terminal === undefined ? {} : { terminal: true, columns: terminal };
  const text = (await rendered(records, { style: 'line', ...changes }, out)).toString();
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

const behindTime = (line: string): string => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\S*/, 'TIME');

test('in a pipe a line has all of a record, whatever line breaks it holds', async () => {
  const [first, second, third] = await lines([
    {
      partition: 3,
      offset: 42n,
      key: 'ann',
      value: '{\n  "plan": "free"\n}',
      headers: [
        ['a', '1'],
        ['b', null],
      ],
    },
    { key: null, value: 'two\r\nlines\x1b[2J' },
    { key: '', value: null },
  ]);
  assert.equal(behindTime(first!), 'TIME  orders:3@42  ann  { "plan": "free" }  a=1  b=null');
  assert.equal(behindTime(second!), 'TIME  orders:0@0  null  two lines\\x1b[2J');
  assert.equal(behindTime(third!), 'TIME  orders:0@0  ""  null');
});

test('on a terminal a line is cut to its width, with a sign that there is more', async () => {
  const value = 'x'.repeat(1000);
  const cut = await lines(
    [
      { key: 'ann', value },
      { key: 'ann', value: '日本'.repeat(100) },
      { key: 'k'.repeat(300), value },
    ],
    80,
  );
  assert.equal(cut.length, 3);
  assert.equal(cut[0]!.length, 80);
  for (const line of cut) assert.ok(line.endsWith('…'), line);
  const [whole] = await lines([{ key: 'ann', value: 'short', headers: [['h', 'v']] }], 80);
  assert.ok(whole!.endsWith('  ann  short  h=v'), whole);
});

test('what is no text is hex', async () => {
  const [line] = await lines([{ key: Buffer.from([0xff, 0]), value: Buffer.from([0x81, 0xa1, 0x61, 1]) }], undefined, {
    valueFormat: 'msgpack',
  });
  assert.equal(behindTime(line!), 'TIME  orders:0@0  ff00  {"a":1}');
});
