/**
 * Compresses one block of bytes as LZ4 or as snappy: for repeated bytes both have copies from up to 64 KiB back, and they differ only in how
 * these are written. One hash table look-up per position, in longer steps where nothing repeats.
 *
 * In memory: the hash table, the block, what it becomes. Copies of short runs read and write up to 16 bytes too many, for which there is room;
 * what they wrote too much is overwritten, or lies behind the end.
 */

const HASH_BITS: u32 = 14;
const TABLE: usize = 0;
const TABLE_BYTES: usize = (1 << HASH_BITS) * sizeof<u16>();

/** Where a block of at most 64 KiB is expected. */
export const SOURCE: usize = 0x8000;
/** Where its compressed form is left. */
export const TARGET: usize = 0x18100;

const MIN_MATCH: usize = 4;
/** After each 2^SKIP_BITS misses in a row the steps become one byte longer. */
const SKIP_BITS: u32 = 5;
/** An LZ4 block ends with at least 5 literals, and its last match begins at least 12 bytes before the end. */
const LZ4_LAST_LITERALS: usize = 5;
const LZ4_LAST_START: usize = 12;

/** The block format of LZ4. @returns the bytes written, which may be more than `length` */
export function lz4(length: usize): usize {
  return compress(length, false);
}

/** The block format of snappy, whose length comes first. @returns the bytes written, which may be more than `length` */
export function snappy(length: usize): usize {
  return compress(length, true);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function compress(length: usize, isSnappy: bool): usize {
  memory.fill(TABLE, 0, TABLE_BYTES);
  const end = SOURCE + length;
  const lastStart = end - (isSnappy ? MIN_MATCH : LZ4_LAST_START);
  const matchEnd = isSnappy ? end : end - LZ4_LAST_LITERALS;
  let out = isSnappy ? writeLength(TARGET, length as u32) : TARGET;
  let done = SOURCE;
  let misses: u32 = 1 << SKIP_BITS;
  // The table's zeros mean "at SOURCE", which is a valid guess: every guess is compared.
  for (let at = SOURCE + 1; at <= lastStart; ) {
    const word = load<u32>(at);
    const slot = TABLE + ((((word * 0x9e3779b1) >>> (32 - HASH_BITS)) as usize) << 1);
    let from = SOURCE + (load<u16>(slot) as usize);
    store<u16>(slot, (at - SOURCE) as u16);
    if (word !== load<u32>(from)) {
      at += misses++ >>> SKIP_BITS;
      continue;
    }
    misses = 1 << SKIP_BITS;
    const to = sameUntil(at + MIN_MATCH, from + MIN_MATCH, matchEnd);
    while (at > done && from > SOURCE && load<u8>(at - 1) === load<u8>(from - 1)) {
      at--;
      from--;
    }
    out = isSnappy ? snappyLiterals(done, at, out) : lz4Literals(done, at, out, to - at - MIN_MATCH);
    out = isSnappy ? snappyCopy(out, at - from, to - at) : lz4Copy(out, at - from, to - at - MIN_MATCH);
    done = at = to;
  }
  out = isSnappy ? snappyLiterals(done, end, out) : lz4Literals(done, end, out, 0);
  return out - TARGET;
}

/** The first position from `at` on, `end` at the latest, whose byte differs from its counterpart. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function sameUntil(at: usize, counterpart: usize, end: usize): usize {
  while (at < end) {
    const difference = load<u64>(at) ^ load<u64>(counterpart);
    // Little-endian: the first byte that differs is where the lowest bit is set.
    if (difference !== 0) {
      at += (ctz(difference) >>> 3) as usize;
      return at < end ? at : end;
    }
    at += 8;
    counterpart += 8;
  }
  return end;
}

/** A token with its literals; `extra` is the length of the match that follows, beyond the shortest. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function lz4Literals(from: usize, to: usize, out: usize, extra: usize): usize {
  const length = to - from;
  const low = extra < 15 ? extra : 15;
  if (length < 15) {
    store<u8>(out++, ((length << 4) | low) as u8);
    copySixteen(out, from);
    return out + length;
  }
  store<u8>(out++, (0xf0 | low) as u8);
  return copyRun(writeRest(out, length - 15), from, length);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function lz4Copy(out: usize, distance: usize, extra: usize): usize {
  store<u16>(out, distance as u16);
  out += 2;
  return extra < 15 ? out : writeRest(out, extra - 15);
}

/** What of a length does not fit into its half of the token. */
function writeRest(out: usize, rest: usize): usize {
  for (; rest >= 255; rest -= 255) store<u8>(out++, 255);
  store<u8>(out++, rest as u8);
  return out;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function snappyLiterals(from: usize, to: usize, out: usize): usize {
  const length = to - from;
  if (length === 0) return out;
  if (length <= 16) {
    store<u8>(out++, ((length - 1) << 2) as u8);
    copySixteen(out, from);
    return out + length;
  }
  return longSnappyLiterals(from, length, out);
}

function longSnappyLiterals(from: usize, length: usize, out: usize): usize {
  const last = length - 1;
  if (last < 60) store<u8>(out++, (last << 2) as u8);
  else if (last < 256) {
    store<u8>(out++, 60 << 2);
    store<u8>(out++, last as u8);
  } else {
    store<u8>(out++, 61 << 2);
    store<u16>(out, last as u16);
    out += 2;
  }
  return copyRun(out, from, length);
}

/** A copy holds at most 64 bytes, and a remainder under 4 would have no short form. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function snappyCopy(out: usize, distance: usize, length: usize): usize {
  for (; length >= 68; length -= 64) out = shortSnappyCopy(out, distance, 64);
  if (length > 64) {
    out = shortSnappyCopy(out, distance, 60);
    length -= 60;
  }
  return shortSnappyCopy(out, distance, length);
}

function shortSnappyCopy(out: usize, distance: usize, length: usize): usize {
  if (length < 12 && distance < 2048) {
    store<u16>(out, (1 | ((length - 4) << 2) | ((distance >>> 8) << 5) | ((distance & 255) << 8)) as u16);
    return out + 2;
  }
  store<u8>(out, (2 | ((length - 1) << 2)) as u8);
  store<u16>(out, distance as u16, 1);
  return out + 3;
}

/** A number in groups of 7 bits, the lowest first. */
function writeLength(out: usize, length: u32): usize {
  for (; length > 127; length >>>= 7) store<u8>(out++, ((length & 127) | 128) as u8);
  store<u8>(out++, length as u8);
  return out;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function copySixteen(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
}

/** Copies a run in steps of 16 bytes; returns where it ends. */
function copyRun(to: usize, from: usize, length: usize): usize {
  const end = to + length;
  for (; to < end; to += 16, from += 16) copySixteen(to, from);
  return end;
}
