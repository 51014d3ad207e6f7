/** JSON that does not fit: told with the path, what was found and what is wanted. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compiled, jsonOf } from './support.ts';

const order = {
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'long' },
    {
      name: 'items',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Item',
          fields: [
            { name: 'price', type: 'double' },
            { name: 'count', type: 'int', default: 1 },
          ],
        },
      },
      default: [],
    },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['NEW', 'PAID'] }, default: 'NEW' },
    { name: 'labels', type: { type: 'map', values: 'string' }, default: {} },
    { name: 'file', type: ['null', 'bytes'], default: null },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 2 }, default: 'ab' },
    { name: 'rate', type: 'float', default: 0.5 },
    { name: 'isGift', type: 'boolean', default: false },
  ],
};
const codec = compiled(order);

test('members in any order; defaults fill in', () => {
  const json =
    '{"id":1,"items":[{"price":0.5,"count":1}],"status":"PAID","labels":{},"file":null,"hash":"YWI=","rate":0.5,"isGift":true}';
  const mixed = ' { "isGift" : true , "items" : [ { "price" : 5e-1 } ] ,\n"status":"PAID", "id" : 1 } ';
  assert.equal(jsonOf(codec, codec.encode(mixed)), json);
  assert.equal(
    jsonOf(codec, codec.encode('{"\\u0069d":1,"items":[{"count":1,"price":0.5}],"isGift":true,"status":"PAID"}')),
    json,
  );
  assert.deepEqual(codec.encode(mixed), codec.encode(json));
});

test('members in the order of the line before, or in another one', () => {
  const tree = compiled({
    type: 'record',
    name: 'Tree',
    fields: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string', default: '-' },
      { name: 'left', type: ['null', 'Tree'], default: null },
      { name: 'right', type: ['null', 'Tree'], default: null },
    ],
  });
  const leaf = (id: number) => [`"id":${id}`, '"label":"-"', '"left":null', '"right":null'];
  const node = (id: number, left: string, right: string) => [`"id":${id}`, '"label":"a"', `"left":${left}`, `"right":${right}`];
  const shuffled = (members: readonly string[], order: readonly number[]) => `{${order.map((at) => members[at]).join()}}`;
  const inOrder = [0, 1, 2, 3];
  const wanted = tree.encode(shuffled(node(1, shuffled(leaf(2), inOrder), shuffled(leaf(3), inOrder)), inOrder));
  fc.assert(
    fc.property(
      fc.array(fc.shuffledSubarray(inOrder, { minLength: 4 }), { minLength: 3, maxLength: 3 }),
      ([outer, left, right]) => {
        // Inside, what has its default may be missing.
        const inner = shuffled(
          leaf(3),
          right!.filter((at) => at !== right![0] || at === 0),
        );
        const line = shuffled(node(1, shuffled(leaf(2), left!), inner), outer!);
        for (let again = 0; again < 2; again++) assert.deepEqual(tree.encode(line), wanted, line);
        const twice = line.replace('{', `{${leaf(1)[outer![1]!]},`);
        assert.throws(() => tree.encode(twice), { name: 'SchemaDataError', message: /is there twice$/ });
      },
    ),
  );
});

test('every digit of a long', () => {
  for (const [text, digits] of [
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['12e3', '12000'],
    ['1.50e1', '15'],
    ['-0', '0'],
  ]) {
    assert.match(jsonOf(codec, codec.encode(`{"id":${text}}`)), new RegExp(`^{"id":${digits},`));
  }
});

const refused: readonly (readonly [json: string, path: string, message: string | RegExp])[] = [
  ['{"id":1,"items":[{"price":1},{"price":2},{"price":"abc"}]}', 'items[2].price', 'found "abc", wanted double'],
  ['{"id":"1"}', 'id', 'found "1", wanted long'],
  ['{"id":1.5}', 'id', 'found 1.5, wanted long, a number without fraction'],
  ['{"id":9223372036854775808}', 'id', 'found 9223372036854775808, wanted long, a number of 64 bits'],
  ['{"id":1e99}', 'id', /^found 1e99, wanted long/],
  ['{"id":1e999999999}', 'id', /^found 1e999999999, wanted long/],
  ['{"id":null}', 'id', 'found null, wanted long'],
  ['{}', '', 'field "id" is missing, and has no default'],
  ['{"id":1,"items":[{"count":2}]}', 'items[0]', 'field "price" is missing, and has no default'],
  ['{"id":1,"item":[]}', '', 'record shop.Order has no field "item" (did you mean "items"?)'],
  ['{"id":1,"items":[{"price":1,"weight":2}]}', 'items[0]', 'record Item has no field "weight"'.replace('Item', 'shop.Item')],
  ['{"id":1,"id":1}', '', 'field "id" is there twice'],
  ['{"items":[],"id":1,"items":[]}', '', 'field "items" is there twice'],
  ['{"id":1,"items":[{"price":1,"count":3000000000}]}', 'items[0].count', 'found 3000000000, wanted int, a number of 32 bits'],
  ['{"id":1,"items":{"price":1}}', 'items', 'found {"price":1}, wanted array'],
  ['{"id":1,"status":"PAYED"}', 'status', 'found "PAYED", wanted a symbol of shop.Status (did you mean "PAID"?)'],
  ['{"id":1,"status":"CANCELLED"}', 'status', 'found "CANCELLED", wanted a symbol of shop.Status: NEW, PAID'],
  ['{"id":1,"labels":{"a b":5}}', 'labels["a b"]', 'found 5, wanted string'],
  ['{"id":1,"labels":[]}', 'labels', 'found [], wanted map'],
  ['{"id":1,"labels":{"a":"\\ud800"}}', 'labels.a', 'found "\\ud800", wanted string; half a surrogate pair is no character'],
  ['{"id":1,"file":"€"}', 'file', 'found "€", wanted bytes in base64'],
  ['{"id":1,"file":5}', 'file', 'found 5, wanted null or bytes'],
  ['{"id":1,"hash":"YWJj"}', 'hash', 'found "YWJj", wanted shop.Hash, 2 bytes; these are 3'],
  ['{"id":1,"rate":1e39}', 'rate', 'found 1e39, wanted float, which cannot hold it'],
  ['{"id":1,"isGift":"true"}', 'isGift', 'found "true", wanted boolean'],
  ['[1]', '', 'found [1], wanted record shop.Order'],
  [`{"id":1,"items":"${'x'.repeat(50)}"}`, 'items', `found "${'x'.repeat(39)}…, wanted array`],
  ['{"id":1', '', /^not JSON \(/],
  ['{"id":1}}', '', /^not JSON \(/],
  ['{"id":01}', '', /^not JSON \(/],
  ['{"id":1.}', '', /^not JSON \(/],
  ['{"id":1,}', '', /^not JSON \(/],
  ['{"id" 1}', '', /^not JSON \(/],
  ['{"id":1,"labels":{"a":"\n"}}', '', /^not JSON \(/],
  ['{"id":1,"labels":{"a":"\\x"}}', '', /^not JSON \(/],
  ['{"id":1,"isGift":truely}', '', /^not JSON \(/],
  ['', '', /^not JSON \(/],
];

describe('refused', () => {
  for (const [json, path, message] of refused) {
    test(json, () => assert.throws(() => codec.encode(json), { name: 'SchemaDataError', path, message, at: undefined }));
  }
  test('deeper than kt goes', () => {
    const list = compiled({ type: 'record', name: 'L', fields: [{ name: 'next', type: ['null', 'L'] }] });
    const json = `${'{"next":'.repeat(5000)}null${'}'.repeat(5000)}`;
    assert.throws(() => list.encode(json), { name: 'SchemaDataError', message: 'nested deeper than 1000' });
  });
});
