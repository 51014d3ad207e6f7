/** Damaged payloads: told with path and byte, soon, and nothing of them is shown. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import { SchemaDataError } from '../../../../src/schemas/data-error.ts';
import { sized, zigzag } from '../../../support/random-avro.ts';
import { compiled, jsonOf } from './support.ts';

const item = {
  type: 'record',
  name: 'Item',
  fields: [
    { name: 'price', type: 'double' },
    { name: 'a b', type: { type: 'map', values: 'string' } },
  ],
};
const order = { type: 'record', name: 'Order', fields: [{ name: 'items', type: { type: 'array', items: item } }] };
const list = { type: 'record', name: 'List', fields: [{ name: 'next', type: ['null', 'List'] }] };
const endless = { type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] };
const doubling = Array.from({ length: 64 }, (_, index) => index).reduce<unknown>(
  (inner, index) => ({
    type: 'record',
    name: `D${index}`,
    fields: [
      { name: 'a', type: inner },
      { name: 'b', type: index === 0 ? inner : `D${index - 1}` },
    ],
  }),
  'null',
);

const damaged: readonly (readonly [
  what: string,
  schema: unknown,
  datum: Buffer,
  message: string | RegExp,
  path: string,
  at: number,
])[] = [
  ['no bytes at all', 'int', Buffer.alloc(0), 'the number is cut off', '', 0],
  ['a number cut off', 'long', Buffer.from([0x80]), 'the number is cut off', '', 1],
  ['an int of more than 32 bits', 'int', zigzag(2n ** 31n), 'the number does not fit into an int', '', 0],
  [
    'a long of more than 64 bits',
    'long',
    Buffer.from('ffffffffffffffffff02', 'hex'),
    'the number does not fit into a long',
    '',
    0,
  ],
  ['a boolean that is none', 'boolean', Buffer.from([2]), 'byte 2 is no boolean', '', 0],
  ['half a double', 'double', Buffer.alloc(3), '5 bytes are missing', '', 0],
  ['a text longer than the payload', 'string', Buffer.from('0a6869', 'hex'), '5 bytes are wanted, 2 bytes are left', '', 0],
  ['a negative length', 'bytes', zigzag(-3n), 'a length of -3 bytes', '', 0],
  ['a length beyond all numbers', 'bytes', zigzag(2n ** 62n), '4611686018427387904 bytes are wanted, 0 bytes are left', '', 0],
  ['text that is not UTF-8', 'string', sized(Buffer.from([0x61, 0xff])), 'the text is not UTF-8', '', 1],
  [
    'a symbol that the enum has not',
    { type: 'enum', name: 'E', symbols: ['A'] },
    zigzag(1n),
    'symbol 1 of an enum of 1',
    '',
    0,
  ],
  ['a branch that the union has not', ['null', 'int'], zigzag(2n), 'branch 2 of a union of 2', '', 0],
  ['bytes left over', 'int', Buffer.from([2, 2, 2]), '2 bytes are left over', '', 1],
  [
    'deep inside',
    order,
    Buffer.concat([zigzag(3n), Buffer.alloc(8), Buffer.from([0]), Buffer.alloc(3)]),
    '5 bytes are missing',
    'items[1].price',
    10,
  ],
  [
    'at a key',
    order,
    Buffer.concat([zigzag(1n), Buffer.alloc(8), zigzag(1n), sized(Buffer.from('x y')), Buffer.from([2])]),
    '1 byte is wanted, 0 bytes are left',
    'items[0]["a b"]["x y"]',
    14,
  ],
  [
    'a block that is shorter than it says',
    { type: 'array', items: 'int' },
    Buffer.concat([zigzag(-1n), zigzag(2n), Buffer.from([2, 0, 0])]),
    'a block is not as long as it says',
    '[1]',
    3,
  ],
  [
    'endless nothing',
    { type: 'array', items: 'null' },
    Buffer.concat([zigzag(2n ** 52n), Buffer.from([0])]),
    'more items than its bytes can hold',
    /^\[\d+\]$/ as unknown as string,
    8,
  ],
  [
    'a block of 2^62 items',
    { type: 'array', items: 'null' },
    Buffer.concat([zigzag(2n ** 62n), Buffer.from([0])]),
    'a block of 4611686018427387904 items',
    '[0]',
    0,
  ],
  ['a record in itself without end', endless, Buffer.alloc(0), 'nested deeper than 1000', /^r(\.r)+$/ as unknown as string, 0],
  ['2^64 records of no bytes', doubling, Buffer.alloc(0), 'more items than its bytes can hold', /^a\./ as unknown as string, 0],
  [
    'a list of 100,000 levels',
    list,
    Buffer.alloc(100_000, 2),
    'nested deeper than 1000',
    /^next(\.next)+$/ as unknown as string,
    1000,
  ],
];

describe('a payload that is damaged', () => {
  for (const [what, schema, datum, message, path, at] of damaged) {
    test(what, () => {
      const codec = compiled(schema);
      const sink = new ByteSink(8);
      sink.ascii('before');
      const bytes = Buffer.concat([Buffer.from('xxx'), datum]);
      assert.throws(
        () => codec.writeJson(bytes, 3, bytes.length, sink),
        (error: Error) => {
          assert.ok(error instanceof SchemaDataError, error.stack);
          assert.equal(error.message, message);
          if (typeof path === 'string') assert.equal(error.path, path);
          else assert.match(error.path, path);
          assert.equal(error.at, at);
          return true;
        },
      );
      assert.equal(sink.buf.toString('utf8', 0, sink.length), 'before');
      assert.throws(() => codec.decode(datum, 0, datum.length), { message });
    });
  }
});

test('blocks that say their length are read, and so are several', () => {
  const codec = compiled({ type: 'array', items: 'int' });
  const blocks = Buffer.concat([zigzag(-2n), zigzag(2n), Buffer.from([2, 4]), zigzag(1n), Buffer.from([6, 0])]);
  assert.equal(jsonOf(codec, blocks), '[1,2,3]');
});

test('1000 levels are read and written', () => {
  const codec = compiled(list);
  const datum = Buffer.concat([Buffer.alloc(999, 2), Buffer.from([0])]);
  const json = jsonOf(codec, datum);
  assert.equal(json.length, 999 * '{"next":}'.length + '{"next":null}'.length);
  assert.deepEqual(codec.encode(json), datum);
});

test('values are exact', () => {
  const codec = compiled({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'a', type: 'long' },
      { name: 'b', type: 'double' },
      { name: '__proto__', type: 'long' },
    ],
  });
  const double = Buffer.alloc(8);
  double.writeDoubleLE(2 ** 60);
  const datum = Buffer.concat([zigzag(9007199254740993n), double, zigzag(5n)]);
  const value = codec.decode(datum, 0, datum.length) as Record<string, unknown>;
  assert.deepEqual(Object.entries(value), [
    ['a', 9007199254740993n],
    ['b', 2 ** 60],
    ['__proto__', 5],
  ]);
});

test("Confluent's bytes without a length", () => {
  const bytes = Buffer.from('0102ff', 'hex');
  const codec = compiled('bytes', undefined, { bareBytes: true });
  assert.equal(jsonOf(codec, bytes), '"AQL/"');
  assert.deepEqual(codec.encode('"AQL/"'), bytes);
  const decimal = compiled({ type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }, undefined, { bareBytes: true });
  assert.equal(jsonOf(decimal, Buffer.from('cfc7', 'hex')), '"-123.45"');
  assert.deepEqual(decimal.encode('"-123.45"'), Buffer.from('cfc7', 'hex'));
  assert.equal(
    jsonOf(compiled('string', undefined, { bareBytes: true }), Buffer.from('046869', 'hex')),
    '"hi"',
    'only bytes stand so',
  );
});
