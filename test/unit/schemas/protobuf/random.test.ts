/** Random schemas and messages: kt and @bufbuild/protobuf say the same of them, and what kt shows it takes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DescMessage, fromBinary, fromJsonString, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import type { CompiledSchema } from '../../../../src/schemas/compiled-schema.ts';
import { readProtobuf } from '../../../../src/schemas/protobuf/schema.ts';
import { randomOf } from '../../../fuzz/random.ts';
import { randomMessage } from '../../../support/protobuf/random-message.ts';
import { type RandomSchema, randomSchema } from '../../../support/protobuf/random-schema.ts';

const schemas = 30;
const messagesEach = 40;

function jsonOf(compiled: CompiledSchema, bytes: Uint8Array): string {
  const sink = new ByteSink(64);
  compiled.writeJson(Buffer.from(bytes), 0, bytes.length, sink);
  return sink.buf.toString('utf8', 0, sink.length);
}

/** Runs a check on many schemas and messages; an error says which. */
async function onRandomMessages(
  seed: number,
  isOdd: boolean,
  check: (compiled: CompiledSchema, bytes: Uint8Array, desc: DescMessage, schema: RandomSchema) => void,
): Promise<void> {
  const random = randomOf(seed);
  for (let count = 0; count < schemas; count++) {
    const schema = randomSchema(random);
    for (const form of ['text', 'descriptor'] as const) {
      const read = await readProtobuf('random.proto', schema[form], () => undefined);
      for (const desc of schema.messages) {
        const compiled = read.compile(desc.typeName);
        for (let left = messagesEach / schema.messages.length / 2; left > 0; left--) {
          const bytes = randomMessage(random, desc, schema.registry, { isOdd });
          try {
            check(compiled, bytes, desc, schema);
          } catch (error) {
            const hex = Buffer.from(bytes).toString('hex');
            throw new Error(`${(error as Error).message}\nseed ${seed}, ${desc.typeName}, ${hex}\n${schema.text}`, {
              cause: error,
            });
          }
        }
      }
    }
  }
}

/** @bufbuild/protobuf shows no defaults of proto2, and widens floats. */
function assertSame(
  actual: JsonValue | undefined,
  expected: JsonValue | undefined,
  desc: DescMessage | undefined,
  path: string,
): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual) && actual.length === expected.length, path);
    for (const [index, item] of expected.entries()) assertSame(actual[index], item, desc, `${path}[${index}]`);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null && !Array.isArray(actual), path);
    const shown = Object.keys(actual).filter((name) => Object.hasOwn(expected, name) || !isProto2Default(desc, name));
    assert.deepEqual(shown.toSorted(), Object.keys(expected).toSorted(), path);
    for (const name of shown) {
      const field = desc?.fields.find(({ jsonName }) => jsonName === name);
      assertSame(actual[name], expected[name], field ? field.message : desc, `${path}.${name}`);
    }
  } else if (typeof expected === 'number') {
    assert.ok(
      Object.is(actual, expected) || Math.fround(actual as number) === expected,
      `${path}: ${actual} is not ${expected}`,
    );
  } else assert.deepEqual(actual, expected, path);
}

function isProto2Default(desc: DescMessage | undefined, name: string): boolean {
  const field = desc?.fields.find(({ jsonName }) => jsonName === name);
  return (
    desc?.file.edition === 998 && field?.oneof === undefined && (field?.fieldKind === 'scalar' || field?.fieldKind === 'enum')
  );
}

for (const isOdd of [false, true]) {
  const how = isOdd ? 'out of order, in parts and with unknown fields' : 'as serializers write them';

  test(`messages ${how} are shown as @bufbuild/protobuf shows them`, async (during) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    during.diagnostic(`seed ${seed}`);
    await onRandomMessages(seed, isOdd, (compiled, bytes, desc, { registry }) => {
      const expected = toJson(desc, fromBinary(desc, bytes), { alwaysEmitImplicit: true, registry });
      const json = jsonOf(compiled, bytes);
      assertSame(JSON.parse(json), expected, desc, '');
      if (!isOdd) assert.equal(compiled.isLossy, false);
    });
  });

  test(`what is shown of messages ${how} is taken back, and means the same`, async (during) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    during.diagnostic(`seed ${seed}`);
    await onRandomMessages(seed, isOdd, (compiled, bytes, desc, { registry }) => {
      const json = jsonOf(compiled, bytes);
      const encoded = compiled.encode(json);
      assert.equal(jsonOf(compiled, encoded), json);
      assert.equal(compiled.isLossy, false);
      const theirs = toBinary(desc, fromJsonString(desc, json, { registry }));
      const ours = toBinary(desc, fromBinary(desc, encoded));
      assert.equal(Buffer.from(ours).toString('hex'), Buffer.from(theirs).toString('hex'), json);
    });
  });
}
