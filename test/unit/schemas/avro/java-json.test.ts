/** Avro's own JSON, as Java's Avro 1.12.2 prints and reads it (1.12.1 widens floats, which 1.12.2 mended). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { compiled, jsonOf, styles } from './support.ts';

const lines = readFileSync(new URL('data/java-1.12.2.txt', import.meta.url), 'utf8').split('\n');
const printed = lines.flatMap((line) => {
  const at = line.indexOf('  =>  ');
  return at === -1 ? [] : [{ schema: line.slice(0, at), json: line.slice(at + 6) }];
});

describe('what Java prints', () => {
  test('all lines are there', () => assert.equal(printed.length, 45));
  for (const { schema, json } of printed) {
    test(`${schema}: ${json}`, () => {
      const codec = compiled(schema, styles.java);
      assert.equal(jsonOf(codec, codec.encode(json)), json);
    });
  }

  test('a record in a record', () => {
    const json = lines.find((line) => line.startsWith('R => '))!.slice('R => '.length);
    const codec = compiled(
      '{"type":"record","name":"R","namespace":"a.b","fields":[{"name":"x","type":"int"},{"name":"next","type":["null","R"]}]}',
      styles.java,
    );
    assert.equal(codec.encode(json).toString('hex'), '02020400');
    assert.equal(jsonOf(codec, Buffer.from('02020400', 'hex')), json);
  });
});

describe('what Java takes', () => {
  const codec = compiled(
    '{"type":"record","name":"Q","fields":[{"name":"a","type":["null","string"],"default":null},{"name":"b","type":"long","default":7}]}',
    styles.java,
  );
  const taken: readonly (readonly [json: string, again: string])[] = [
    ['{"a":{"string":"x"},"b":1}', '{"a":{"string":"x"},"b":1}'],
    ['{"b":1,"a":null}', '{"a":null,"b":1}'],
    ['{"a":null,"b":1.0}', '{"a":null,"b":1}'],
    // Java wants all fields and all tags; kt fills in defaults, and takes a bare value that can mean only one branch.
    ['{"a":"x","b":1}', '{"a":{"string":"x"},"b":1}'],
    ['{"b":1}', '{"a":null,"b":1}'],
    ['{"a":null}', '{"a":null,"b":7}'],
  ];
  for (const [json, again] of taken) test(json, () => assert.equal(jsonOf(codec, codec.encode(json)), again));

  test('a number in quotes is refused, as Java does', () =>
    assert.throws(() => codec.encode('{"a":null,"b":"1"}'), { path: 'b', message: 'found "1", wanted long' }));
  test('a field that the record has not is refused, though Java drops it in silence', () =>
    assert.throws(() => codec.encode('{"a":null,"b":1,"c":2}'), { message: 'record Q has no field "c" (did you mean "a"?)' }));
});
