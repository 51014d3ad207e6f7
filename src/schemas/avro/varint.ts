/** Avro's integers: zigzag, seven bits a byte. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';

const longest = 10;
const smallest = -(2 ** 30);
const largest = 2 ** 30 - 1;
/** Twice as much is still exact. */
const mostDoubled = 2 ** 52;

/** Appends an int or long. @param value a safe integer */
export function appendInteger(sink: ByteSink, value: number): void {
  if (value < smallest || value > largest) {
    appendLong(sink, value);
    return;
  }
  sink.ensure(longest);
  let rest = (value << 1) ^ (value >> 31);
  while (rest >= 0x80) {
    sink.buf[sink.length++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  sink.buf[sink.length++] = rest;
}

function appendLong(sink: ByteSink, value: number): void {
  if (value < -mostDoubled || value > mostDoubled) {
    appendBigInteger(sink, BigInt(value));
    return;
  }
  sink.ensure(longest);
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  while (rest >= 0x80) {
    const next = Math.floor(rest / 128);
    sink.buf[sink.length++] = (rest - next * 128) | 0x80;
    rest = next;
  }
  sink.buf[sink.length++] = rest;
}

/** Appends a long of any size. @param value within 64 bits */
export function appendBigInteger(sink: ByteSink, value: bigint): void {
  sink.ensure(longest);
  let rest = value < 0n ? -value * 2n - 1n : value * 2n;
  while (rest >= 0x80n) {
    sink.buf[sink.length++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  sink.buf[sink.length++] = Number(rest);
}

/** Whether an integer fits into 32 or 64 bits. */
export function hasBits(value: number | bigint, bits: 32 | 64): boolean {
  if (typeof value === 'number') return bits === 64 || value === (value | 0);
  return BigInt.asIntN(bits, value) === value;
}

/** Appends an int or long. @param value a safe integer, or a bigint within 64 bits */
export function appendWhole(sink: ByteSink, value: number | bigint): void {
  if (typeof value === 'number') appendInteger(sink, value);
  else appendBigInteger(sink, value);
}
