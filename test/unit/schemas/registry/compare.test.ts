/** What differs between two schemas, and what of it breaks readers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaks, compareSchemas } from '../../../../src/schemas/registry/compare/compare.ts';
import type { SchemaType } from '../../../../src/schemas/registry/schema.ts';

const avro = (...fields: unknown[]) => ({
  type: 'AVRO' as SchemaType,
  text: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields }),
});
const text = (type: SchemaType, value: string) => ({ type, text: value });
const id = { name: 'id', type: 'long' };

test('Avro is compared field by field, in nested records too, and blanks do not count', () => {
  const address = (city: unknown) => ({
    name: 'to',
    type: ['null', { type: 'record', name: 'Address', fields: [{ name: 'city', type: city }] }],
    default: null,
  });
  const price = { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } };
  const before = avro(id, address('string'), { name: 'note', type: 'string' });
  const after = avro(id, address({ type: 'array', items: 'string' }), price);
  assert.deepEqual(compareSchemas(before, after), [
    { path: 'note', change: 'removed', from: 'string', to: null },
    { path: 'to.city', change: 'changed', from: 'string', to: 'array of string' },
    { path: 'price', change: 'added', from: null, to: 'bytes decimal(9,2)' },
  ]);
  assert.deepEqual(compareSchemas(before, text('AVRO', JSON.stringify(JSON.parse(before.text), null, 2))), []);
});

test('a default, an alias and the symbols of an enum are changes', () => {
  const color = (symbols: string[]) => ({ name: 'c', type: { type: 'enum', name: 'Color', symbols } });
  const changes = compareSchemas(
    avro(id, color(['RED'])),
    avro({ ...id, default: 0, aliases: ['number'] }, color(['RED', 'BLUE'])),
  );
  assert.deepEqual(
    changes.map(({ path, from, to }) => [path, from, to]),
    [
      ['id', 'long', 'long, default 0, aliases number'],
      ['c', 'enum shop.Color (RED)', 'enum shop.Color (RED, BLUE)'],
    ],
  );
});

test('integers are compared with all their digits', () => {
  const avroText = (number: string) => text('AVRO', avro({ ...id, default: 5 }).text.replace('5', number));
  const jsonText = (number: string) => text('JSON', `{"type":"integer","minimum":${number},"enum":[${number}]}`);
  for (const of of [avroText, jsonText]) {
    const [change] = compareSchemas(of('9007199254740993'), of('9007199254740992'));
    assert.match(`${change?.from} → ${change?.to}`, /9007199254740993.* → .*9007199254740992/);
  }
});

test('JSON Schema is compared keyword by keyword; the order of what is required does not count', () => {
  const before = '{"type":"object","required":["a","b"],"properties":{"a":{"type":"integer","minimum":1},"b":{}}}';
  const after = '{"properties":{"a":{"type":"integer","minimum":0},"c":{"enum":[1,2]}},"required":["b","a"],"type":"object"}';
  assert.deepEqual(compareSchemas(text('JSON', before), text('JSON', after)), [
    { path: 'properties.b', change: 'removed', from: '{}', to: null },
    { path: 'properties.a.minimum', change: 'changed', from: '1', to: '0' },
    { path: 'properties.c.enum', change: 'added', from: null, to: '[1,2]' },
  ]);
});

test('Protobuf is compared field by field; comments, blanks and order do not count', () => {
  const before = `syntax = "proto3"; package shop; import "a.proto";
    message Order { /* the id */ int64 id = 1; oneof by { string mail = 2; } map<string, int32> m = 3;
      message Item { optional string name = 1 [deprecated = true]; } enum Kind { A = 0; } reserved 5, 6; }
    service S { rpc Get(Order) returns (Order) { option deadline = 1; } }`;
  const after = `syntax = "proto3";package shop;
    message Order { map< string , int32 > m = 3; message Item { string name = 1; } // gone: id
      oneof by { string mail = 2; } enum Kind { A = 0; B = 1; } repeated Item items = 4; }`;
  assert.deepEqual(compareSchemas(text('PROTOBUF', before), text('PROTOBUF', after)), [
    { path: 'import "a.proto"', change: 'removed', from: 'import "a.proto"', to: null },
    { path: 'Order.id', change: 'removed', from: 'int64 id = 1', to: null },
    { path: 'Order.reserved', change: 'removed', from: 'reserved 5, 6', to: null },
    { path: 'S', change: 'removed', from: 'service S', to: null },
    { path: 'S.Get', change: 'removed', from: 'rpc Get (Order) returns (Order)', to: null },
    { path: 'S.Get.option deadline', change: 'removed', from: 'option deadline = 1', to: null },
    {
      path: 'Order.Item.name',
      change: 'changed',
      from: 'optional string name = 1 [deprecated = true]',
      to: 'string name = 1',
    },
    { path: 'Order.Kind.B', change: 'added', from: null, to: 'B = 1' },
    { path: 'Order.items', change: 'added', from: null, to: 'repeated Item items = 4' },
  ]);
});

test('what cannot be taken apart, or is of another type, is one change', () => {
  const [change] = compareSchemas(text('PROTOBUF', 'CgVhLnByb3Rv'), text('PROTOBUF', 'syntax = "proto3";'));
  assert.equal(change?.path, '');
  assert.match(change?.from ?? '', /^PROTOBUF CgVh/);
  assert.equal(compareSchemas(text('AVRO', '"int"'), text('JSON', '"int"')).length, 1);
});

const cases: readonly (readonly [before: unknown, after: unknown, backward: readonly string[], forward: readonly string[]])[] =
  [
    [[id], [id, { name: 'a', type: 'int' }], ['field a was added without a default'], []],
    [[id], [id, { name: 'a', type: 'int', default: 1 }], [], []],
    [[id, { name: 'a', type: 'int' }], [id], [], ['field a was removed, and had no default']],
    [[{ name: 'n', type: 'int' }], [{ name: 'n', type: 'long' }], [], ['field n changed from int to long']],
    [
      [{ name: 'n', type: 'long' }],
      [{ name: 'n', type: 'string' }],
      ['field n changed from long to string'],
      ['field n changed from long to string'],
    ],
    [[{ name: 'n', type: 'long' }], [{ name: 'n', type: ['null', 'long'] }], [], ['field n changed from long to null | long']],
    [
      [{ name: 'old', type: 'int' }],
      [{ name: 'new', type: 'int', aliases: ['old'] }],
      [],
      ['field old was removed, and had no default'],
    ],
  ];

test('what breaks readers of Avro is said in words, by the direction of the level', () => {
  for (const [before, after, backward, forward] of cases) {
    const [older, newer] = [avro(...(before as unknown[])), avro(...(after as unknown[]))];
    assert.deepEqual(breaks('BACKWARD', older, newer), backward, newer.text);
    assert.deepEqual(breaks('FORWARD_TRANSITIVE', older, newer), forward, newer.text);
    assert.deepEqual(breaks('NONE', older, newer), []);
  }
});

test('enums lose symbols, fixed types change size, names resolve in their namespace, and recursion ends', () => {
  const color = (symbols: string[], more = {}) => ({ name: 'c', type: { type: 'enum', name: 'C', symbols, ...more } });
  assert.deepEqual(breaks('BACKWARD', avro(color(['A', 'B'])), avro(color(['A']))), [
    'field c: symbols were removed (enum shop.C (A, B) → enum shop.C (A))',
  ]);
  assert.deepEqual(breaks('BACKWARD', avro(color(['A', 'B'])), avro(color(['A'], { default: 'A' }))), []);
  const fixed = (size: number) => avro({ name: 'f', type: { type: 'fixed', name: 'F', size } });
  assert.match(breaks('BACKWARD', fixed(4), fixed(8))[0] ?? '', /^field f changed from fixed shop\.F \(4 bytes\) to/);
  const bare = (size: number) => avro({ name: 'f', type: { type: 'fixed', name: '.F', size } }, { name: 'g', type: '.F' });
  assert.match(breaks('BACKWARD', bare(4), bare(8))[1] ?? '', /^field g changed from fixed F \(4 bytes\) to/);
  const tree = (type: string) => avro({ name: 'v', type }, { name: 'next', type: ['null', 'shop.Order'], default: null });
  assert.deepEqual(breaks('BACKWARD', tree('int'), tree('int')), []);
  assert.deepEqual(breaks('FULL', tree('int'), tree('string')), ['field v changed from int to string']);
});
