import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesOrNull, someBytes } from './bytes.ts';
import { rendered } from './records.ts';

const hostile = '\x1b]0;title\x07\x9b2J\u202e\r\nsecond\tline';

test('raw writes the bytes of values and nothing between them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(bytesOrNull), async (values) => {
      const written = await rendered(
        values.map((value) => ({ value, key: 'k' })),
        { style: 'raw' },
      );
      assert.deepEqual(written, Buffer.concat(values.filter((value) => value !== null)));
    }),
  );
});

test('values into a pipe are exact whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someBytes), async (values) => {
      const expected = Buffer.concat(values.flatMap((value) => [value, Buffer.from('\n')]));
      assert.deepEqual(await rendered(values.map((value) => ({ value }))), expected);
      assert.deepEqual(
        await rendered(
          values.map((value) => ({ value })),
          { valueFormat: 'json' },
        ),
        expected,
      );
    }),
  );
});

test('on a terminal values are harmless in both styles, and their line ends stay', async () => {
  const escaped = '\\x1b]0;title\\x07\\x9b2J\\u202e\\r\nsecond\\tline';
  assert.equal((await rendered([{ value: hostile }], {}, { terminal: true })).toString(), `${escaped}\n`);
  assert.equal((await rendered([{ value: hostile }], { style: 'raw' }, { terminal: true })).toString(), escaped);
});

test('no bytes at all put a control character on a terminal', async () => {
  await fc.assert(
    fc.asyncProperty(someBytes, fc.constantFrom('value', 'raw', 'json', 'pretty'), async (value, style) => {
      const record = { key: value, value, headers: [[value, value]] as const };
      const text = (await rendered([record], { style }, { terminal: true })).toString();
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/u);
    }),
    { numRuns: 500, examples: [[Buffer.from(hostile), 'pretty']] },
  );
});

test('a codec shows its text, and hex where the bytes are of another width', async () => {
  const values = [Buffer.from('0000000000000001', 'hex'), Buffer.from('abc'), null];
  assert.equal(
    (
      await rendered(
        values.map((value) => ({ value })),
        { valueFormat: 'int64' },
      )
    ).toString(),
    '1\n616263\n\n',
  );
});
