/** Records that decompress to a lot, visited in parts: each once, in order, and each part as often as it takes. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { attribute, field } from '../../../../src/kafka/batch/header.ts';
import { RecordBatches, type RecordParts } from '../../../../src/kafka/batch/reader.ts';
import { compress, compressionNames, prepareCodecs } from '../../../../src/kafka/compression/index.ts';
import { batchOf, markerOf, reseal } from './fixtures.ts';

const lz4 = compressionNames.indexOf('lz4');
const value = 'x'.repeat(1 << 20);

before(() => prepareCodecs(1 << lz4));

/** A compressed batch of this many records of 1 MiB. */
function large(baseOffset: bigint, count: number, producerId?: bigint): Buffer {
  const options = producerId === undefined ? {} : { producerId, transactional: true };
  const plain = batchOf(
    baseOffset,
    Array.from({ length: count }, () => value),
    options,
  );
  const batch = Buffer.concat([plain.subarray(0, field.records), compress(lz4, plain.subarray(field.records))]);
  batch.writeInt32BE(batch.length - field.leaderEpoch, field.length);
  batch[field.attributes + 1] = (batch[field.attributes + 1]! & ~attribute.codec) | lz4;
  return reseal(batch);
}

function offsetsOf(part: RecordParts): number[] {
  const offsets: number[] = [];
  part.each((record) => {
    assert.equal(record.valueEnd - record.valueStart, value.length);
    assert.equal(record.bytes[record.valueEnd - 1], 120);
    offsets.push(record.offset);
  });
  return offsets;
}

const from = (start: number, count: number) => Array.from({ length: count }, (_, index) => start + index);

test('a part ends within a batch or between two, and says where the next one begins', () => {
  const records = Buffer.concat([large(0n, 20), large(20n, 3), large(23n, 10)]);
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 2n }).parts();
  const seen: number[] = [];
  let count = 0;
  do {
    const offsets = offsetsOf(parts);
    assert.deepEqual(offsetsOf(parts), offsets);
    assert.ok(offsets.length <= 9, `${offsets.length} records of 1 MiB in one part`);
    seen.push(...offsets);
    assert.equal(parts.nextOffset, BigInt(seen.at(-1)! + 1));
    count++;
  } while (parts.advance());
  assert.deepEqual(seen, from(2, 31));
  assert.ok(count >= 4, `${count} parts`);
});

test('what is small comes in one part', () => {
  const records = batchOf(7n, ['a', 'b']);
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 0n }).parts();
  let seen = 0;
  parts.each(() => void seen++);
  assert.deepEqual([seen, parts.hasMore, parts.nextOffset, parts.advance()], [2, false, 9n, false]);
});

test('a visitor that stops has all it wants', () => {
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records: large(0n, 20), startOffset: 0n }).parts();
  parts.each(() => false);
  assert.equal(parts.hasMore, false);
});

test('aborted records stay hidden in every part, also when it is visited twice', () => {
  const records = Buffer.concat([
    large(0n, 10),
    large(10n, 9, 5n),
    markerOf(19n, 5n, 'abort'),
    large(20n, 9, 5n),
    large(29n, 9),
  ]);
  const abortedTransactions = [{ producerId: 5n, firstOffset: 10n }];
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 0n, abortedTransactions }).parts();
  const seen: number[] = [];
  do {
    const offsets = offsetsOf(parts);
    assert.deepEqual(offsetsOf(parts), offsets);
    seen.push(...offsets);
  } while (parts.advance());
  assert.deepEqual(seen, [...from(0, 10), ...from(20, 18)]);
});

/** Works for so many milliseconds. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('a slow visit ends early, and the next ones of that part end where it did', () => {
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records: large(0n, 7), startOffset: 0n }).parts();
  const seen: number[] = [];
  let count = 0;
  do {
    const slowly: number[] = [];
    parts.each(({ offset }) => {
      slowly.push(offset);
      busy(45);
    });
    assert.ok(slowly.length <= 3, `${slowly.length} records of 45 ms in one part`);
    assert.deepEqual(offsetsOf(parts), slowly);
    seen.push(...slowly);
    count++;
  } while (parts.advance());
  assert.deepEqual(seen, from(0, 7));
  assert.ok(count >= 3, `${count} parts`);
});

test('a slow visit behind one that only looked ends early too', () => {
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records: large(0n, 7), startOffset: 0n }).parts();
  const seen: number[] = [];
  do {
    const looked = offsetsOf(parts);
    parts.looked();
    const before = seen.length;
    parts.each(({ offset }) => {
      seen.push(offset);
      busy(45);
    });
    assert.ok(seen.length - before <= Math.min(3, looked.length));
  } while (parts.advance());
  assert.deepEqual(seen, from(0, 7));
});

test('what was decompressed for the first visit of a part serves the next ones, then large memory is given back', () => {
  const records = Buffer.concat([large(0n, 2), large(2n, 2)]);
  const parts = new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 0n }).parts();
  const memories = () => {
    const found: ArrayBufferLike[] = [];
    parts.each(({ bytes }) => void found.push(bytes.buffer));
    return found;
  };
  const all = new Set<ArrayBufferLike>();
  do {
    const first = memories();
    for (const [index, memory] of memories().entries()) assert.ok(memory === first[index], `record ${index} of the part`);
    for (const memory of first) all.add(memory);
  } while (parts.advance());
  assert.equal(all.size, 2);
  for (const { byteLength } of all) assert.equal(byteLength, 0);
});
