/** CRC-32C against known values and the plainest implementation. */
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { crc32c } from '../../../../src/kafka/batch/crc32c.ts';

function bitByBit(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

test('the checksums of RFC 3720 B.4 come out', () => {
  const table: [Buffer, number][] = [
    [Buffer.alloc(0), 0],
    [Buffer.from('123456789'), 0xe3069283],
    [Buffer.alloc(32), 0x8a9136aa],
    [Buffer.alloc(32, 0xff), 0x62a8ab43],
    [Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)), 0x46dd794e],
  ];
  for (const [bytes, crc] of table) assert.equal(crc32c(bytes, 0, bytes.length), crc);
});

test('every length and position gives the checksum that a loop over bits gives', () => {
  const bytes = randomBytes(300_000);
  const lengths = [
    1,
    7,
    8,
    9,
    ...Array.from({ length: 18 }, (_, more) => 504 + more),
    65_535,
    65_536,
    65_537,
    131_072,
    200_003,
    ...Array.from({ length: 40 }, () => randomInt(9000)),
  ];
  for (const length of lengths) {
    const start = randomInt(bytes.length - length);
    assert.equal(crc32c(bytes, start, start + length), bitByBit(bytes.subarray(start, start + length)), `${start}+${length}`);
  }
});
