/** Where data does not fit its schema is spelled alike for every kind of schema, and as expressions name it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAvro } from '../../../src/schemas/avro/parse.ts';
import { pathText } from '../../../src/schemas/path-text.ts';

test('fields, indexes and keys of maps', () => {
  assert.equal(pathText([]), '');
  assert.equal(pathText(['items', 2, 'price']), 'items[2].price');
  assert.equal(pathText([0, '$ref', '_a1']), '[0].$ref._a1');
  assert.equal(pathText(['counts', 'a b', 'x-y', '7']), 'counts["a b"]["x-y"]["7"]');
  assert.equal(pathText(['order', '[shop.rating]', '[no extension']), 'order[shop.rating]["[no extension"]');
});

test("in a schema's default too", () => {
  const map = { type: 'map', values: { type: 'array', items: 'int' } };
  const field = { name: 'm', type: map, default: { 'a b': [1, 'x'] } };
  const text = JSON.stringify({ type: 'record', name: 'R', fields: [field] });
  assert.throws(() => parseAvro(text, { checksDefaults: true }), { message: /default\["a b"\]\[1\]/ });
});
