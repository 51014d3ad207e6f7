/**
 * Finds repeated bytes within a block of at most 64 KiB, for codecs of the LZ77 kind (snappy, lz4): one hash table look-up per
 * position, taking longer steps where nothing repeats.
 */

/** Of each match found: where it begins, how many bytes it is long, how far back its original lies. */
export interface Matches {
  readonly at: Int32Array;
  readonly length: Int32Array;
  readonly distance: Int32Array;
}

const MAX_BLOCK = 65536;
const MIN_MATCH = 4;
const HASH_BITS = 14;
/** A miss in this many positions makes the steps one byte longer, as a power of two. */
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
export function findMatches(bytes: Uint8Array, start: number, end: number, lastStart: number, lastLiterals: number): number {
  table.fill(0);
  const limit = end - Math.max(lastStart, MIN_MATCH);
  const matchEnd = end - lastLiterals;
  let count = 0;
  let misses = 1 << SKIP_BITS;
  // The table's zeros mean "at start", which is a valid guess: every guess is compared.
  for (let at = start + 1; at <= limit; ) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    let from = start + table[slot]!;
    table[slot] = at - start;
    if (word !== (bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24))) {
      at += misses++ >>> SKIP_BITS;
      continue;
    }
    const distance = at - from;
    let to = at + MIN_MATCH;
    from += MIN_MATCH;
    while (to < matchEnd && bytes[to] === bytes[from]) {
      to++;
      from++;
    }
    matches.at[count] = at;
    matches.length[count] = to - at;
    matches.distance[count++] = distance;
    misses = 1 << SKIP_BITS;
    at = to;
  }
  return count;
}
