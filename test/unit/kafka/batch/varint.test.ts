/** Varints in both directions, up to the last bit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Malformed } from '../../../../src/kafka/batch/malformed.ts';
import {
  ended,
  readVarint,
  readVarlong,
  readVarlongExact,
  sizeOfVarint,
  sizeOfVarlong,
  writeVarint,
  writeVarlong,
} from '../../../../src/kafka/batch/varint.ts';

const bytes = Buffer.alloc(12);

test("the bytes of Kafka's own varint tests come out", () => {
  const table: [number | bigint, string][] = [
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [8191, 'fe7f'],
    [-8193, '818001'],
    [2 ** 31 - 1, 'feffffff0f'],
    [-(2 ** 31), 'ffffffff0f'],
    [2n ** 63n - 1n, 'feffffffffffffffff01'],
    [-(2n ** 63n), 'ffffffffffffffffff01'],
  ];
  for (const [value, hex] of table) {
    assert.equal(bytes.toString('hex', 0, writeVarlong(bytes, 0, value)), hex);
    assert.equal(sizeOfVarlong(value), hex.length / 2);
    assert.equal(readVarlongExact(bytes, 0), BigInt(value));
  }
});

test('every 32-bit number comes back', () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const end = writeVarint(bytes, 1, value);
      assert.equal(end - 1, sizeOfVarint(value));
      assert.equal(readVarint(bytes, 1), value);
      assert.equal(ended.at, end);
    }),
  );
});

test('every 64-bit number comes back exact, and as a number if that is exact', () => {
  const small = fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n });
  fc.assert(
    fc.property(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), small), (value) => {
      const isSmall = value > -(2n ** 52n) && value < 2n ** 52n;
      const end = writeVarlong(bytes, 1, isSmall ? Number(value) : value);
      assert.equal(end - 1, sizeOfVarlong(value));
      assert.equal(readVarlongExact(bytes, 1), value);
      assert.equal(readVarlong(bytes, 1), Number(value));
      assert.equal(ended.at, end);
    }),
  );
});

test('a number that is too long is malformed', () => {
  bytes.fill(0xff);
  assert.throws(() => readVarint(bytes, 0), Malformed);
  assert.throws(() => readVarlong(bytes, 0), Malformed);
  assert.throws(() => readVarint(Buffer.from('ffffffff10', 'hex'), 0), Malformed);
});
