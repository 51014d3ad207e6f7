/** Java's .properties syntax; the expectations were printed by java.util.Properties (Java 17), which 200,000 random texts were compared with too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeProperties, parseProperties } from '../../../src/settings/properties-file.ts';

const read = (text: string) => parseProperties(text, 'client.properties').map(({ name, value }) => [name, value]);

test('a properties file is read as Java reads it', () => {
  const table: [string, [string, string][]][] = [
    ['a=b', [['a', 'b']]],
    ['a:b', [['a', 'b']]],
    ['a b', [['a', 'b']]],
    ['  a \t=\f b ', [['a', 'b ']]],
    ['a==b', [['a', '=b']]],
    ['a = : b', [['a', ': b']]],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['# c\n! d\n\n \t\na=1', [['a', '1']]],
    ['a=1 # no comment', [['a', '1 # no comment']]],
    [
      'a=1\r\nb=2\rc=3',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['a=1,\\\n    2,\\\n\t3', [['a', '1,2,3']]],
    [
      'a=1\\\\\nb=2',
      [
        ['a', '1\\'],
        ['b', '2'],
      ],
    ],
    ['a=1\\\\\\\n2', [['a', '1\\2']]],
    [
      'a=1\\\n\nb=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1\\\n#2', [['a', '1#2']]],
    ['# c\\\na=1', [['a', '1']]],
    ['\\\n#c\na=1', [['a', '1']]],
    ['a=1\\', [['a', '1']]],
    ['a\\=b\\:c\\ d=e', [['a=b:c d', 'e']]],
    ['a=\\t\\n\\r\\f\\q\\"', [['a', '\t\n\r\fq"']]],
    ['a=\\u00e9\\u20AC', [['a', 'é€']]],
    ['a=\\\\u0041', [['a', '\\u0041']]],
    [
      'a=1\na=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['', []],
  ];
  for (const [text, entries] of table) assert.deepEqual(read(text), entries, JSON.stringify(text));
});

test('each entry knows the line it begins on', () => {
  assert.deepEqual(
    parseProperties('# c\na=1\\\n 2\n\nb=3', 'f').map(({ line }) => line),
    [2, 5],
  );
});

test('a malformed unicode escape is refused with its line, and nothing of the text', () => {
  assert.throws(
    () => parseProperties('a=1\nsasl.password=hunter2\\u12', 'client.properties'),
    (error: Error) => error.message.startsWith('client.properties, line 2: \\u') && !error.message.includes('hunter2'),
  );
});

test('bytes are UTF-8 where they can be, else ISO-8859-1 as in Java', () => {
  assert.equal(decodeProperties(Buffer.from('a=é€', 'utf8')), 'a=é€');
  assert.equal(decodeProperties(Buffer.from('a=é', 'latin1')), 'a=é');
});
