/** What is read from a fetch response: Java's batches, broken ones, and the records a reader must not see. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { attribute, field, LENGTH_END, scanBatches, splitBatches } from '../../../../src/kafka/batch/header.ts';
import { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import { prepareCodecs } from '../../../../src/kafka/compression/index.ts';
import { batchOf, javaBatches, javaRecords, markerOf, readAll, reseal, valuesOf } from './fixtures.ts';

before(() => prepareCodecs(0b11110));

const corrupt = (error: unknown) => error instanceof KtError && error.kind === 'refused' && error.code === 'CORRUPT_MESSAGE';

for (const [codec, hex] of Object.entries(javaBatches)) {
  test(`a batch that Java wrote with ${codec} gives its records, nulls, header order and timestamps`, () => {
    const bytes = Buffer.from(hex, 'hex');
    assert.deepEqual(readAll(bytes), javaRecords);
    assert.deepEqual(readAll(bytes.subarray(), { startOffset: 4202n }), javaRecords.slice(2));
    assert.equal(scanBatches(bytes).nextOffset, 4204n);
  });

  test(`a Java batch with ${codec}, cut anywhere, is an error or is not there`, () => {
    const bytes = Buffer.concat([batchOf(4000n, ['first']), Buffer.from(hex, 'hex')]);
    const first = bytes.length - hex.length / 2;
    assert.deepEqual(readAll(bytes.subarray(0, 0)), []);
    for (let length = 1; length < bytes.length; length++) {
      if (length < first) assert.throws(() => readAll(bytes.subarray(0, length)), corrupt, `${length} bytes`);
      else assert.equal(readAll(bytes.subarray(0, length)).length, 1, `${length} bytes`);
      assert.equal(scanBatches(bytes.subarray(0, length)).nextOffset, length < first ? -1n : 4001n);
    }
  });

  test(`any flipped bit in what the CRC of a Java batch with ${codec} covers is an error`, () => {
    const bytes = Buffer.from(hex, 'hex');
    for (let at = field.crc; at < bytes.length; at++) {
      const broken = Buffer.from(bytes);
      broken[at]! ^= 1 << (at & 7);
      assert.throws(() => readAll(broken), corrupt, `byte ${at}`);
    }
  });

  test(`without the CRC check a broken batch with ${codec} still gives records or a KtError, and ends`, () => {
    const bytes = Buffer.from(hex, 'hex');
    for (let at = field.crc; at < bytes.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const broken = Buffer.from(bytes);
        broken[at]! ^= flip;
        try {
          readAll(broken, { checkCrcs: false });
        } catch (error) {
          assert.ok(corrupt(error), `byte ${at}: ${error}`);
        }
      }
    }
  });
}

test('a flipped bit in front of the CRC is an error, or moves nothing but the offsets', () => {
  const bytes = Buffer.from(javaBatches.none, 'hex');
  for (let at = 0; at < field.crc; at++) {
    const broken = Buffer.from(bytes);
    broken[at]! ^= 0x10;
    try {
      const read = readAll(broken, { startOffset: -(2n ** 63n) });
      const moved = broken.readBigInt64BE(0) - 4200n;
      assert.deepEqual(
        read.map((record) => ({ ...record, offset: record.offset - moved })),
        javaRecords,
      );
    } catch (error) {
      assert.ok(error instanceof KtError && error.kind === 'refused', `byte ${at}: ${error}`);
    }
  }
});

test('offsets that go back between batches are reported as corruption, with the offset to continue at', () => {
  const bytes = Buffer.concat([batchOf(10n, ['a', 'b']), batchOf(11n, ['c'])]);
  assert.throws(() => readAll(bytes), corrupt);
  const flipped = batchOf(10n, ['a', 'b']);
  flipped[flipped.length - 2]! ^= 1;
  assert.throws(
    () => readAll(flipped, { startOffset: 10n }),
    (error: KtError) => {
      assert.match(error.message, /^corrupt record batch in orders:3 at offset 10 \(its CRC does not match its bytes\)$/);
      assert.match(error.hint!, /kt tail orders -p 3 --from 12/);
      return true;
    },
  );
});

test('a record count that is not true is corruption, up and down', () => {
  for (const count of [-1, 0, 1, 3, 2 ** 31 - 1]) {
    const bytes = batchOf(0n, ['a', 'b']);
    bytes.writeInt32BE(count, field.recordCount);
    reseal(bytes);
    assert.throws(() => readAll(bytes), corrupt, `count ${count}`);
  }
});

test('message sets from before Kafka 0.11 are refused with the topic, the offset and what to do', () => {
  for (const magic of [0, 1]) {
    const bytes = batchOf(41n, ['a']);
    bytes[field.magic] = magic;
    assert.throws(
      () => readAll(bytes),
      (error: KtError) => {
        assert.equal(error.kind, 'refused');
        assert.equal(error.code, 'UNSUPPORTED_FOR_MESSAGE_FORMAT');
        assert.match(error.message, new RegExp(`orders:3 holds records of format v${magic} at offset 41`));
        assert.match(error.hint!, /--from @TIME/);
        return true;
      },
    );
  }
});

test('the next fetch goes behind compaction holes and control batches', () => {
  const holes = batchOf(100n, ['a']);
  holes.writeInt32BE(49, field.lastOffsetDelta);
  reseal(holes);
  assert.equal(scanBatches(holes).nextOffset, 150n);
  assert.deepEqual(valuesOf(holes), ['a']);
  const emptied = Buffer.from(holes.subarray(0, field.records));
  emptied.writeInt32BE(field.records - LENGTH_END, field.length);
  emptied.writeInt32BE(0, field.recordCount);
  reseal(emptied);
  assert.equal(scanBatches(emptied).nextOffset, 150n);
  assert.deepEqual(valuesOf(emptied), []);
  const ended = Buffer.concat([batchOf(0n, ['a']), markerOf(1n, 7n, 'commit')]);
  assert.deepEqual({ ...scanBatches(ended) }, { nextOffset: 2n, codecs: 1, batches: 2 });
  assert.deepEqual(valuesOf(ended), ['a']);
});

test('offsets beyond 2^53 stay exact', () => {
  const bytes = batchOf(2n ** 62n + 1n, ['a', 'b']);
  assert.deepEqual(
    readAll(bytes, { startOffset: 2n ** 62n + 2n }).map(({ offset }) => offset),
    [2n ** 62n + 2n],
  );
});

test('with LogAppendTime all records have the time the broker appended the batch', () => {
  const bytes = batchOf(0n, ['a', 'b']);
  bytes[field.attributes + 1]! |= attribute.logAppendTime;
  bytes.writeBigInt64BE(1_800_000_000_000n, field.maxTimestamp);
  reseal(bytes);
  assert.deepEqual(
    readAll(bytes).map(({ timestamp }) => timestamp),
    [1_800_000_000_000n, 1_800_000_000_000n],
  );
  new RecordBatches({ topic: 't', partition: 0, records: bytes, startOffset: 0n }).each((record) => {
    assert.equal(record.timestampType, 'LogAppendTime');
  });
});

test('a visitor that returns false sees no further record, and a new visit begins at the start', () => {
  const batches = new RecordBatches({
    topic: 't',
    partition: 0,
    records: Buffer.concat([batchOf(0n, ['a', 'b']), batchOf(2n, ['c'])]),
    startOffset: 0n,
  });
  for (let round = 0; round < 2; round++) {
    let seen = 0;
    batches.each(() => ++seen < 2);
    assert.equal(seen, 2);
  }
});

test("a visitor's own error comes out as it is", () => {
  const mine = new Error('mine');
  const batches = new RecordBatches({ topic: 't', partition: 0, records: batchOf(0n, ['a']), startOffset: 0n });
  assert.throws(
    () =>
      batches.each(() => {
        throw mine;
      }),
    (error) => error === mine,
  );
});

const open = (producerId: bigint, key?: Buffer) => ({ producerId, transactional: true, ...(key && { key }) });

test('a data record whose key looks like an abort marker does not end an aborted transaction', () => {
  const records = Buffer.concat([
    batchOf(0n, ['hidden 1'], open(7n)),
    batchOf(1n, ['hidden 2'], open(7n, Buffer.from('00000000', 'hex'))),
    batchOf(2n, ['hidden 3'], open(7n)),
    markerOf(3n, 7n, 'abort'),
    batchOf(4n, ['seen'], open(7n)),
    markerOf(5n, 7n, 'commit'),
  ]);
  assert.deepEqual(valuesOf(records, { abortedTransactions: [{ producerId: 7n, firstOffset: 0n }] }), ['seen']);
  assert.equal(valuesOf(records).length, 4, 'read_uncommitted shows all of them');
});

test('neither of two interleaved aborted transactions is shown, in whatever order they are listed and wherever reading starts', () => {
  const first = batchOf(0n, ['first'], open(1n));
  const rest = Buffer.concat([
    batchOf(1n, ['second'], open(2n)),
    batchOf(2n, ['first again'], open(1n)),
    markerOf(3n, 1n, 'abort'),
    batchOf(4n, ['second again'], open(2n)),
    batchOf(5n, ['no transaction'], { producerId: 2n }),
    markerOf(6n, 2n, 'abort'),
    batchOf(7n, ['committed'], open(2n)),
    markerOf(8n, 2n, 'commit'),
  ]);
  const both = [
    { producerId: 1n, firstOffset: 0n },
    { producerId: 2n, firstOffset: 1n },
  ];
  for (const abortedTransactions of [both, [...both].reverse()]) {
    const expected = ['no transaction', 'committed'];
    assert.deepEqual(valuesOf(Buffer.concat([first, rest]), { abortedTransactions }), expected);
    assert.deepEqual(valuesOf(rest, { abortedTransactions, startOffset: 1n }), expected, 'from between the two');
  }
});

test('transactions of one producer are hidden one by one: aborted, committed, aborted', () => {
  const records = Buffer.concat([
    batchOf(0n, ['aborted'], open(9n)),
    markerOf(1n, 9n, 'abort'),
    batchOf(2n, ['kept'], open(9n)),
    markerOf(3n, 9n, 'commit'),
    batchOf(4n, ['aborted too'], open(9n)),
    markerOf(5n, 9n, 'abort'),
  ]);
  const abortedTransactions = [
    { producerId: 9n, firstOffset: 0n },
    { producerId: 9n, firstOffset: 4n },
  ];
  assert.deepEqual(valuesOf(records, { abortedTransactions }), ['kept']);
});

test("another producer's commit does not end an aborted transaction", () => {
  const records = Buffer.concat([
    batchOf(0n, ['x'], open(1n)),
    batchOf(1n, ['kept'], open(2n)),
    markerOf(2n, 2n, 'commit'),
    batchOf(3n, ['y'], open(1n)),
    markerOf(4n, 1n, 'abort'),
  ]);
  assert.deepEqual(valuesOf(records, { abortedTransactions: [{ producerId: 1n, firstOffset: 0n }] }), ['kept']);
});

test('batches outside any transaction show even while the same producer has one that was aborted', () => {
  const records = Buffer.concat([
    batchOf(5n, ['kept'], { producerId: 4n }),
    batchOf(6n, ['hidden'], open(4n)),
    markerOf(7n, 4n, 'abort'),
  ]);
  assert.deepEqual(valuesOf(records, { abortedTransactions: [{ producerId: 4n, firstOffset: 5n }] }), ['kept']);
});

test('records are split where a batch begins, and what is cut off or broken stays with the last piece', () => {
  const batches = ['a', 'b', 'c', 'd', 'e'].map((value, at) => batchOf(BigInt(at), [value]));
  const { length } = batches[0]!;
  const whole = Buffer.concat(batches);
  const sizes = (bytes: Buffer, size: number) => splitBatches(bytes, size).map((piece) => piece.length / length);
  assert.deepEqual(sizes(whole, 1), [1, 1, 1, 1, 1]);
  assert.deepEqual(sizes(whole, length + 1), [2, 2, 1]);
  assert.deepEqual(sizes(whole, whole.length), [5]);
  assert.deepEqual(splitBatches(Buffer.alloc(0), 1), [Buffer.alloc(0)]);
  for (const rest of [whole.subarray(0, length - 1), Buffer.alloc(200, 0xff)]) {
    const bytes = Buffer.concat([whole, rest]);
    const pieces = splitBatches(bytes, length);
    assert.deepEqual(Buffer.concat(pieces), bytes);
    assert.deepEqual(pieces.at(-1), Buffer.concat([batches[4]!, rest]));
  }
});

test('a piece that reaches back before the one in front of it is an error', () => {
  const bytes = batchOf(5n, ['f', 'g']);
  assert.deepEqual(valuesOf(bytes, { startOffset: 6n }), ['g']);
  assert.deepEqual(valuesOf(bytes, { startOffset: 5n, continues: true }), ['f', 'g']);
  assert.throws(() => valuesOf(bytes, { startOffset: 6n, continues: true }), corrupt);
});
