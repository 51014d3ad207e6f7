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

test("Avro is written from the JSON that is asked for: kt's own, that of Confluent's tools, or numbers and bytes under dates", async () => {
  const fields = [
    { name: 'data', type: 'bytes' },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
  ];
  const schema = { type: 'AVRO', text: JSON.stringify({ type: 'record', name: 'R', fields }), references: [] } as const;
  for (const [style, text] of [
    [undefined, '{"data":"QUJD","day":"1970-01-02"}'],
    [{ rawLogical: false, avroJson: true }, '{"data":"ABC","day":1}'],
    [{ rawLogical: true, avroJson: false }, '{"data":"QUJD","day":1}'],
  ] as const) {
    const { compiled } = await loadWritable(schema, undefined, undefined, style);
    assert.equal(compiled.encode(text).toString('latin1'), '\x06ABC\x02', text);
  }
});
