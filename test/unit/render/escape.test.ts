/** Text that could act on a terminal becomes text that is only read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visible, visibleLines } from '../../../src/render/escape.ts';
import { jsonLine } from '../../../src/render/json.ts';

test('controls, escape sequences and direction changes are written out', () => {
  const table: [string, string][] = [
    ['plain é 日本 👩‍🚀', 'plain é 日本 👩‍🚀'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['\x9b31m', '\\x9b31m'],
    ['a\tb\r\nc\0', 'a\\tb\\r\\nc\\x00'],
    ['\u202eabc\u2066', '\\u202eabc\\u2066'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['half \ud800 pair', 'half \\ud800 pair'],
  ];
  for (const [text, shown] of table) assert.equal(visible(text), shown);
  assert.equal(visibleLines('a\x07\nb'), 'a\\x07\nb');
});

test('in any text nothing is left that acts on a terminal; JSON still means the same text', () => {
  const acting = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(visible(text), acting);
      const json = jsonLine({ text }).trimEnd();
      assert.doesNotMatch(json, acting);
      assert.equal(JSON.parse(json).text, text);
    }),
  );
});
