/** Schemas in one piece, and how people name them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReference, parseSchemaName, parseSubject, parseVersion } from '../../../../src/schemas/registry/name.ts';
import { resolvedText } from '../../../../src/schemas/registry/resolved-text.ts';
import type { RegisteredSchema } from '../../../../src/schemas/registry/schema.ts';

function schema(value: unknown, references: Record<string, RegisteredSchema> = {}): RegisteredSchema {
  const all = Object.entries(references).map(([name, each]) => ({ name, subject: name, version: 1, schema: each }));
  return { id: 1, type: 'AVRO', text: typeof value === 'string' ? value : JSON.stringify(value), references: all };
}

const record = (name: string, fields: Record<string, unknown>, more: object = {}) => ({
  type: 'record',
  name,
  ...more,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

test('a named type of Avro stands where it is used first, and by name after that', () => {
  const city = schema(record('City', { name: 'string' }, { namespace: 'geo' }));
  const address = schema(record('Address', { city: 'geo.City' }, { namespace: 'shop' }), { 'geo.City': city });
  const order = schema(
    record(
      'Order',
      { to: ['null', 'Address'], from: { type: 'array', items: 'shop.Address' }, in: 'geo.City' },
      { namespace: 'shop' },
    ),
    { 'shop.Address': address, 'geo.City': city },
  );
  const wholeCity = record('City', { name: 'string' }, { namespace: 'geo' });
  assert.deepEqual(
    JSON.parse(resolvedText(order)),
    record(
      'Order',
      {
        to: ['null', record('Address', { city: wholeCity }, { namespace: 'shop' })],
        from: { type: 'array', items: 'shop.Address' },
        in: 'geo.City',
      },
      { namespace: 'shop' },
    ),
  );
});

test('a type without a namespace keeps none where it comes to stand in one', () => {
  const bare = schema(record('Bare', { a: 'int' }));
  const outer = schema(record('Outer', { bare: 'Bare' }, { namespace: 'shop' }), { Bare: bare });
  assert.equal(JSON.parse(resolvedText(outer)).fields[0].type.namespace, '');
});

test('integers keep all their digits, and a number that would come out changed is refused', () => {
  const other = schema(record('Other', { a: 'int' }));
  const text = '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":9007199254740993}]}';
  assert.match(resolvedText(schema(text, { Other: other })), /"default": 9007199254740993\n/);
  for (const kept of ['0.10', '1e3', '-1.5E-7', '12000.0']) {
    resolvedText(schema(text.replace('9007199254740993', kept), { Other: other }));
  }
  for (const changed of ['0.12345678901234567891', '1e400']) {
    assert.throws(() => resolvedText(schema(text.replace('9007199254740993', changed), { Other: other })), {
      kind: 'usage',
      message: new RegExp(`the number ${changed} in it would change`),
    });
  }
  assert.equal(resolvedText(schema(text)), text);
  const fine = text.replace('9007199254740993', '"9007199254740993"');
  assert.match(resolvedText(schema(fine, { Other: other })), /"9007199254740993"/);
});

test('JSON Schema gets definitions under the names by which it refers to them, as its draft calls them', () => {
  const part = schema({ type: 'string' });
  const old = {
    ...schema({ $schema: 'http://json-schema.org/draft-07/schema#', definitions: { own: {} } }, { 'part.json': part }),
  };
  assert.deepEqual(JSON.parse(resolvedText({ ...old, type: 'JSON' })).definitions, {
    own: {},
    'part.json': { type: 'string', $id: 'part.json' },
  });
  const now = schema({ $ref: 'part.json' }, { 'part.json': part });
  assert.deepEqual(Object.keys(JSON.parse(resolvedText({ ...now, type: 'JSON' }))), ['$ref', '$defs']);
});

test('files of Protobuf follow each other, those first that others import', () => {
  const file = (text: string, references = {}): RegisteredSchema => ({ ...schema(text, references), type: 'PROTOBUF' });
  const base = file('syntax = "proto3";\n');
  const middle = file('import "base.proto";', { 'base.proto': base });
  const text = resolvedText(file('message M {}', { 'middle.proto': middle, 'base.proto': base }));
  assert.equal(
    text,
    '// base.proto (base.proto@1)\nsyntax = "proto3";\n\n// middle.proto (middle.proto@1)\nimport "base.proto";\n\nmessage M {}',
  );
});

test('schemas are named by subject, version or id', () => {
  assert.deepEqual(parseSchemaName('orders-value'), { kind: 'subject', subject: 'orders-value', version: undefined });
  assert.deepEqual(parseSchemaName('orders@12'), { kind: 'subject', subject: 'orders', version: 12 });
  assert.deepEqual(parseSchemaName(':.shop:a@b@latest'), { kind: 'subject', subject: ':.shop:a@b', version: 'latest' });
  assert.deepEqual(parseSchemaName('id:0042'), { kind: 'id', id: 42 });
  assert.deepEqual(parseReference('a.proto=money@3'), { name: 'a.proto', subject: 'money', version: 3 });
  for (const text of ['id:', 'id:-1', 'id:2147483648', 'id:1e3', '@1', ''])
    assert.throws(() => parseSchemaName(text), { kind: 'usage' }, text);
  for (const text of ['0', '-1', 'newest', '1.5', '']) assert.throws(() => parseVersion(text), { kind: 'usage' }, text);
  for (const text of ['=a@1', 'a', 'a=b', 'a=b@latest', 'a=@1'])
    assert.throws(() => parseReference(text), { kind: 'usage' }, text);
  assert.throws(() => parseSubject('id:1'), { kind: 'usage', message: /a subject is wanted/ });
});
