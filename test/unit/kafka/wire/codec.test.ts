/** Stories of the codec over every API, both directions and every version: what it writes it reads, and no bytes can hurt it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decoder, encoder } from '../../../../src/kafka/wire/codec.ts';
import { Reader, WireError } from '../../../../src/kafka/wire/reader.ts';
import { type FieldSchema, has, isArray, isTagged, leastBytesOfValue } from '../../../../src/kafka/wire/schema.ts';
import { Writer } from '../../../../src/kafka/wire/writer.ts';
import { messageOf, type Subject, subjects } from './arbitrary.ts';

const all = subjects();
const nameOf = ({ kind, name, version }: Subject) => `${name} ${kind} v${version}`;

function write({ kind, name, version }: Subject, value: unknown): Buffer {
  const writer = new Writer(16);
  encoder(kind, name, version)(writer, value);
  return writer.written();
}

function read({ kind, name, version }: Subject, bytes: Buffer): { readonly value: unknown; readonly left: number } {
  const reader = new Reader(bytes);
  const value = decoder(kind, name, version)(reader);
  return { value, left: reader.end - reader.at };
}

/** The value, or undefined for bytes that were refused as such; any other error is a failure. */
function tryRead(subject: Subject, bytes: Buffer): unknown {
  try {
    return read(subject, bytes).value;
  } catch (error) {
    assert.ok(error instanceof WireError, `${nameOf(subject)}: ${error}`);
    return undefined;
  }
}

test('every message of every version is read back as it was written, to its last byte', () => {
  assert.ok(all.length > 300, `${all.length} messages`);
  for (const subject of all) {
    const property = fc.property(messageOf(subject), (value) => {
      const { value: back, left } = read(subject, write(subject, value));
      assert.equal(left, 0);
      assert.deepEqual(back, value);
    });
    fc.assert(property, { numRuns: 15 });
  }
});

test('a message that ends too early is an error wherever it was cut', () => {
  for (const subject of all) {
    const [value] = fc.sample(messageOf(subject), 1);
    const bytes = write(subject, value);
    for (let length = 0; length < Math.min(bytes.length, 200); length++)
      assert.throws(
        () => read(subject, bytes.subarray(0, length)),
        WireError,
        `${nameOf(subject)} cut to ${length} of ${bytes.length}`,
      );
  }
});

test('flipped bytes give an error or a value, and never more elements than bytes', () => {
  for (const subject of all) {
    const property = fc.property(
      messageOf(subject),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { minLength: 1, maxLength: 6 }),
      (value, flips) => {
        const bytes = Buffer.from(write(subject, value));
        if (bytes.length === 0) return;
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        const back = tryRead(subject, bytes);
        if (back !== undefined) assert.ok(elementsIn(back) <= bytes.length, nameOf(subject));
      },
    );
    fc.assert(property, { numRuns: 15 });
  }
});

test('random bytes give an error or a value', () => {
  for (const subject of all) {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        tryRead(subject, Buffer.from(bytes));
      }),
      { numRuns: 5 },
    );
  }
});

test('no array has elements without a byte, so that its length is bounded by the bytes that are left', () => {
  for (const { kind, name, version, schema } of all) {
    const visit = (fields: readonly FieldSchema[], path: string) => {
      for (const field of fields) {
        if (!has(field, version)) continue;
        const here = `${path}.${field.name}`;
        if (isArray(field))
          assert.ok(
            leastBytesOfValue(field.type.slice(2), field, version, version >= schema.flexible) > 0,
            `${here} ${kind} v${version}`,
          );
        if (isTagged(field, version)) assert.ok(version >= schema.flexible, `${here} is tagged where nothing is`);
        visit(field.fields, here);
      }
    };
    visit(schema.fields, name);
  }
});

test('a huge array length is refused before anything is allocated', () => {
  const before = process.memoryUsage().heapUsed;
  const bytes = Buffer.alloc(1024);
  bytes.writeInt32BE(0x7fff_ffff, 0);
  const subject = all.find(({ kind, name, version }) => kind === 'response' && name === 'Metadata' && version === 0)!;
  assert.throws(
    () => read(subject, bytes),
    /^WireError: brokers: an array of 2147483647 elements at 4, where 1020 bytes are left$/,
  );
  assert.ok(process.memoryUsage().heapUsed - before < 8 * 2 ** 20);
});

test('the error of a broken answer names the field, its place in the arrays, and the position', () => {
  const metadata = all.find(({ kind, name, version }) => kind === 'response' && name === 'Metadata' && version === 1)!;
  const broker = { nodeId: 1, host: 'h', port: 9092, rack: null };
  const bytes = write(metadata, { brokers: [broker, broker] });
  // The second broker's host says that it is 256 bytes longer.
  const at = 4 + 13 + 4;
  bytes[at] = 1;
  assert.throws(() => read(metadata, bytes), {
    name: 'WireError',
    path: 'brokers[1].host',
    message: `brokers[1].host: 257 bytes wanted at ${at + 2}, ${bytes.length - at - 2} are left`,
  });
});

test('tagged fields that kt does not know are skipped', () => {
  const cluster = all.find(({ kind, name, version }) => kind === 'response' && name === 'DescribeCluster' && version === 0)!;
  const value = { clusterId: 'c', controllerId: 7 };
  const plain = write(cluster, value);
  const unknown = Buffer.from([2, 0x90, 0x4e, 3, 1, 2, 3, 0x91, 0x4e, 0]);
  const withTags = Buffer.concat([plain.subarray(0, -1), unknown]);
  assert.deepEqual(read(cluster, withTags), read(cluster, plain));
});

test('byte strings of an answer are views of the frame, not copies', () => {
  const fetch = all.find(({ kind, name, version }) => kind === 'response' && name === 'Fetch' && version === 12)!;
  const records = Buffer.alloc(100, 7);
  const partition = { partitionIndex: 0, highWatermark: 1n, records };
  const bytes = Buffer.from(write(fetch, { responses: [{ topic: 't', partitions: [partition] }] }));
  const { value } = read(fetch, bytes);
  const back = (value as { responses: { partitions: { records: Buffer }[] }[] }).responses[0]!.partitions[0]!.records;
  assert.deepEqual(back, records);
  assert.equal(back.buffer, bytes.buffer);
});

function elementsIn(value: unknown): number {
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, item) => sum + elementsIn(item), 0);
  return Array.isArray(value) ? inner + value.length : inner;
}
