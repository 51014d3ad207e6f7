import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import { SchemaDataError } from '../../../../src/schemas/data-error.ts';
import { compileJsonSchema } from '../../../../src/schemas/json-schema/compile.ts';

const order = {
  title: 'Order',
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer' },
    status: { enum: ['PAID', 'OPEN'] },
    items: { type: 'array', items: { type: 'object', properties: { price: { type: 'number', minimum: 0 } } } },
    email: { type: 'string', format: 'email' },
  },
};
const drafts = [
  undefined,
  'http://json-schema.org/draft-04/schema#',
  'http://json-schema.org/draft-06/schema#',
  'http://json-schema.org/draft-07/schema#',
  'https://json-schema.org/draft/2019-09/schema',
  'https://json-schema.org/draft/2020-12/schema',
];

function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SchemaDataError, String(error));
    return `${error.path}: ${error.message}`;
  }
  return 'none';
}

for (const $schema of drafts) {
  test(`a value is checked before it is written: ${$schema ?? 'no draft named'}`, async () => {
    const schema = await compileJsonSchema(JSON.stringify({ $schema, ...order }), [], true);
    const line = '{"id": 12345678901234567890,  "items":[{"price":1.50}]}';
    assert.equal(schema.encode(line).toString(), line);
    const wrong = (value: unknown) => problem(() => schema.encode(JSON.stringify(value)));
    assert.equal(wrong({ id: 1, items: [{ price: 1 }, { price: 'abc' }] }), 'items[1].price: found "abc", wanted number');
    assert.equal(wrong({}), ': "id" is missing');
    assert.equal(wrong({ id: 1, nope: 2 }), ': "nope" is not in the schema');
    assert.equal(wrong({ id: 1, status: 'LOST' }), 'status: found "LOST", wanted "PAID" or "OPEN"');
    assert.equal(wrong({ id: 1, items: [{ price: -1 }] }), 'items[0].price: found -1, which must be >= 0');
    assert.equal(wrong({ id: 1, email: 'me' }), 'email: found "me", which must match format "email"');
    assert.match(
      problem(() => schema.encode('{"id":')),
      /JSON/,
    );
  });
}

test('a schema may refer to others by the name they are registered under', async () => {
  const money = { name: 'money.json', text: '{"type":"object","required":["currency"]}' };
  for (const $id of [undefined, 'https://shop.example/order.json']) {
    const schema = await compileJsonSchema(
      JSON.stringify({ $id, type: 'object', properties: { total: { $ref: 'money.json' } } }),
      [money],
      true,
    );
    assert.equal(
      problem(() => schema.encode('{"total":{}}')),
      'total: "currency" is missing',
    );
  }
  await assert.rejects(compileJsonSchema('{"$ref":"other.json"}', [], true), /other\.json/);
});

test('what is read is shown to the last digit, and what is not JSON is an error', async () => {
  const schema = await compileJsonSchema(JSON.stringify(order), [], false);
  const sink = new ByteSink(10);
  const bytes = Buffer.from('--{"id":12345678901234567890}--');
  schema.writeJson(bytes, 2, bytes.length - 2, sink);
  assert.equal(sink.buf.toString('utf8', 0, sink.length), '{"id":12345678901234567890}');
  assert.deepEqual(schema.decode(bytes, 2, bytes.length - 2), { id: 12345678901234567890n });
  assert.throws(() => schema.decode(bytes, 0, bytes.length), SchemaDataError);
  assert.throws(() => schema.writeJson(bytes, 0, bytes.length, sink), SchemaDataError);
  assert.equal(schema.type, 'Order');
});

test('a value of any depth is an answer or an error, never a crash', async () => {
  const schema = await compileJsonSchema('{"type":"array","items":{"$ref":"#"}}', [], true);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  assert.match(
    problem(() => schema.encode(deep)),
    /deep|none/,
  );
});

test('a schema may have thousands of properties', async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `f${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'integer' }]));
  const { encode } = await compileJsonSchema(JSON.stringify({ properties, additionalProperties: false }), [], true);
  const value = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index])));
  assert.equal(encode(value).toString(), value);
  assert.throws(() => encode('{"f9999":"x"}'), { path: 'f9999', message: 'found "x", wanted integer' });
  assert.throws(() => encode('{"g":1}'), { message: '"g" is not in the schema' });
});
