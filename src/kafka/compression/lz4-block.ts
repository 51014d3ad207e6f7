/** Reads the LZ4 block format: sequences of literals, each followed by a copy from up to 64 KiB back. */

import { copyBytes, repeatBytes } from '../../base/bytes/copy-bytes.ts';
import { malformed } from '../batch/malformed.ts';

/** One compressed byte stands for at most this many. */
export const MAX_RATIO = 255;

/**
 * Decompresses a block to `out` at `outStart`; copies may reach back to `history`. Returns where it ended.
 * @throws Malformed before anything is written at or beyond `outEnd`
 */
export function decompressBlock(
  bytes: Buffer,
  start: number,
  end: number,
  out: Buffer,
  outStart: number,
  outEnd: number,
  history: number,
): number {
  let to = outStart;
  let at = start;
  while (at < end) {
    const token = bytes[at++]!;
    let length = token >>> 4;
    if (length === 15) {
      let more: number;
      do {
        more = bytes[at++]!;
        length += more;
      } while (more === 255 && at < end);
    }
    if (length > end - at || length > outEnd - to) malformed('lz4: literals beyond the end');
    copyBytes(bytes, at, at + length, out, to);
    at += length;
    to += length;
    if (at === end) return to;

    const distance = bytes[at]! | (bytes[at + 1]! << 8);
    at += 2;
    length = (token & 15) + 4;
    if (length === 19) {
      let more: number;
      do {
        more = bytes[at++]!;
        length += more;
      } while (more === 255 && at < end);
    }
    if (at >= end || distance === 0 || distance > to - history || length > outEnd - to) malformed('lz4: a copy from outside');
    repeatBytes(out, to, distance, length);
    to += length;
  }
  return malformed('lz4: a block that ends in the middle');
}

/** What a block decompresses to if it is sound, found without decompressing it. */
export function uncompressedLength(bytes: Buffer, start: number, end: number): number {
  let total = 0;
  for (let at = start; at < end; ) {
    const token = bytes[at++]!;
    let literals = token >>> 4;
    let match = token & 15;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && at < end) {
        more = bytes[at++]!;
        literals += more;
      }
    }
    at += literals;
    total += literals;
    if (at >= end) break;
    at += 2;
    if (match === 15) {
      let more = 255;
      while (more === 255 && at < end) {
        more = bytes[at++]!;
        match += more;
      }
    }
    total += match + 4;
  }
  return total;
}
