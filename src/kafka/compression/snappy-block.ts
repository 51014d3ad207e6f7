/** Reads the snappy block format: a length, then literals and copies from up to 64 KiB back. */

import { copyBytes, repeatBytes } from '../../base/bytes/copy-bytes.ts';
import { malformed } from '../batch/malformed.ts';

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
        if (at + size > end) return malformed('snappy: a literal beyond the end');
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
