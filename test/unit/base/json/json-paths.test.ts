/** Fields of JSON objects are found in the bytes as the whole value would have them; what is not JSON is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExactJson } from '../../../../src/base/json/exact-json.ts';
import { JsonPaths } from '../../../../src/base/json/json-paths.ts';

const paths = [['id'], ['user', 'country'], ['user', 'tags'], ['größe']];

/** Reads each text with one reader, as the records of a topic are read, out of a buffer that goes on behind it. */
function readAll(texts: readonly string[]): readonly (readonly unknown[] | false)[] {
  const json = new JsonPaths();
  const slots = paths.map((path) => json.slot(path));
  return texts.map((text) => {
    const bytes = Buffer.from(`{"${text}"}`);
    return json.read(bytes, 2, bytes.length - 2) && slots.map((slot) => json.value(slot));
  });
}

function fieldsOf(text: string): readonly unknown[] {
  return paths.map((path) =>
    path.reduce((of, name) => (of as Record<string, unknown> | undefined)?.[name], parseExactJson(text) as unknown),
  );
}

test('records that look alike, and those in between that do not, give what their whole values hold', () => {
  const texts = [
    '{"id":1,"user":{"country":"DE","tags":["a"]},"größe":1.5}',
    '{"id":2,"user":{"country":"FR","tags":[]},"größe":-0}',
    '{"id":2,"user":{"country":"FR"},"größe":1e3}',
    '{"id":9007199254740993,"user":{"country":null,"tags":{"x":[{"id":3}]}},"größe":true}',
    '{"user":{"country":"É\\u0041","tags":"a"},"id":-7.25}',
    '{"user":[{"country":"XX"}],"id":4}',
    '{"id":5,"user":"none"}',
    '{}',
    ' {\n "id" : 6 ,\r\n\t"user" : { "country" : "IT" } } ',
    ' {\n "id" : 7 ,\r\n\t"user" : { "country" : "ES" } } ',
    '{"other":{"id":1,"user":{"country":"XX"}},"gr\\u00f6\\u00dfe":"small","list":[{"id":1},[{"user":{}}]]}',
    '{"id":0.1,"user":{"country":false}}',
    '{"id":123456789012345,"größe":1234567890123456}',
    '{"id":0.30000000000000004,"größe":5e-324}',
  ];
  assert.deepStrictEqual(readAll([...texts, ...texts]), [...texts, ...texts].map(fieldsOf));
});

test('of a name that is there twice the last counts, with all that is in it', () => {
  for (const text of [
    '{"id":1,"id":2}',
    '{"id":1,"\\u0069d":2}',
    '{"user":{"country":"DE","tags":1},"user":{"country":"FR"}}',
    '{"user":{"country":"DE"},"user":5}',
    '{"user":{"country":"DE","country":"FR"},"user":{"tags":[]}}',
  ])
    assert.deepStrictEqual(readAll([text, text]), [fieldsOf(text), fieldsOf(text)], text);
});

test('what is no object, not JSON to the end, or nested deep, is not read', () => {
  const whole = '{"id":1,"user":{"country":"DE","tags":[true,false,null,-1.5e-7]}}';
  const cut = Array.from({ length: whole.length - 1 }, (_, length) => whole.slice(0, length));
  const wrong = [
    '[1]',
    '"a"',
    '1',
    '',
    '\ufeff{}',
    '{"id":1}x',
    '{"id":1,}',
    '{,"id":1}',
    '{"id" 1}',
    '{id:1}',
    '{"id":01}',
    '{"id":+1}',
    '{"id":.5}',
  ]
    .concat([
      '{"id":1.}',
      '{"id":1e}',
      '{"id":nul}',
      '{"id":fals}',
      '{"id":"a\tb"}',
      '{"id":"\\x"}',
      '{"id":"\\u12g4"}',
      '{"id":[1,]}',
      '{"id":[1 2]}',
    ])
    .concat([
      '{"id":1}}',
      '{"a":\u00a01}',
      '{"id":{]}',
      `{"id":${'['.repeat(300)}${']'.repeat(300)}}`,
      `${'{"id":'.repeat(300)}1${'}'.repeat(300)}`,
    ]);
  const all = [whole, ...cut, ...wrong, whole];
  assert.deepStrictEqual(
    readAll(all).map((fields) => fields !== false),
    all.map((text) => text === whole),
  );
  const notUtf8 = Buffer.from('{"id":"\xff"}', 'latin1');
  assert.equal(new JsonPaths().read(notUtf8, 0, notUtf8.length), false);
});

test('objects whose names are always others are read like any', () => {
  const texts = Array.from(
    { length: 3000 },
    (_, index) => `{"n${index}":{"m${index}":1},"id":${index},"user":{"country":"c${index}"}}`,
  );
  assert.deepStrictEqual(readAll(texts), texts.map(fieldsOf));
});

test('a path that is added later is found from the next reading on', () => {
  const json = new JsonPaths();
  const bytes = Buffer.from('{"a":1,"b":{"c":"text"}}');
  const first = json.slot(['a']);
  assert.equal(json.slot(['a']), first);
  assert.ok(json.read(bytes, 0, bytes.length));
  const second = json.slot(['b', 'c']);
  const around = json.slot(['b']);
  assert.equal(json.value(second), undefined);
  assert.ok(json.read(bytes, 0, bytes.length));
  assert.deepEqual(
    [first, second, around].map((slot) => json.value(slot)),
    [1, 'text', { c: 'text' }],
  );
});
