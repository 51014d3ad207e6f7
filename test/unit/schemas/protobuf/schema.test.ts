/** Schemas from text and from descriptors: what they declare, which message is meant, what they import. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkFiles } from '../../../../src/schemas/protobuf/link/link.ts';
import type { Message } from '../../../../src/schemas/protobuf/model.ts';
import { readProtobuf, readProtobufDescriptorSet } from '../../../../src/schemas/protobuf/schema.ts';
import type { FileDeclaration } from '../../../../src/schemas/protobuf/source/declaration.ts';
import { parseProto } from '../../../../src/schemas/protobuf/source/parse-text.ts';
import { readDescriptorSet } from '../../../../src/schemas/protobuf/source/read-descriptor.ts';
import { wellKnownFile } from '../../../../src/schemas/protobuf/well-known/files.ts';
import { data, schemaOf } from './support.ts';

const protocFiles = readDescriptorSet('everything.desc', data('everything.desc'));

async function textOf(name: string): Promise<string> {
  return (await wellKnownFile(name)) ?? data(name).toString();
}

/** All that is known of messages, in a form that can be compared. */
function facts(files: readonly FileDeclaration[]): unknown[] {
  const messages: Message[] = [...linkFiles(files, []).values()];
  return messages
    .toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1))
    .map(({ fullName, isMapEntry, fields }) => ({
      fullName,
      isMapEntry,
      fields: fields.map((field) => ({
        ...field,
        type: typeof field.type === 'string' ? field.type : field.type.fullName,
        values: typeof field.type === 'object' && field.type.kind === 'enum' ? field.type : undefined,
      })),
    }));
}

test('text means what protoc makes of it: names, numbers, defaults, presence, packing, groups, extensions', async () => {
  const parsed = await Promise.all(protocFiles.map(async ({ name }) => parseProto(name, await textOf(name))));
  assert.deepEqual(facts(parsed), facts(protocFiles));
});

test('messages are counted as the registry gave the schema: entries of maps and groups only in descriptors', async () => {
  const text =
    'syntax = "proto3"; package p; message A { map<string, int32> m = 1; message B { message D {} } map<string, int32> n = 2; message C {} } message E {}';
  const schema = await schemaOf(text);
  assert.equal(schema.messageAt([0]), 'p.A');
  assert.equal(schema.messageAt([1]), 'p.E');
  assert.equal(schema.messageAt([0, 1]), 'p.A.C');
  assert.equal(schema.messageAt([0, 0, 0]), 'p.A.B.D');
  // confluent-kafka for Python counts so, and registers a descriptor.
  assert.equal(schema.messageAt([0, 1], 'descriptor'), 'p.A.B');
  assert.equal(schema.messageAt([0, 3], 'descriptor'), 'p.A.C');
  assert.equal(schema.messageAt([0, 2]), undefined);
  assert.equal(schema.messageAt([2]), undefined);
  assert.deepEqual(schema.indexesOf('p.A.C'), [0, 1]);
  assert.deepEqual(schema.indexesOf('p.A.C', 'descriptor'), [0, 3]);
  assert.equal(schema.indexesOf('p.A.X'), undefined);
  assert.equal(schema.indexesOf('google.protobuf.Any'), undefined);
});

test('an entry that is declared as a message counts in text too: so Confluent prints what came as a descriptor', async () => {
  const schema = await schemaOf(
    'syntax = "proto3"; message A { repeated MEntry m = 1; message MEntry { option map_entry = true; string key = 1; int32 value = 2; } message B {} }',
  );
  assert.equal(schema.messageAt([0, 1]), 'A.B');
  assert.equal(schema.compile('A').encode('{"m":{"a":1}}').toString('hex'), '0a050a01611001');
});

test('a descriptor set has the file that was asked for last', async () => {
  const last = protocFiles.at(-1)!;
  const schema = await readProtobufDescriptorSet('everything.desc', data('everything.desc'), () => undefined);
  assert.equal(schema.firstMessage, `${last.package}.${last.messages[0]!.name}`);
  await assert.rejects(
    readProtobufDescriptorSet('x.desc', Buffer.from('nonsense'), () => undefined),
    /x\.desc: this is no FileDescriptorSet/,
  );
});

