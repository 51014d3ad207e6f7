import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import { appendJsonText, isJson } from '../../../../src/base/bytes/json-text.ts';
import { invalidUtf8 } from '../../render/records/bytes.ts';

/** What is embedded for a text that lies between bytes which would make it longer; undefined when it is no JSON. */
function embedded(text: string | Uint8Array): string | undefined {
  const content = Buffer.from(text as string);
  const bytes = Buffer.concat([Buffer.from('"1'), content, Buffer.from('0"]}')]);
  const sink = new ByteSink(8);
  const valid = appendJsonText(sink, bytes, 2, 2 + content.length);
  assert.equal(isJson(bytes, 2, 2 + content.length), valid);
  if (!valid) assert.equal(sink.length, 0);
  return valid ? sink.buf.toString('utf8', 0, sink.length) : undefined;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('numbers keep every digit and spaces stay, line breaks go', () => {
  assert.equal(embedded('{"id": 9223372036854775807, "x": 1.10e+400}'), '{"id": 9223372036854775807, "x": 1.10e+400}');
  assert.equal(embedded('\n{\r\n  "a": [1,\n\t2]\n}\n'), '{  "a": [1,\t2]}');
  assert.equal(embedded(' "a\\nb" '), '"a\\nb"');
});

test('what is not quite JSON is none', () => {
  const wrong = [
    '',
    ' ',
    '{',
    '}',
    '[',
    ']',
    '[1,]',
    '[,1]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    "'a'",
    '01',
    '-',
    '-01',
    '1.',
    '.5',
  ];
  const more = [
    '1e',
    '1e+',
    '+1',
    '0x1',
    'NaN',
    'Infinity',
    'tru',
    'nulll',
    'True',
    '"',
    '"a',
    '"\\"',
    '"\\x41"',
    '"\\u12g4"',
    '"\\u123',
    '[1}',
    '{"a":1]',
  ];
  for (const text of [
    ...wrong,
    ...more,
    '1 2',
    '{}{}',
    '[] x',
    '"\t"',
    '"\n"',
    '\ufeff1',
    '\u00a01',
    '1\u2028',
    '[1 2]',
    '{"a" 1}',
    '{1:2}',
    '"a""b"',
  ]) {
    assert.equal(embedded(text), undefined, JSON.stringify(text));
    assert.equal(parses(text), false, `the test's own list: ${text}`);
  }
});

test('JSON with invalid UTF-8 in a string is none', () => {
  for (const [name, wrong] of Object.entries(invalidUtf8)) {
    assert.equal(embedded(Buffer.concat([Buffer.from('{"a":"x'), Buffer.from(wrong), Buffer.from('"}')])), undefined, name);
  }
});

test('any JSON, indented or not, is embedded as one line that means the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const line = embedded(text);
      assert.deepEqual(JSON.parse(line!), JSON.parse(text));
      assert.ok(!/[\r\n]/.test(line!));
      if (indent === undefined) assert.equal(line, text);
    }),
    { numRuns: 500 },
  );
});

test('text with one character changed is JSON exactly when JSON.parse takes it', () => {
  const pieces = fc.constantFrom(...'{}[]:,"\\ \n0123-+.eEtrufalsn/b', '', 'é', '\u0001', '\\u00e9', '1e5', '"a":');
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.nat(2), pieces, (text, at, drop, piece) => {
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + piece + text.slice(place + drop);
      // A lone half of a pair cannot be written in UTF-8 at all.
      fc.pre(Buffer.from(changed).toString() === changed);
      assert.equal(embedded(changed) !== undefined, parses(changed), changed);
    }),
    { numRuns: 3000 },
  );
});

test('text nested a million deep is refused, not followed', () => {
  assert.equal(embedded('['.repeat(1_000_000)), undefined);
  assert.equal(embedded('{"a":'.repeat(1_000_000)), undefined);
  const deep = '['.repeat(1000) + ']'.repeat(1000);
  assert.equal(embedded(deep), deep);
});
