/**
 * What Java's JsonFormat prints, as Confluent's console consumer uses it. kt's JSON means the same, and differs in its text: `<` is no
 * escape, and 1.0 is 1. It also shows an Any that Confluent's consumer cannot, since the schema has the type.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { data, hexOf, jsonOf, schemaOf } from './support.ts';

const java = new Map(
  data('java-json.txt')
    .toString()
    .split('\n')
    .map((line) => /^(.*?):? ([[{].*|[0-9a-f]+)$/.exec(line)!)
    .filter(Boolean)
    .map(([, name, text]) => [name!, text!]),
);
const fullBytes = java.get('bytes')!;

const cases = {
  empty: '',
  full: fullBytes,
  // Infinity in `fl`, NaN in `db`.
  nan: '55 0000807f 59 000000000000f87f',
  // `e` is 9, which has no name.
  unkenum: '60 09',
  unkfield: 'a006 01',
};

for (const [name, hex] of Object.entries(cases)) {
  test(`the message "${name}" is shown as Java shows it with defaults, in the order of field numbers`, async () => {
    const message = (await schemaOf(data('java.proto').toString())).compile('t.M');
    const shown = JSON.parse(jsonOf(message, hex));
    const expected = JSON.parse(java.get(`${name} confluent`)!);
    assert.deepEqual(shown, expected);
    assert.deepEqual(Object.keys(shown), Object.keys(expected));
    assert.equal(message.isLossy, name === 'unkfield');
  });
}

test('the text is that of Java but for its escapes and fractions of zero', async () => {
  const message = (await schemaOf(data('java.proto').toString())).compile('t.M');
  const expected = java
    .get('full confluent')!
    .replaceAll(/\\u(00..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replaceAll('1.0E21', '1e+21')
    .replaceAll('1.0', '1');
  assert.equal(jsonOf(message, fullBytes), expected);
});

test('what Java prints, in any of its ways, is read to the bytes that Java wrote', async () => {
  const message = (await schemaOf(data('java.proto').toString())).compile('t.M');
  for (const way of ['plain', 'confluent', 'confluent+names'])
    assert.equal(hexOf(message, java.get(`full ${way}`)!), fullBytes);
});

test('an Any whose type is in the schema is shown by its fields', async () => {
  const message = (await schemaOf(data('java.proto').toString())).compile('t.M');
  const any = hexOf(message, java.get('any-reg')!);
  assert.equal(any, `aa011f${'0a18'}${Buffer.from('type.googleapis.com/t.In').toString('hex')}12030a0141`);
  assert.deepEqual(JSON.parse(jsonOf(message, any)).any, { '@type': 'type.googleapis.com/t.In', s: 'A' });
});

test('fields of proto2 are shown with the default that they declare', async () => {
  const message = (await schemaOf(data('java-proto2.proto').toString())).compile('t2.P');
  assert.equal(jsonOf(message, ''), java.get('empty2 confluent'));
});
