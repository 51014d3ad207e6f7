/**
 * How many Protobuf messages a second become JSON, and back, beside @bufbuild/protobuf: `npx bun bench/codecs/protobuf.ts`,
 * `node --import tsx bench/codecs/protobuf.ts`. Both show implicit defaults.
 */
import assert from 'node:assert/strict';
import { create, createFileRegistry, fromBinary, fromJson, fromJsonString, toBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { readProtobuf } from '../../src/schemas/protobuf/schema.ts';
import { contest } from './contest.ts';

const count = 100_000;

const fields = {
  id: Type.INT64,
  quantity: Type.INT32,
  customer: Type.STRING,
  product: Type.STRING,
  currency: Type.STRING,
  price: Type.DOUBLE,
  is_gift: Type.BOOL,
  created_at: Type.INT64,
  coupon: Type.STRING,
  status: Type.ENUM,
};
const file = create(FileDescriptorProtoSchema, {
  name: 'order.proto',
  package: 'shop',
  syntax: 'proto3',
  enumType: [{ name: 'Status', value: ['UNKNOWN', 'PAID', 'SHIPPED'].map((name, number) => ({ name, number })) }],
  messageType: [
    {
      name: 'Order',
      oneofDecl: [{ name: '_coupon' }],
      field: Object.entries(fields).map(([name, type], index) => ({
        name,
        jsonName: name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
        number: index + 1,
        type,
        label: 1,
        ...(type === Type.ENUM ? { typeName: '.shop.Status' } : {}),
        ...(name === 'coupon' ? { proto3Optional: true, oneofIndex: 0 } : {}),
      })),
    },
  ],
});

const registry = createFileRegistry(file, () => undefined);
const order = registry.getMessage('shop.Order')!;
const descriptor = Buffer.from(toBinary(FileDescriptorProtoSchema, file)).toString('base64');
const compiled = (await readProtobuf('order', descriptor, () => undefined)).compile();

const messages = Array.from({ length: count }, (_, index) =>
  toBinary(
    order,
    fromJson(order, {
      id: 1_000_000 + index,
      quantity: index % 9,
      customer: `customer-${index % 5000}`,
      product: `product ${index % 300}`,
      currency: 'EUR',
      price: (index % 10_000) / 100,
      isGift: index % 3 === 0,
      createdAt: 1_700_000_000_000 + index,
      ...(index % 2 === 0 ? { coupon: 'SPRING' } : {}),
      status: index % 2 === 0 ? 'PAID' : 'SHIPPED',
    }),
  ),
);
const bytes = Buffer.concat(messages);
const sink = new ByteSink(1 << 16);

function each(visit: (start: number, end: number) => void): void {
  let at = 0;
  for (const { length } of messages) {
    visit(at, at + length);
    at += length;
  }
}

const shown = { alwaysEmitImplicit: true };
const texts: string[] = [];
each((start, end) => {
  sink.length = 0;
  compiled.writeJson(bytes, start, end, sink);
  const text = sink.buf.toString('utf8', 0, sink.length);
  texts.push(text);
  // Both say the same.
  if (texts.length % 1000 === 1) {
    assert.deepEqual(JSON.parse(text), toJson(order, fromBinary(order, bytes.subarray(start, end)), shown));
  }
});

const pieces: Readonly<Record<string, () => void>> = {
  'kt: Protobuf to JSON': () =>
    each((start, end) => {
      if (sink.length > 60_000) sink.length = 0;
      compiled.writeJson(bytes, start, end, sink);
    }),
  '@bufbuild/protobuf: Protobuf to JSON': () =>
    each((start, end) => void JSON.stringify(toJson(order, fromBinary(order, bytes.subarray(start, end)), shown))),
  'kt: Protobuf to values': () => each((start, end) => compiled.decode(bytes, start, end)),
  'kt: JSON to Protobuf': () => {
    for (const text of texts) compiled.encode(text);
  },
  '@bufbuild/protobuf: JSON to Protobuf': () => {
    for (const text of texts) toBinary(order, fromJsonString(order, text));
  },
};

contest(
  `messages of ${bytes.length / count} B, ${texts.join('').length / count} B in JSON`,
  count,
  Object.entries(pieces).map(([name, run]) => ({ name, run })),
);
