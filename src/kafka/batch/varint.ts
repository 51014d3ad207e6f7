/** Kafka's varints: zigzag, seven bits a byte, lowest first. Loops over records read the short forms in place and call these functions for the rest. */
import { malformed } from './malformed.ts';

/** Where the last value ended: a second result that needs no object. */
export const ended = { at: 0 };

/** Reads a varint of at most 5 bytes. The caller checks that `ended.at` is still inside its range. */
export function readVarint(bytes: Uint8Array, at: number): number {
  let raw = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++]!;
    raw |= (byte & 127) << shift;
    if (!(byte > 127)) {
      if (shift === 28 && byte > 15) break;
      ended.at = at;
      return (raw >>> 1) ^ -(raw & 1);
    }
  }
  return malformed('a number of more than 32 bits');
}

/** Reads a varlong of at most 10 bytes; exact while a safe integer, and never a safe integer when the exact value is not one. */
export function readVarlong(bytes: Uint8Array, at: number): number {
  const start = at;
  let raw = 0;
  for (let scale = 1; scale < 2 ** 49; scale *= 128) {
    const byte = bytes[at++]!;
    raw += (byte & 127) * scale;
    if (!(byte > 127)) {
      ended.at = at;
      return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
    }
  }
  return Number(readVarlongExact(bytes, start));
}

/** The same as a bigint. */
export function readVarlongExact(bytes: Uint8Array, at: number): bigint {
  let raw = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[at++]!;
    raw |= BigInt(byte & 127) << shift;
    if (!(byte > 127)) {
      if (raw >> 64n !== 0n) break;
      ended.at = at;
      return (raw >> 1n) ^ -(raw & 1n);
    }
  }
  return malformed('a number of more than 64 bits');
}

/** Bytes that `writeVarint` needs. */
export function sizeOfVarint(value: number): number {
  const raw = (value << 1) ^ (value >> 31);
  return raw >>> 7 === 0 ? 1 : raw >>> 14 === 0 ? 2 : raw >>> 21 === 0 ? 3 : raw >>> 28 === 0 ? 4 : 5;
}

/** Writes a 32-bit integer; returns where it ended. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let raw = (value << 1) ^ (value >> 31);
  while (raw >>> 7 !== 0) {
    bytes[at++] = (raw & 127) | 128;
    raw >>>= 7;
  }
  bytes[at++] = raw;
  return at;
}

/** Bytes that `writeVarlong` needs. */
export function sizeOfVarlong(value: number | bigint): number {
  if (typeof value === 'bigint') return Math.ceil(zigzag(value).toString(2).length / 7);
  if (value >> 0 === value) return sizeOfVarint(value);
  let size = 1;
  for (let raw = value < 0 ? -2 * value - 1 : 2 * value; raw > 127; raw = Math.floor(raw / 128)) size++;
  return size;
}

/** Writes a 64-bit integer, as a number when it is below 2^52 in size; returns where it ended. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number | bigint): number {
  if (typeof value === 'bigint') {
    let raw = zigzag(value);
    for (; raw > 127n; raw >>= 7n) bytes[at++] = Number(raw & 127n) | 128;
    bytes[at++] = Number(raw);
    return at;
  }
  if (value >> 0 === value) return writeVarint(bytes, at, value);
  let raw = value < 0 ? -2 * value - 1 : 2 * value;
  for (; raw > 127; raw = Math.floor(raw / 128)) bytes[at++] = (raw % 128) | 128;
  bytes[at++] = raw;
  return at;
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}
