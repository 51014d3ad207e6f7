/** Schema texts: what is taken, and what is said of those that are wrong. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalForm, parseAvro } from '../../../../src/schemas/avro/index.ts';
import { compiled } from './support.ts';

const inR = (type: unknown) => JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type }] });

describe('taken', () => {
  const taken: readonly (readonly [what: string, text: string, canonical: string])[] = [
    ['a primitive type without quotes, as registries do', 'string', '"string"'],
    ['comments', '/* a\n * b */ {"type": // c\n "int"}', '"int"'],
    ['a type in a type', '{"type":{"type":["null","int"]}}', '["null","int"]'],
    ['names with hyphens', '{"type":"fixed","name":"my-name","size":1}', '{"name":"my-name","type":"fixed","size":1}'],
    ['an error is a record', '{"type":"error","name":"E","fields":[]}', '{"name":"E","type":"record","fields":[]}'],
    [
      'a namespace is that of the types around',
      '{"type":"record","name":"a.R","fields":[{"name":"f","type":{"type":"fixed","name":"F","size":1}},{"name":"g","type":"F"},{"name":"h","type":"R"}]}',
      '{"name":"a.R","type":"record","fields":[{"name":"f","type":{"name":"a.F","type":"fixed","size":1}},{"name":"g","type":"a.F"},{"name":"h","type":"a.R"}]}',
    ],
    [
      'an empty namespace is none',
      '{"type":"record","name":"a.R","fields":[{"name":"f","type":{"type":"fixed","name":"F","namespace":"","size":1}},{"name":"g","type":"F"}]}',
      '{"name":"a.R","type":"record","fields":[{"name":"f","type":{"name":"F","type":"fixed","size":1}},{"name":"g","type":"F"}]}',
    ],
    [
      'a type may be used before it is defined',
      '{"type":"record","name":"R","fields":[{"name":"f","type":"F"},{"name":"g","type":{"type":"fixed","name":"F","size":1}}]}',
      '{"name":"R","type":"record","fields":[{"name":"f","type":{"name":"F","type":"fixed","size":1}},{"name":"g","type":"F"}]}',
    ],
  ];
  for (const [what, text, canonical] of taken) test(what, () => assert.equal(canonicalForm(parseAvro(text)), canonical));

  test('types of other texts, in any order', () => {
    const references = [
      '{"type":"record","name":"shop.Order","fields":[{"name":"by","type":"Person"}]}',
      '{"type":"fixed","name":"shop.Person","size":1}',
    ];
    const type = parseAvro('{"type":"array","items":"shop.Order"}', { references: [...references, references[0]!] });
    assert.equal(
      canonicalForm(type),
      '{"type":"array","items":{"name":"shop.Order","type":"record","fields":[{"name":"by","type":{"name":"shop.Person","type":"fixed","size":1}}]}}',
    );
  });

  test('what else a schema says is kept', () => {
    const type = parseAvro(
      '{"type":"record","name":"a.R","doc":"d","aliases":["Q","b.P"],"fields":[{"name":"f","type":"int","doc":"e","aliases":["g"],"order":"ignore","default":5}]}',
    );
    assert.deepEqual(type, {
      kind: 'record',
      name: 'a.R',
      aliases: ['a.Q', 'b.P'],
      doc: 'd',
      fields: [{ name: 'f', aliases: ['g'], doc: 'e', type: { kind: 'int', logical: undefined }, default: 5, order: 'ignore' }],
    });
  });

  test('names that chain far do not overflow the stack', () => {
    const references = Array.from(
      { length: 20_000 },
      (_, index) => `{"type":"record","name":"R${index}","fields":[{"name":"f","type":["null","R${index + 1}"]}]}`,
    );
    const codec = compiled(parseText('"R0"', [...references, '{"type":"record","name":"R20000","fields":[]}']));
    assert.equal(codec.encode('{"f":{"f":null}}').toString('hex'), '020000');
  });

  function parseText(text: string, references: string[]): string {
    // One text, since a compiled schema of the tests takes no references: a union of all.
    return `{"type":"record","name":"All","fields":[{"name":"f","type":["null",${text}]},{"name":"all","type":["null",${references.join(',')}],"default":null}]}`;
  }
});

