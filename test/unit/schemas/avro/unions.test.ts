/** Unions: bare where JSON's kind tells the branches apart, else tagged. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compiled, jsonOf, styles } from './support.ts';

const record = (name: string, ...fields: string[]) => ({
  type: 'record',
  name,
  fields: fields.map((field) => ({ name: field, type: 'string' })),
});
const date = { type: 'int', logicalType: 'date' };
const map = (values: unknown) => ({ type: 'map', values });

/** What is read back is what was written, so one text shows both. */
const shown: readonly (readonly [union: readonly unknown[], ...texts: string[]])[] = [
  [['null', 'string'], 'null', '"x"'],
  [['string', 'long', 'double', 'boolean'], '"x"', '{"long":5}', '{"double":0.5}', 'true'],
  [['string', 'bytes', 'int'], '{"string":"AA=="}', '{"bytes":"AA=="}', '5'],
  [['null', 'long', date], 'null', '5', '"2026-02-28"'],
  [['null', 'string', date], '{"string":"2026-02-28"}', '{"int":"2026-02-28"}'],
  [['string', 'double'], '"NaN"', '0.5', '{"double":"NaN"}'],
  [['null', 'double'], '"NaN"', '0.5'],
  [['double', map('string'), 'string'], '{"map":{"double":"x"}}', '{"double":"-Infinity"}'],
  [['null', record('R', 'a')], '{"a":"x"}'],
  [['null', record('R', 'R')], '{"R":"x"}'],
  [['string', record('R', 'string')], '{"string":"x"}', '"x"'],
  [[record('n.R', 'a'), record('m.R', 'a')], '{"n.R":{"a":"x"}}', '{"m.R":{"a":"x"}}'],
  [[record('R', 'a'), map('string')], '{"R":{"a":"x"}}', '{"map":{"a":"x"}}'],
  [['int', 'long', record('R', 'a')], '{"int":1}', '{"long":1}', '{"R":{"a":"x"}}'],
  [['null', map('string')], '{"map":"x"}', '{"string":"x"}', '{}'],
  [['null', map(map('int'))], '{"map":{"map":1}}', '{"map":{}}'],
  [[{ type: 'enum', name: 'E', symbols: ['A'] }, 'string'], '{"E":"A"}', '{"string":"A"}'],
];

describe('shown, and taken as shown', () => {
  for (const [union, ...texts] of shown) {
    for (const text of texts) {
      test(`${JSON.stringify(union)}: ${text}`, () => {
        const codec = compiled(union);
        assert.equal(jsonOf(codec, codec.encode(text)), text);
      });
    }
  }
  test('raw numbers are alike where dates were not', () => {
    const codec = compiled(['long', date], styles.raw);
    assert.equal(jsonOf(codec, codec.encode('{"int":5}')), '{"int":5}');
  });
});

const taken: readonly (readonly [union: readonly unknown[], text: string, again: string])[] = [
  [['null', 'string'], '{"string":"x"}', '"x"'],
  [['null', record('n.R', 'a')], '{"n.R":{"a":"x"}}', '{"a":"x"}'],
  [['null', map('int')], '{"map":{"a":1}}', '{"a":1}'],
  [['string', map('int')], '{"string":"x"}', '"x"'],
  [['null', date], '20512', '"2026-02-28"'],
  [['null', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }], '1.5', '"1.50"'],
];

describe('taken in another form too', () => {
  for (const [union, text, again] of taken) {
    test(`${JSON.stringify(union)}: ${text}`, () => assert.equal(jsonOf(compiled(union), compiled(union).encode(text)), again));
  }
});

const refused: readonly (readonly [union: readonly unknown[], text: string, message: string])[] = [
  [['null', 'string'], '5', 'found 5, wanted null or string'],
  [['int', 'long'], '5', 'found 5, wanted {"int": …} or {"long": …}, since 2 branches of the union could be meant'],
  [['int', 'long'], '{"lon":5}', 'the union has no "lon" (did you mean "long"?)'],
  [['int', 'long'], '{"int":5,"long":5}', 'a tag has one member only'],
  [['int', 'long'], '{}', 'found {}, wanted one of int, long in a tag'],
  [[], 'null', 'found null, wanted nothing, since the union is empty'],
];

describe('refused', () => {
  for (const [union, text, message] of refused) {
    test(`${JSON.stringify(union)}: ${text}`, () => assert.throws(() => compiled(union).encode(text), { message }));
  }
});
