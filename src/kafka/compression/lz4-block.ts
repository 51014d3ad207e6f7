/** The LZ4 block format: sequences of literals, each followed by a copy from up to 64 KiB back. */

import { copyBytes, copySixteen, repeatBytes } from '../../base/bytes/copy-bytes.ts';
import { viewOf } from '../../base/bytes/word32.ts';
import { malformed } from '../batch/malformed.ts';
import { findMatches, matches } from './matches.ts';

/** The format ends with at least 5 literals, and its last match begins at least 12 bytes before the end. */
const LAST_LITERALS = 5;
const LAST_START = 12;

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

/** The most bytes that `compressBlock` writes for an input of this length. */
export function maxCompressedLength(length: number): number {
  return length + Math.ceil(length / MAX_RATIO) + 16;
}

/** Compresses bytes `start` to `end` (64 KiB at most) to `out` at `at`, where `maxCompressedLength` must fit; returns where that ended. */
export function compressBlock(bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
  const source = viewOf(bytes);
  const target = viewOf(out);
  const count = findMatches(source, start, end, LAST_START, LAST_LITERALS);
  const lastSixteen = bytes.length - 16;
  let done = start;
  for (let i = 0; i < count; i++) {
    const from = matches.at[i]!;
    const extra = matches.length[i]! - 4;
    const length = from - done;
    const low = extra < 15 ? extra : 15;
    // Most runs are this short. Excess bytes copied here are overwritten: a match and 5 literals follow.
    if (length < 15 && done <= lastSixteen) {
      target.setUint8(at++, (length << 4) | low);
      copySixteen(source, done, target, at);
      at += length;
    } else at = literals(bytes, done, from, out, at, low);
    target.setUint16(at, matches.distance[i]!, true);
    at = restOfLength(extra, out, at + 2);
    done = from + extra + 4;
  }
  return literals(bytes, done, end, out, at, 0);
}

/** A token with its literals; `low` is the half of the token that holds the match length. */
function literals(bytes: Buffer, from: number, to: number, out: Buffer, at: number, low: number): number {
  const length = to - from;
  out[at++] = (Math.min(length, 15) << 4) | low;
  at = restOfLength(length, out, at);
  return copyBytes(bytes, from, to, out, at);
}

function restOfLength(length: number, out: Buffer, at: number): number {
  if (length < 15) return at;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) out[at++] = 255;
  out[at++] = rest;
  return at;
}
