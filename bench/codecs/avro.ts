/**
 * How many records per second and core Avro is decoded to JSON and encoded from it, beside avsc, the usual library:
 * `node --import tsx bench/codecs/avro.ts`, `npx bun bench/codecs/avro.ts`.
 */
import assert from 'node:assert/strict';
import avsc from 'avsc';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { compileAvro, parseAvro } from '../../src/schemas/avro/index.ts';
import { contest } from './contest.ts';
import { orderSchema } from './order-schema.ts';

const count = 20_000;
const times = 5;

const orders = Array.from({ length: count }, (_, index) => ({
  id: 1_000_000 + index * 7919,
  customer: `customer-${index % 5000}`,
  email: `someone.${index % 5000}@example.com`,
  amount: Math.round(Math.abs(Math.sin(index)) * 100_000) / 100,
  items: index % 9,
  gift: index % 2 === 0,
  coupon: index % 3 === 0 ? `SPRING-${index % 100}` : null,
  at: 1_700_000_000_000 + index * 37,
  status: ['NEW', 'PAID', 'SENT'][index % 3],
  tags: ['web', `campaign-${index % 20}`],
}));

const style = { rawLogical: true, avroJson: false };
const schema = parseAvro(orderSchema);
const kt = compileAvro(schema, style);
const ktTimes = compileAvro(schema, { ...style, rawLogical: false });
const rival = avsc.Type.forSchema(JSON.parse(orderSchema));
const data = orders.map((order) => rival.toBuffer(order));
const texts = orders.map((order) => JSON.stringify(order));
/** As records come: many in one buffer. */
const batch = Buffer.concat(data);
const ends = data.map(
  (
    (end) => (bytes: Buffer) =>
      (end += bytes.length)
  )(0),
);
const sink = new ByteSink(1 << 20);

/** Reads each record of the batch with the one or the other. */
function readBatch(read: (bytes: Buffer, start: number, end: number) => void): void {
  let start = 0;
  for (let index = 0; index < count; index++) {
    const end = ends[index]!;
    read(batch, start, end);
    start = end;
  }
}

function write(compiled: typeof kt): void {
  readBatch((bytes, start, end) => {
    if (sink.length > 1 << 19) sink.length = 0;
    compiled.writeJson(bytes, start, end, sink);
  });
}

for (const [index, bytes] of data.entries()) {
  sink.length = 0;
  kt.writeJson(bytes, 0, bytes.length, sink);
  assert.equal(sink.buf.toString('utf8', 0, sink.length), JSON.stringify(rival.fromBuffer(bytes)));
  assert.deepEqual(kt.encode(texts[index]!), bytes);
}

const pieces: readonly (readonly [name: string, once: () => void])[] = [
  ['kt: Avro to JSON, times in ISO 8601', () => write(ktTimes)],
  ['kt: Avro to JSON', () => write(kt)],
  ['avsc: Avro to JSON', () => data.forEach((bytes) => void JSON.stringify(rival.fromBuffer(bytes)))],
  ['kt: Avro to values', () => readBatch(kt.decode)],
  ['kt: JSON to Avro', () => texts.forEach((text) => void kt.encode(text))],
  ['avsc: JSON to Avro', () => texts.forEach((text) => void rival.toBuffer(JSON.parse(text)))],
];

contest(
  `records of ${data[0]!.length} B in Avro, ${texts[0]!.length} B in JSON`,
  times * count,
  pieces.map(([name, once]) => ({
    name,
    run() {
      for (let time = 0; time < times; time++) once();
    },
  })),
);
