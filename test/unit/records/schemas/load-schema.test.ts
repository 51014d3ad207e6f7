import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadWritable } from '../../../../src/records/schemas/load-schema.ts';
import { SchemaDataError } from '../../../../src/schemas/data-error.ts';
import type { RegisteredSchema } from '../../../../src/schemas/registry/schema.ts';

function json(schema: object, ...references: readonly (readonly [name: string, RegisteredSchema])[]): RegisteredSchema {
  return {
    type: 'JSON',
    text: JSON.stringify(schema),
    references: references.map(([name, referred]) => ({ name, subject: name, version: 1, schema: referred })),
  };
}

test('a JSON Schema may refer to one that refers to others, and two of them to the same', async () => {
  const money = json({ type: 'object', required: ['currency'] });
  const item = json({ properties: { price: { $ref: 'money.json' } } }, ['money.json', money]);
  const bill = json({ properties: { total: { $ref: 'money.json' } } }, ['money.json', money]);
  const order = json(
    { properties: { item: { $ref: 'item.json' }, bill: { $ref: 'bill.json' } } },
    ['item.json', item],
    ['bill.json', bill],
  );
  const { compiled } = await loadWritable(order, undefined);
  assert.equal(compiled.encode('{"item":{"price":{"currency":"EUR"}}}').toString(), '{"item":{"price":{"currency":"EUR"}}}');
  for (const [line, path] of [
    ['{"item":{"price":{}}}', 'item.price'],
    ['{"bill":{"total":{}}}', 'bill.total'],
  ] as const) {
    assert.throws(
      () => compiled.encode(line),
      (error) => error instanceof SchemaDataError && error.path === path,
    );
  }
});
