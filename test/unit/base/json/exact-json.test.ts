/** JSON with every digit. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { exactJsonText, parseExactJson, readExactJson } from '../../../../src/base/json/exact-json.ts';

test('what JSON.parse gives, where that loses nothing', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat({ max: 3 }), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), undefined, indent);
      fc.pre(!/\d{16}/.test(text));
      assert.deepEqual(readExactJson(text), JSON.parse(text));
      assert.equal(exactJsonText(readExactJson(text)), JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('integers keep every digit', () => {
  const text = '[9007199254740993, -9223372036854775808, 9007199254740991, 1e20, 1.0, -0, "9007199254740993"]';
  const values = [9007199254740993n, -9223372036854775808n, 9007199254740991, 1e20, 1, -0, '9007199254740993'];
  assert.deepEqual(readExactJson(text), values);
  assert.deepEqual(parseExactJson(text), values);
  assert.equal(exactJsonText([9007199254740993n, { a: 1n }]), '[9007199254740993,{"a":1}]');
  assert.deepEqual(parseExactJson('[1, {"a": null}]'), [1, { a: null }]);
});

test('names that objects have are names like others; the last of two counts', () => {
  const value = readExactJson('{"__proto__": 1, "constructor": 2, "a": 3, "a": 4}');
  assert.deepEqual(Object.entries(value as object), [
    ['__proto__', 1],
    ['constructor', 2],
    ['a', 4],
  ]);
});

test('comments, only where they are wanted', () => {
  assert.deepEqual(readExactJson('/* a */ [1, // b\n 2]', true), [1, 2]);
  assert.throws(() => readExactJson('[1, // b\n 2]'), { message: 'line 1, column 5: // is no JSON value' });
  assert.throws(() => readExactJson('[1, /* b\n 2]', true), { message: 'line 1, column 5: /* is no JSON value' });
});

test('long texts and many comments', () => {
  const long = 9_007_199_254_740_993n;
  const million = 1_000_000;
  for (const string of ['a'.repeat(million), '\n'.repeat(million), '"\\é\u{1f600}'.repeat(million)])
    assert.ok((parseExactJson(`[${JSON.stringify(string)},${long}]`) as string[])[0] === string);
  assert.deepEqual(readExactJson(`[${'/* a */ // b\n'.repeat(million)}${long}]`, true), [long]);
});

test('data may be nested as deep as JSON.parse takes it', () => {
  let value = parseExactJson(`${'['.repeat(2000)}9007199254740993${']'.repeat(2000)}`);
  while (Array.isArray(value)) value = value[0]!;
  assert.equal(value, 9007199254740993n);
});

describe('refused, with line and column', () => {
  const refused: readonly (readonly [text: string, message: string])[] = [
    ['', 'line 1, column 1: the text ends too early'],
    ['[1\n 2]', 'line 2, column 2: a comma or ] is wanted'],
    ['{"a" 1}', 'line 1, column 6: a colon is wanted'],
    ['{a: 1}', 'line 1, column 2: a name in quotes is wanted'],
    ['"a\tb"', 'line 1, column 1: this string is no JSON string'],
    ['01', 'line 1, column 1: 01 is no JSON value'],
    ['1 2', 'line 1, column 3: text follows the value'],
    ['['.repeat(1002), 'line 1, column 1002: nested deeper than 1000'],
  ];
  for (const [text, message] of refused) {
    test(text.slice(0, 20), () => assert.throws(() => readExactJson(text), { name: 'SyntaxError', message }));
  }
});
