/** What the writer writes: byte for byte what Java does, and whatever goes in comes out of the reader. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { field } from '../../../../src/kafka/batch/header.ts';
import { encodeHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import { BatchWriter, type RecordBytes } from '../../../../src/kafka/batch/writer.ts';
import { compressionNames, prepareCompression } from '../../../../src/kafka/compression/index.ts';
import { javaBatches, javaRecords, type PlainRecord, readAll } from './fixtures.ts';

before(async () => {
  for (const name of compressionNames) await prepareCompression(name);
});

function fromHex(hex: string | null): Buffer | null {
  return hex === null ? null : Buffer.from(hex, 'hex');
}

/** Ranges that do not begin at 0, as the input's do. */
function recordBytes({ key, value, headers, timestamp }: Omit<PlainRecord, 'offset'>): RecordBytes {
  const keyBytes = Buffer.from(`ff${key ?? ''}ff`, 'hex');
  const valueBytes = Buffer.from(`ffff${value ?? ''}`, 'hex');
  const safe = timestamp <= BigInt(Number.MAX_SAFE_INTEGER) && timestamp >= BigInt(Number.MIN_SAFE_INTEGER);
  return {
    key: keyBytes,
    keyStart: key === null ? -1 : 1,
    keyEnd: key === null ? -1 : keyBytes.length - 1,
    value: valueBytes,
    valueStart: value === null ? -1 : 2,
    valueEnd: value === null ? -1 : valueBytes.length,
    headers:
      headers.length === 0 ? undefined : encodeHeaders(headers.map(([k, v]) => ({ key: fromHex(k)!, value: fromHex(v) }))),
    timestamp: safe ? Number(timestamp) : timestamp,
  };
}

test('an uncompressed batch is byte for byte the one Java writes', () => {
  const writer = new BatchWriter(61);
  for (const record of javaRecords) writer.append(recordBytes(record));
  const batch = writer.finish('none');
  BatchWriter.setProducer(batch, 77n, 3, 12, true);
  const java = Buffer.from(javaBatches.none, 'hex');
  java.writeBigInt64BE(0n, field.baseOffset);
  java.writeInt32BE(-1, field.leaderEpoch);
  assert.equal(batch.toString('hex'), java.toString('hex'));
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 4000 })).map(([piece, times]) => {
    return new Uint8Array(Buffer.concat(Array.from({ length: times }, () => piece)));
  }),
);
const hex = bytes.map((data) => Buffer.from(data).toString('hex'));
const nullable = fc.option(hex, { nil: null });
const timestamp = fc.oneof(
  fc.bigInt({ min: 1_700_000_000_000n, max: 1_700_000_009_000n }),
  fc.bigInt({ min: 0n, max: 4_000_000_000_000n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(-1n, 0n, 2n ** 53n, 2n ** 53n - 1n, -(2n ** 63n), 2n ** 63n - 1n),
);
const record = fc.record({
  key: nullable,
  value: nullable,
  timestamp,
  headers: fc.array(fc.tuple(hex, nullable), { maxLength: 4 }),
});

for (const compression of compressionNames) {
  test(`with ${compression} the reader gives back what the writer took`, () => {
    const writer = new BatchWriter(100);
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (records) => {
        writer.reset();
        for (const each of records) {
          const raw = recordBytes(each);
          const limit = writer.size + 20_000;
          const fitted = writer.fits(raw, limit);
          writer.append(raw);
          if (fitted) assert.ok(writer.size <= limit);
          assert.ok(writer.fits(raw, 2 ** 31));
        }
        const batch = Buffer.from(writer.finish(compression));
        assert.deepEqual(
          readAll(batch),
          records.map((each, index) => ({ ...each, offset: BigInt(index) })),
        );
        const max = records
          .map(({ timestamp }) => timestamp)
          .sort((a, b) => (a < b ? -1 : 1))
          .at(-1);
        assert.equal(batch.readBigInt64BE(field.maxTimestamp), max);
      }),
      { numRuns: 60 },
    );
  });

  test(`with ${compression} a record of 1 MB and one of every length around the copies' steps come back`, () => {
    const sizes = [0, 1, 7, 8, 9, 31, 32, 33, 47, 48, 383, 384, 385, 65_535, 65_536, 65_537, 1_000_000];
    const records = sizes.map((size, index) => ({
      key: null,
      value: Buffer.from(Array.from({ length: size }, (_, at) => (at * at * (index + 7)) >>> 3)).toString('hex'),
      timestamp: BigInt(index),
      headers: [],
    }));
    const writer = new BatchWriter();
    for (const each of records) writer.append(recordBytes(each));
    assert.deepEqual(
      readAll(writer.finish(compression)).map(({ value }) => value),
      records.map(({ value }) => value),
    );
  });
}

test('a batch is sent again under a new producer epoch with a CRC that holds', () => {
  const writer = new BatchWriter();
  writer.append(recordBytes(javaRecords[0]!));
  const batch = writer.finish('none');
  BatchWriter.setProducer(batch, 2n ** 40n, 1, 5, true);
  BatchWriter.setProducer(batch, 2n ** 40n + 1n, 2, 2 ** 31 - 1);
  assert.equal(readAll(batch).length, 1);
  assert.deepEqual(
    [batch.readBigInt64BE(field.producerId), batch.readInt16BE(field.producerEpoch), batch.readInt32BE(field.baseSequence)],
    [2n ** 40n + 1n, 2, 2 ** 31 - 1],
  );
  assert.equal(batch[field.attributes + 1], 0, 'not transactional any more');
});