test('imports come from whoever has them, at any depth; what everyone has is bundled', async () => {
  const files: Record<string, string> = {
    'b.proto': 'syntax = "proto3"; package b; import public "c.proto"; message B { c.C c = 1; google.type.Money price = 2; }',
    'c.proto': 'syntax = "proto3"; package c; import "google/type/money.proto"; message C { int32 x = 1; }',
  };
  const asked: string[] = [];
  const schema = await readProtobuf(
    'a.proto',
    'syntax = "proto3"; import "b.proto"; import "confluent/meta.proto"; import "confluent/type/decimal.proto"; message A { b.B b = 1; confluent.type.Decimal d = 2; }',
    async (name) => {
      asked.push(name);
      return files[name];
    },
  );
  assert.deepEqual(asked.toSorted(), ['b.proto', 'c.proto']);
  assert.equal(
    schema.compile().encode('{"b":{"c":{"x":1},"price":{"units":"5"}},"d":{"scale":2}}').toString('hex'),
    '0a080a0208011202100512021802',
  );
});

test('an import that only brings options may be missing; a type in it may not', async () => {
  const text =
    'syntax = "proto3"; import "validate/validate.proto"; message A { int32 x = 1 [(validate.rules).int32 = {gt: 0}]; }';
  assert.equal((await schemaOf(text)).compile().type, 'A');
  await assert.rejects(schemaOf('syntax = "proto3";\nimport "other.proto";\nmessage A { other.T x = 1; }'), {
    message:
      'test.proto, line 3: other.T, the type of x, is not declared (it may be in a file that was not found: other.proto)',
  });
});

test('mistakes are told with their line', async () => {
  const cases: [text: string, problem: string][] = [
    ['syntax = "proto3";\nmessage M {\n  int32 a = ;\n}', 'line 3: a number is wanted, not ;'],
    ['syntax = "proto3";\nmessage M {\n  int32 a = 1\n}', 'line 4: ";" is wanted, not }'],
    ['syntax = "proto9";', 'line 1: syntax "proto9" is not known (proto2, proto3)'],
    ['syntax = "proto3";\n/* a\nb */ message M { int32 a = 0; }', 'line 3: the number of a, 0, is not from 1 to 536870911'],
    ['message M {\n  int32 a = 1;\n}', 'line 2: optional, required or repeated is wanted before int32'],
    ['syntax = "proto3";\nmessage M { required int32 a = 1; }', 'line 2: proto3 has no required fields'],
    ['message M {', 'line 1: a field is wanted, not the end of the file'],
    ['syntax = "proto3";\nmessage M { map<float, int32> m = 1; }', "line 2: float cannot be the type of a map's keys"],
    ['syntax = "proto3"; message M { X x = 1; }', 'line 1: X, the type of x, is not declared'],
    ['message M { optional int32 a = 1 [default = x]; }', 'line 1: the default of a is no int32'],
    ['import "a.proto', 'line 1: this string is not closed'],
    ['option a = "b\\', 'line 1: this string is not closed'],
    ["option a = 'b\";\n'", 'line 1: this string is not closed'],
    ['message M {} enum M { A = 0; }', 'line 1: M is declared twice'],
    ['enum E {}', 'line 1: enum E has no value'],
    ['{"type": "record"}', 'line 1: message, enum, extend, service, import, package or option is wanted, not {'],
  ];
  for (const [text, problem] of cases) await assert.rejects(schemaOf(text), { message: `test.proto, ${problem}` });
  await assert.rejects(schemaOf('message M { optional int32 a = 1; optional int32 b = 1; }'), {
    message: 'M: a and b both have the number 1',
  });
});

test('long strings, many comments and wide spaces are read', async () => {
  const million = 1_000_000;
  const long = `${'x'.repeat(10 * million)}\\"`;
  const comments = `${'// a\n'.repeat(million)}${'/* b */ '.repeat(million)}`;
  const schema = await schemaOf(`${comments}option a = "${long}" 'b';${' '.repeat(million)}message M {}`);
  assert.equal(schema.compile().type, 'M');
});

test('a message that there is not is told, with the one that may be meant', async () => {
  const schema = await schemaOf('syntax = "proto3"; package shop; message Order {} message Item {}');
  assert.equal(schema.compile('Item').type, 'shop.Item');
  assert.equal(schema.messageNamed('Order'), 'shop.Order');
  assert.equal(schema.messageNamed('x.Order'), undefined);
  assert.throws(() => schema.compile('shop.Ordr'), {
    message: 'test.proto: it declares no message shop.Ordr (did you mean shop.Order?)',
  });
  const none = await schemaOf('enum E { A = 0; }');
  assert.throws(() => none.compile(), { message: 'test.proto: it declares no message' });
});
