/** The snappy block format: a length, then literals and copies from up to 64 KiB back. */

import { copyBytes, copySixteen, repeatBytes } from '../../base/bytes/copy-bytes.ts';
import { viewOf } from '../../base/bytes/word32.ts';
import { malformed } from '../batch/malformed.ts';
import { findMatches, matches } from './matches.ts';

const WINDOW = 65536;
/** The densest element is 3 bytes for a copy of 64. */
const MAX_RATIO = 64;

/** The decompressed length that the block from `start` to `end` declares. @throws Malformed when it cannot be true */
export function uncompressedLength(bytes: Buffer, start: number, end: number): number {
  let length = 0;
  for (let at = start, scale = 1; at < end && scale <= 2 ** 28; at++, scale *= 128) {
    length += (bytes[at]! & 127) * scale;
    if (bytes[at]! > 127) continue;
    if (length > (end - start) * MAX_RATIO) break;
    return length;
  }
  return malformed('snappy: a length that its bytes cannot hold');
}

/** Decompresses one block to `out` at `outStart`, which has room for its `uncompressedLength`; returns where that ended. */
export function decompressBlock(bytes: Buffer, start: number, end: number, out: Buffer, outStart: number): number {
  const outEnd = outStart + uncompressedLength(bytes, start, end);
  let at = start;
  while (bytes[at++]! > 127);
  let to = outStart;
  while (at < end) {
    const tag = bytes[at++]!;
    let length = (tag >>> 2) + 1;
    if ((tag & 3) === 0) {
      if (length > 60) {
        const size = length - 60;
        if (at + size > end) break;
        length = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
        length = (size === 4 ? length : length & ((1 << (8 * size)) - 1)) + 1;
        at += size;
      }
      if (length <= 0 || length > end - at || length > outEnd - to) return malformed('snappy: a literal beyond the end');
      copyBytes(bytes, at, at + length, out, to);
      at += length;
    } else {
      let distance: number;
      if ((tag & 3) === 1) {
        length = ((tag >>> 2) & 7) + 4;
        distance = ((tag >>> 5) << 8) | bytes[at++]!;
      } else if ((tag & 3) === 2) {
        distance = bytes[at]! | (bytes[at + 1]! << 8);
        at += 2;
      } else {
        distance = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
        at += 4;
      }
      if (distance <= 0 || distance > to - outStart || length > outEnd - to) return malformed('snappy: a copy from outside');
      repeatBytes(out, to, distance, length);
    }
    to += length;
  }
  if (at !== end || to !== outEnd) malformed('snappy: a block that is longer or shorter than it says');
  return to;
}

/** The most bytes that `compressBlock` writes for an input of this length. */
export function maxCompressedLength(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

/** Compresses bytes `start` to `end` as one block to `out` at `at`, where `maxCompressedLength` must fit; returns where that ended. */
export function compressBlock(bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let length = end - start;
  for (; length > 127; length >>>= 7) out[at++] = (length & 127) | 128;
  out[at++] = length;
  for (let from = start; from < end; from += WINDOW) at = compressWindow(bytes, from, Math.min(from + WINDOW, end), out, at);
  return at;
}

function compressWindow(bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
  const source = viewOf(bytes);
  const target = viewOf(out);
  const count = findMatches(source, start, end, 4, 0);
  const lastSixteen = bytes.length - 16;
  let done = start;
  for (let i = 0; i < count; i++) {
    const from = matches.at[i]!;
    const distance = matches.distance[i]!;
    let length = matches.length[i]!;
    const literals = from - done;
    // Most runs are this short. Excess bytes copied here are overwritten, or lie within `maxCompressedLength`.
    if (literals > 0 && literals <= 16 && done <= lastSixteen) {
      target.setUint8(at++, (literals - 1) << 2);
      copySixteen(source, done, target, at);
      at += literals;
    } else at = literal(bytes, done, from, out, at);
    done = from + length;
    // A copy holds at most 64 bytes, and a remainder under 4 would have no short form.
    for (; length >= 68; length -= 64) at = copy(target, at, distance, 64);
    if (length > 64) {
      at = copy(target, at, distance, 60);
      length -= 60;
    }
    at = copy(target, at, distance, length);
  }
  return literal(bytes, done, end, out, at);
}

function literal(bytes: Buffer, from: number, to: number, out: Buffer, at: number): number {
  const last = to - from - 1;
  if (last < 0) return at;
  if (last < 60) out[at++] = last << 2;
  else if (last < 256) {
    out[at++] = 60 << 2;
    out[at++] = last;
  } else {
    out[at++] = 61 << 2;
    out[at++] = last & 255;
    out[at++] = last >>> 8;
  }
  return copyBytes(bytes, from, to, out, at);
}

function copy(out: DataView, at: number, distance: number, length: number): number {
  if (length < 12 && distance < 2048) {
    out.setUint16(at, 1 | ((length - 4) << 2) | ((distance >>> 8) << 5) | ((distance & 255) << 8), true);
    return at + 2;
  }
  out.setUint8(at, 2 | ((length - 1) << 2));
  out.setUint16(at + 1, distance, true);
  return at + 3;
}
