/** The bytes of Protobuf messages at random: in order as serializers write them, or in any way that readers have to take. */
import { type DescField, type DescMessage, type Registry, ScalarType } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { below, pick, type Random } from './random-schema.ts';
import { texts, wellKnownMessage } from './random-well-known.ts';

export interface Shape {
  /** Fields out of order, in parts and several times, packed where that is not declared, and unknown fields. */
  readonly isOdd: boolean;
}

const doubles = [
  0,
  -0,
  1,
  0.1,
  -1.5,
  1e21,
  1e-7,
  5e-324,
  1.7976931348623157e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
];
const floats = [
  0,
  -0,
  1,
  Math.fround(0.1),
  1.5,
  Math.fround(3.4e38),
  2 ** -149,
  Math.fround(16_777_217.5),
  Number.NEGATIVE_INFINITY,
];
const deepest = 2;

export function randomMessage(random: Random, desc: DescMessage, registry: Registry, shape: Shape, depth = 0): Uint8Array {
  if (desc.typeName.startsWith('google.protobuf.')) return wellKnownMessage(random, desc, registry);
  const parts = desc.fields
    .toSorted((a, b) => a.number - b.number)
    .flatMap((field) => fieldParts(random, field, registry, shape, depth));
  if (shape.isOdd) {
    shuffle(random, parts);
    if (random() < 0.2) parts.push(unknownField(random, desc));
  }
  return Buffer.concat(oneOfEach(random, desc, parts, shape));
}

interface Part {
  readonly field: DescField | undefined;
  readonly bytes: Uint8Array;
}

/** Serializers write one member of a oneof; readers have to take several. */
function oneOfEach(random: Random, desc: DescMessage, parts: readonly Part[], { isOdd }: Shape): Uint8Array[] {
  const chosen = new Map(desc.oneofs.map((oneof) => [oneof, pick(random, oneof.fields)]));
  return parts.filter(({ field }) => isOdd || !field?.oneof || chosen.get(field.oneof) === field).map(({ bytes }) => bytes);
}

