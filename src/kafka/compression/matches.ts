/**
 * Finds repeated bytes within a block of at most 64 KiB, for LZ77 codecs (snappy, lz4): one hash table look-up per
 * position, in longer steps where nothing repeats.
 */

/** For each match: where it begins, its length in bytes, and how far back the original is. */
export interface Matches {
  readonly at: Int32Array;
  readonly length: Int32Array;
  readonly distance: Int32Array;
}

const MAX_BLOCK = 65536;
const MIN_MATCH = 4;
const HASH_BITS = 14;
/** After each 2^SKIP_BITS misses in a row the steps become one byte longer. */
const SKIP_BITS = 5;

const table = new Uint16Array(1 << HASH_BITS);

export const matches: Matches = {
  at: new Int32Array(MAX_BLOCK / MIN_MATCH),
  length: new Int32Array(MAX_BLOCK / MIN_MATCH),
  distance: new Int32Array(MAX_BLOCK / MIN_MATCH),
};

/**
 * Fills `matches`, in order and without overlaps, and returns how many there are. None begins within `lastStart` bytes of the end or
 * reaches into the last `lastLiterals`.
 */
export function findMatches(bytes: DataView, start: number, end: number, lastStart: number, lastLiterals: number): number {
  table.fill(0);
  const { at: starts, length: lengths, distance: distances } = matches;
  const limit = end - Math.max(lastStart, MIN_MATCH);
  const matchEnd = end - lastLiterals;
  let count = 0;
  let misses = 1 << SKIP_BITS;
  // The table's zeros mean "at start", which is a valid guess: every guess is compared.
  for (let at = start + 1; at <= limit; ) {
    const word = bytes.getInt32(at, true);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const from = start + table[slot]!;
    table[slot] = at - start;
    if (word !== bytes.getInt32(from, true)) {
      at += misses++ >>> SKIP_BITS;
      continue;
    }
    const to = sameUntil(bytes, at + MIN_MATCH, at - from, matchEnd);
    starts[count] = at;
    lengths[count] = to - at;
    distances[count++] = at - from;
    misses = 1 << SKIP_BITS;
    at = to;
  }
  return count;
}

/** The first position from `at` on, `end` at the latest, whose byte differs from the one `distance` before it. */
function sameUntil(bytes: DataView, at: number, distance: number, end: number): number {
  for (; at + 4 <= end; at += 4) {
    const difference = bytes.getInt32(at, true) ^ bytes.getInt32(at - distance, true);
    // Little-endian: the first byte that differs is where the lowest bit is set.
    if (difference !== 0) return at + ((31 - Math.clz32(difference & -difference)) >>> 3);
  }
  while (at < end && bytes.getUint8(at) === bytes.getUint8(at - distance)) at++;
  return at;
}
