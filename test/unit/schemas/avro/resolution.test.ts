/** Data of one schema read as another, as Avro resolves them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import avsc from 'avsc';
import { compileAvro, parseAvro } from '../../../../src/schemas/avro/index.ts';
import { jsonOf, styles } from './support.ts';

function readAs(writer: unknown, reader: unknown, json: string): string {
  const [was, wanted] = [writer, reader].map((schema) => parseAvro(JSON.stringify(schema)));
  const datum = compileAvro(was!, styles.plain).encode(json);
  return jsonOf(compileAvro(was!, styles.plain, { reader: wanted }), datum);
}

const record = (name: string, ...fields: readonly (readonly [name: string, type: unknown, more?: object])[]) => ({
  type: 'record',
  name,
  fields: fields.map(([field, type, more]) => ({ name: field, type, ...more })),
});
const letters = (name: string, symbols: string[], more: object = {}) => ({ type: 'enum', name, symbols, ...more });
const millis = { type: 'long', logicalType: 'timestamp-millis' };
const micros = { type: 'long', logicalType: 'timestamp-micros' };
const decimal = (scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision: 9, scale });

const read: readonly (readonly [what: string, writer: unknown, reader: unknown, json: string, again: string])[] = [
  ['int as long', 'int', 'long', '5', '5'],
  ['int as float', 'int', 'float', '16777217', '16777216'],
  ['long as float is rounded once', 'long', 'float', '9007199791611905', '9.0072e+15'],
  ['long as double', 'long', 'double', '9007199254740993', '9.007199254740992e+15'],
  ['float as double', 'float', 'double', '0.1', '0.10000000149011612'],
  ['string as bytes', 'string', 'bytes', '"hi"', '"aGk="'],
  ['bytes as string', 'bytes', 'string', '"aGk="', '"hi"'],
  ['a number as a time', 'long', millis, '0', '"1970-01-01T00:00:00.000Z"'],
  ['an int as a time', 'int', millis, '-1', '"1969-12-31T23:59:59.999Z"'],
  ['decimals of another precision', decimal(2), { ...decimal(2), precision: 12 }, '"1.50"', '"1.50"'],
  [
    'items and values',
    { type: 'array', items: { type: 'map', values: 'int' } },
    { type: 'array', items: { type: 'map', values: 'double' } },
    '[{"a":1}]',
    '[{"a":1}]',
  ],
  [
    'a field that the reader has not',
    record('R', ['a', { type: 'array', items: 'string' }], ['b', 'int']),
    record('R', ['b', 'int']),
    '{"a":["x","y"],"b":2}',
    '{"b":2}',
  ],
  [
    'a field that only the reader has',
    record('R', ['b', 'int']),
    record('R', ['a', 'string', { default: 'x' }], ['b', 'int'], ['c', ['null', 'int'], { default: null }]),
    '{"b":2}',
    '{"a":"x","b":2,"c":null}',
  ],
  ['no field in common', record('R', ['a', 'int']), record('R'), '{"a":1}', '{}'],
  [
    'fields in another order',
    record('R', ['a', 'int'], ['b', 'string'], ['c', 'int']),
    record('R', ['c', 'int'], ['d', 'int', { default: 7 }], ['a', 'int'], ['b', 'string']),
    '{"a":1,"b":"x","c":3}',
    '{"c":3,"d":7,"a":1,"b":"x"}',
  ],
  [
    'a field by its alias',
    record('R', ['old', 'int']),
    record('R', ['new', 'int', { aliases: ['old'] }]),
    '{"old":1}',
    '{"new":1}',
  ],
  [
    'a name before an alias',
    record('R', ['b', 'int'], ['a', 'int']),
    record('R', ['a', 'int', { aliases: ['b'] }]),
    '{"b":1,"a":2}',
    '{"a":2}',
  ],
  ['a record of another name', record('x.R', ['a', 'int']), record('y.S', ['a', 'long']), '{"a":1}', '{"a":1}'],
  ['an enum in another namespace', letters('x.E', ['A', 'B']), letters('y.E', ['B', 'A']), '"B"', '"B"'],
  ['an enum by its alias', letters('E', ['A']), letters('F', ['A'], { aliases: ['E'] }), '"A"', '"A"'],
  [
    "the reader's default symbol",
    letters('E', ['A', 'B']),
    letters('E', ['A', 'OTHER'], { default: 'OTHER' }),
    '"B"',
    '"OTHER"',
  ],
  [
    'a fixed by its alias',
    { type: 'fixed', name: 'F', size: 1 },
    { type: 'fixed', name: 'G', size: 1, aliases: ['F'] },
    '"AA=="',
    '"AA=="',
  ],
  ['a value as a union', 'int', ['null', 'string', 'int'], '5', '5'],
  ['a value as a union, promoted', 'int', ['null', 'string', 'double'], '5', '5'],
  ['a value as a union that needs tags', 'long', ['double', 'long'], '5', '{"long":5}'],
  ['a union as a value', ['null', 'int'], 'long', '5', '5'],
  ['a union as another', ['null', 'int', 'string'], ['string', 'null', 'long'], '5', '5'],
  [
    'a record in a union by its structure',
    ['null', record('A', ['x', 'int'])],
    ['null', record('B', ['y', 'int']), record('C', ['x', 'int'])],
    '{"x":1}',
    '{"C":{"x":1}}',
  ],
  [
    'a record in a union by its short name',
    record('n.R', ['x', 'int']),
    [record('Q', ['x', 'int']), record('m.R', ['x', 'int'])],
    '{"x":1}',
    '{"m.R":{"x":1}}',
  ],
  [
    'a record that holds itself, reordered',
    record('L', ['v', 'int'], ['next', ['null', 'L']]),
    record('L', ['next', ['null', 'L']], ['v', 'long']),
    '{"v":1,"next":{"v":2,"next":null}}',
    '{"next":{"next":null,"v":2},"v":1}',
  ],
];

describe('read', () => {
  for (const [what, writer, reader, json, again] of read) test(what, () => assert.equal(readAs(writer, reader, json), again));

  test('as avsc reads it', () => {
    const writer = record('R', ['a', 'int'], ['b', ['null', 'string']], ['c', { type: 'array', items: 'int' }], ['d', 'float']);
    const reader = record(
      'R',
      ['c', { type: 'array', items: 'double' }],
      ['e', 'string', { default: 'x' }],
      ['b', ['null', 'string']],
      ['a', 'long'],
    );
    const [was, wanted] = [writer, reader].map((schema) => avsc.Type.forSchema(schema as avsc.Schema));
    const datum = was!.toBuffer({ a: 1, b: 'x', c: [1, 2], d: 0.5 });
    const value: unknown = wanted!.fromBuffer(datum, wanted!.createResolver(was!));
    const kt = compileAvro(parseAvro(JSON.stringify(writer)), styles.plain, { reader: parseAvro(JSON.stringify(reader)) });
    assert.equal(jsonOf(kt, datum), JSON.stringify(value));
  });
});

const never: readonly (readonly [what: string, writer: unknown, reader: unknown, problem: string])[] = [
  ['other types', 'string', 'int', 'string cannot be read as int'],
  ['a narrower type', record('R', ['a', 'long']), record('R', ['a', 'int']), 'a: long cannot be read as int'],
  [
    'a missing field',
    record('R', ['s', record('S')]),
    record('R', ['s', record('S', ['b', 'int'])]),
    's.b: the writer has no field "b", and the reader has no default for it',
  ],
  ['another enum', letters('E', ['A']), letters('F', ['A']), 'enum E cannot be read as F, another enum'],
  [
    'another size',
    { type: 'fixed', name: 'F', size: 1 },
    { type: 'fixed', name: 'F', size: 2 },
    'F has size 1, the reader wants 2',
  ],
  ['another unit', millis, micros, 'timestamp-millis cannot be read as timestamp-micros'],
  ['another scale', decimal(2), decimal(3), 'a decimal of scale 2 cannot be read as a decimal of scale 3'],
  ['nothing in the union', 'int', ['null', 'string'], "the reader's union has nothing for int"],
];

describe('never to be read: told when the schemas are compiled', () => {
  for (const [what, writer, reader, problem] of never) {
    test(what, () => {
      const [was, wanted] = [writer, reader].map((schema) => parseAvro(JSON.stringify(schema)));
      assert.throws(() => compileAvro(was!, styles.plain, { reader: wanted! }), {
        kind: 'usage',
        message: `Avro schema: the reader's schema cannot read what this one wrote (${problem})`,
      });
    });
  }
});

describe('not to be read if such data comes', () => {
  const sometimes: readonly (readonly [
    what: string,
    writer: unknown,
    reader: unknown,
    good: string,
    bad: string,
    problem: string,
    path: string,
  ])[] = [
    [
      'a branch',
      record('R', ['a', ['int', 'string']]),
      record('R', ['a', 'int']),
      '{"a":1}',
      '{"a":"x"}',
      'string cannot be read as int',
      'a',
    ],
    [
      'a symbol',
      letters('E', ['A', 'B']),
      letters('E', ['A']),
      '"A"',
      '"B"',
      "the reader's enum has no symbol B, and no default",
      '',
    ],
    [
      'an item',
      { type: 'array', items: 'string' },
      { type: 'array', items: 'int' },
      '[]',
      '["x"]',
      'string cannot be read as int',
      '[0]',
    ],
    ['bytes that are no text', 'bytes', 'string', '"aGk="', '"/w=="', 'the text is not UTF-8', ''],
  ];
  for (const [what, writer, reader, good, bad, message, path] of sometimes) {
    test(what, () => {
      readAs(writer, reader, good);
      assert.throws(() => readAs(writer, reader, bad), { name: 'SchemaDataError', message, path });
    });
  }
});