function shuffle<T>(random: Random, items: T[]): void {
  for (let index = items.length - 1; index > 0; index--) {
    const other = below(random, index + 1);
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
}

function unknownField(random: Random, desc: DescMessage): Part {
  let number = 500;
  while (desc.fields.some((field) => field.number === number)) number++;
  const writer = new BinaryWriter();
  if (random() < 0.5) writer.tag(number, WireType.Varint).int64(-5n);
  else writer.tag(number, WireType.StartGroup).tag(3, WireType.Varint).int32(1).tag(number, WireType.EndGroup);
  return { field: undefined, bytes: writer.finish() };
}

function fieldParts(random: Random, field: DescField, registry: Registry, shape: Shape, depth: number): Part[] {
  // 3 is proto2's `required`.
  const isRequired = field.presence === 3;
  if (!isRequired && random() < 0.3) return [];
  if (depth >= deepest && (field.message || field.fieldKind === 'map')) return [];
  const most = shape.isOdd ? 3 : 1;
  switch (field.fieldKind) {
    case 'map':
      return many(random, 4, () => ({ field, bytes: mapEntry(random, field, registry, shape, depth) }));
    case 'list':
      return listParts(random, field, registry, shape, depth);
    default:
      return many(random, most, () => {
        const writer = new BinaryWriter();
        writeValue(random, writer, field.number, field, registry, shape, depth);
        return { field, bytes: writer.finish() };
      });
  }
}

function many(random: Random, most: number, make: () => Part): Part[] {
  return Array.from({ length: 1 + below(random, most) }, make);
}

type ListField = DescField & { fieldKind: 'list' };
type MapField = DescField & { fieldKind: 'map' };
type SingleField = DescField & { fieldKind: 'scalar' | 'enum' | 'message' };

function listParts(random: Random, field: ListField, registry: Registry, shape: Shape, depth: number): Part[] {
  const isPackable =
    field.listKind === 'enum' ||
    (field.listKind === 'scalar' && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES);
  const item = { ...field, fieldKind: field.listKind } as unknown as SingleField;
  if (isPackable && (shape.isOdd ? random() < 0.5 : field.packed)) {
    return many(random, shape.isOdd ? 2 : 1, () => {
      const writer = new BinaryWriter().tag(field.number, WireType.LengthDelimited).fork();
      for (let left = below(random, 5); left > 0; left--) writeScalar(random, writer, item);
      return { field, bytes: writer.join().finish() };
    });
  }
  return many(random, 4, () => {
    const writer = new BinaryWriter();
    writeValue(random, writer, field.number, item, registry, shape, depth);
    return { field, bytes: writer.finish() };
  });
}

function mapEntry(random: Random, field: MapField, registry: Registry, shape: Shape, depth: number): Uint8Array {
  const key = new BinaryWriter();
  const value = new BinaryWriter();
  writeValue(random, key, 1, { fieldKind: 'scalar', scalar: field.mapKey } as SingleField, registry, shape, depth);
  const single = { ...field, fieldKind: field.mapKind } as unknown as SingleField;
  writeValue(random, value, 2, single, registry, shape, depth);
  const parts = [key.finish(), value.finish()];
  if (shape.isOdd) {
    shuffle(random, parts);
    // @bufbuild/protobuf does not show a Value that is none, nor may what is required be missing.
    if (field.mapKind !== 'message' && random() < 0.2) parts.pop();
  }
  return new BinaryWriter().tag(field.number, WireType.LengthDelimited).bytes(Buffer.concat(parts)).finish();
}

function writeValue(
  random: Random,
  writer: BinaryWriter,
  number: number,
  field: SingleField,
  registry: Registry,
  shape: Shape,
  depth: number,
): void {
  if (field.fieldKind === 'message') {
    writer.tag(number, WireType.LengthDelimited).bytes(randomMessage(random, field.message, registry, shape, depth + 1));
    return;
  }
  writer.tag(number, field.fieldKind === 'enum' ? WireType.Varint : wireTypeOf(field.scalar));
  writeScalar(random, writer, field);
}

function wireTypeOf(type: ScalarType): WireType {
  switch (type) {
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    default:
      return WireType.Varint;
  }
}

function writeScalar(random: Random, writer: BinaryWriter, field: SingleField): void {
  if (field.fieldKind === 'enum') {
    // @bufbuild/protobuf shows numbers that a closed enum does not know.
    writer.int32(pick(random, [0, 1, 2, 5, -3, 300, ...(field.enum.open ? [7] : [])]));
    return;
  }
  const int32 = pick(random, [0, 1, -1, 127, 128, 300, 2 ** 31 - 1, -(2 ** 31)]);
  const int64 = pick(random, [
    0n,
    1n,
    -1n,
    2n ** 53n - 1n,
    2n ** 53n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    1_700_000_000_000n,
  ]);
  switch (field.fieldKind === 'scalar' && field.scalar) {
    case ScalarType.DOUBLE:
      return void writer.double(pick(random, doubles));
    case ScalarType.FLOAT:
      return void writer.float(pick(random, floats));
    case ScalarType.INT32:
      return void writer.int32(int32);
    case ScalarType.SINT32:
      return void writer.sint32(int32);
    case ScalarType.SFIXED32:
      return void writer.sfixed32(int32);
    case ScalarType.UINT32:
      return void writer.uint32(int32 >>> 0);
    case ScalarType.FIXED32:
      return void writer.fixed32(int32 >>> 0);
    case ScalarType.INT64:
      return void writer.int64(int64);
    case ScalarType.SINT64:
      return void writer.sint64(int64);
    case ScalarType.SFIXED64:
      return void writer.sfixed64(int64);
    case ScalarType.UINT64:
      return void writer.uint64(BigInt.asUintN(64, int64));
    case ScalarType.FIXED64:
      return void writer.fixed64(BigInt.asUintN(64, int64));
    case ScalarType.BOOL:
      return void writer.bool(random() < 0.5);
    case ScalarType.STRING:
      return void writer.string(pick(random, texts));
    default:
      writer.bytes(Buffer.from(pick(random, texts)).reverse());
  }
}
