/** Messages at random that JSON shows in a form of their own. */
import { type DescMessage, fromJson, type JsonValue, type Registry, toBinary } from '@bufbuild/protobuf';
import { below, pick, type Random } from './random-schema.ts';

export const texts = ['', 'a', 'Zwölf Boxkämpfer', '日本語', '"\\\n\t\u0000\u001f', '😀 <&>', 'x'.repeat(200), '__proto__'];

/** Only what has the JSON form is made; tests of single values show the rest. */
export function wellKnownMessage(random: Random, desc: DescMessage, registry: Registry): Uint8Array {
  return toBinary(desc, fromJson(desc, wellKnownJson(random, desc.name, 0), { registry }));
}

function wellKnownJson(random: Random, name: string, depth: number): JsonValue {
  switch (name) {
    case 'Timestamp':
      return pick(random, [
        '1970-01-01T00:00:00Z',
        '2026-02-28T23:59:59.123456789Z',
        '0001-01-01T00:00:00.000001Z',
        '9999-12-31T23:59:59.5Z',
      ]);
    case 'Duration':
      // Parts with different signs would make one that JSON cannot say.
      return pick(random, ['0s', '1.5s', '0.000000001s', '315576000000s', '3.000001s']);
    case 'FieldMask':
      return pick(random, ['', 'a', 'aB,c.dE', 'fooBar9']);
    case 'Any':
      return pick<JsonValue>(random, [
        {},
        { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '2.25s' },
        { '@type': 'type.googleapis.com/google.protobuf.Empty' },
        { '@type': 'x.org/google.protobuf.Any', value: { '@type': 'a/google.protobuf.StringValue', value: 'x' } },
      ]);
    case 'Empty':
      return {};
    case 'Struct':
      return Object.fromEntries(several(random, () => [pick(random, texts), wellKnownJson(random, 'Value', depth + 1)]));
    case 'ListValue':
      return several(random, () => wellKnownJson(random, 'Value', depth + 1));
    case 'Value':
      return pick<() => JsonValue>(random, [
        () => null,
        () => 1.5,
        () => true,
        () => pick(random, texts),
        ...(depth > 3
          ? []
          : [() => wellKnownJson(random, 'Struct', depth + 1), () => wellKnownJson(random, 'ListValue', depth + 1)]),
      ])();
    case 'BoolValue':
      return random() < 0.5;
    case 'StringValue':
      return pick(random, texts);
    case 'BytesValue':
      return pick(random, ['', 'AP8=']);
    default:
      return pick(random, [0, 1, 77]);
  }
}

function several<T>(random: Random, make: () => T): T[] {
  return Array.from({ length: below(random, 4) }, make);
}