const refused: readonly (readonly [text: string, message: string, hint?: string])[] = [
  ['', 'Avro schema: not JSON (line 1, column 1: the text ends too early)'],
  ['{"type":"int",}', 'Avro schema: not JSON (line 1, column 15: a name in quotes is wanted)'],
  ['5', 'Avro schema: 5 is no type'],
  ['{}', 'Avro schema, type: no type'],
  [inR('strin'), 'Avro schema, fields[0].type: no type is called "strin"', 'did you mean "string"?'],
  [inR('array'), 'Avro schema, fields[0].type: "array" needs items: {"type": "array", …}'],
  [inR({ type: 'array' }), 'Avro schema, fields[0].type.items: no type'],
  [inR([['int']]), 'Avro schema, fields[0].type[0]: a union directly in a union'],
  [inR(['int', 'null', 'int']), 'Avro schema, fields[0].type[2]: the union has int twice'],
  [inR({ type: 'enum', name: 'E', symbols: ['A', 'A'] }), 'Avro schema, fields[0].type: the enum has "A" twice'],
  [inR({ type: 'enum', name: 'E' }), 'Avro schema, fields[0].type: an enum without a list of symbols'],
  [
    inR({ type: 'enum', name: 'E', symbols: ['A'], default: 'B' }),
    'Avro schema, fields[0].type: the default "B" is no symbol of the enum',
  ],
  [inR({ type: 'fixed', name: 'F' }), 'Avro schema, fields[0].type: a fixed without a size'],
  [inR({ type: 'fixed', name: 'F', size: -1 }), 'Avro schema, fields[0].type: size -1 is no number of bytes'],
  [inR({ type: 'fixed', size: 1 }), 'Avro schema, fields[0].type: a fixed without a name'],
  [inR({ type: 'fixed', name: 'R', size: 1 }), 'Avro schema, fields[0].type: R is defined twice'],
  ['{"type":"record","name":"R"}', 'Avro schema: a record without a list of fields'],
  ['{"type":"record","name":"R","fields":[{"type":"int"}]}', 'Avro schema, fields[0]: a field without a name'],
  [
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
    'Avro schema, fields[1]: two fields are called "a"',
  ],
  [`${'['.repeat(2000)}`, 'Avro schema: not JSON (line 1, column 1002: nested deeper than 1000)'],
];

describe('refused', () => {
  for (const [text, message, hint] of refused) {
    test(`${text.slice(0, 80)}: ${message}`, () => assert.throws(() => parseAvro(text), { kind: 'usage', message, hint }));
  }
  test('the same name for different types in two texts', () => {
    const references = ['{"type":"fixed","name":"F","size":1}', '{"type":"fixed","name":"F","size":2}'];
    assert.throws(() => parseAvro('"F"', { references }), { message: 'Avro schema: F is defined twice' });
  });
});

describe('defaults', () => {
  const field = (type: unknown, value: unknown) =>
    `{"type":"record","name":"R","fields":[{"name":"a","type":${JSON.stringify(type)},"default":${value}}]}`;
  const right: readonly (readonly [type: unknown, json: string, data: string])[] = [
    ['long', '9007199254740993', '8280808080808020'],
    ['int', '-1', '01'],
    ['bytes', '"\\u00ff"', '02ff'],
    ['float', '1.5', '0000c03f'],
    ['double', '"NaN"', '000000000000f87f'],
    [['null', 'string'], 'null', '00'],
    [['null', 'string'], '"x"', '020278'],
    [{ type: 'array', items: 'int' }, '[1,2]', '04020400'],
    [{ type: 'map', values: 'boolean' }, '{"a":true}', '0202610100'],
    [{ type: 'record', name: 'S', fields: [{ name: 'b', type: 'int', default: 3 }] }, '{}', '06'],
    [{ type: 'enum', name: 'E', symbols: ['A', 'B'] }, '"B"', '02'],
    [{ type: 'fixed', name: 'F', size: 2 }, '"ab"', '6162'],
  ];
  for (const [type, json, data] of right) {
    test(`${json} for ${JSON.stringify(type)}`, () => {
      parseAvro(field(type, json), { checksDefaults: true });
      assert.equal(compiled(field(type, json)).encode('{}').toString('hex'), data);
    });
  }
  const wrong: readonly (readonly [type: unknown, json: string, problem: string])[] = [
    ['int', '"1"', 'default: found "1", wanted int'],
    ['int', '1.5', 'default: found 1.5, wanted int'],
    ['int', '2147483648', 'default: found 2147483648, wanted int, of 32 bits'],
    ['long', '9223372036854775808', 'default: found 9223372036854775808, wanted long, of 64 bits'],
    [['null', 'long'], '"null"', 'default: found "null", wanted union of null, long'],
    [{ type: 'array', items: 'int' }, '[1,"x"]', 'default[1]: found "x", wanted int'],
    ['bytes', '"€"', 'default: found "€", wanted bytes, characters U+0000 to U+00FF'],
    [
      { type: 'record', name: 'S', fields: [{ name: 'b', type: 'int' }] },
      '{}',
      'default: field "b" is missing, and has no default',
    ],
    ['R', '{}', 'default.a.a.a'],
  ];
  for (const [type, json, problem] of wrong) {
    test(`${json} for ${JSON.stringify(type)} is refused when asked to`, () => {
      const text = field(type, json);
      assert.throws(
        () => parseAvro(text, { checksDefaults: true }),
        (error: Error) => error.message.startsWith(`Avro schema, fields[0].${problem}`),
      );
      // Data can be read without, and written if the field is there.
      const codec = compiled(text);
      assert.throws(() => codec.encode('{}'), {
        name: 'SchemaDataError',
        message: /^field "a" is missing, and its default is wrong/,
      });
    });
  }
});

test('an enum of very many symbols is parsed in a moment', () => {
  const symbols = Array.from({ length: 200_000 }, (_, index) => `S${index}`);
  const start = process.cpuUsage();
  parseAvro(JSON.stringify({ type: 'enum', name: 'E', symbols }));
  const { user, system } = process.cpuUsage(start);
  assert.ok((user + system) / 1e6 < 10, `${(user + system) / 1e6} s`);
  assert.throws(() => parseAvro(JSON.stringify({ type: 'enum', name: 'E', symbols: [...symbols, 'S7'] })), /S7/);
});
