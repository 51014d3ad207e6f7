/**
 * Decompresses one block of LZ4 or snappy: runs of literals, and copies from what was decompressed before. Only sound blocks: for any other the
 * answer is BROKEN, and other code finds out what is wrong.
 *
 * Runs are copied in steps of 8 or 16 bytes, up to 15 too many, for which there is room behind source and target; what was written too much is
 * overwritten, or lies behind the end.
 */

/** The largest block, compressed or not. */
export const LARGEST: usize = 1 << 20;
/** Where a compressed block is expected. */
export const SOURCE: usize = 0x400;
/** Where its content is left. */
export const TARGET: usize = 0x100800;

const BROKEN: i32 = -1;
/** In both formats the shortest copy of LZ4, and the first length of a literal that needs bytes of its own in snappy. */
const LZ4_SHORTEST_COPY: usize = 4;
const SNAPPY_SHORT_LITERALS: usize = 60;

/** The block format of LZ4. @param room the most that its content may be. @returns how many bytes that is */
export function lz4(length: usize, room: usize): i32 {
  const end = SOURCE + length;
  const limit = TARGET + room;
  let at = SOURCE;
  let to = TARGET;
  while (at < end) {
    const token = load<u8>(at++) as usize;
    let size = token >>> 4;
    if (size === 15) {
      let more: usize = 255;
      while (more === 255 && at < end) {
        more = load<u8>(at++) as usize;
        size += more;
      }
    }
    if (size > end - at || size > limit - to) return BROKEN;
    copyRun(to, at, size);
    at += size;
    to += size;
    if (at === end) return (to - TARGET) as i32;
    const distance = load<u16>(at) as usize;
    at += 2;
    size = (token & 15) + LZ4_SHORTEST_COPY;
    if (size === 15 + LZ4_SHORTEST_COPY) {
      let more: usize = 255;
      while (more === 255 && at < end) {
        more = load<u8>(at++) as usize;
        size += more;
      }
    }
    if (at >= end || distance === 0 || distance > to - TARGET || size > limit - to) return BROKEN;
    to = repeat(to, distance, size);
  }
  return BROKEN;
}

/** The block format of snappy, whose length comes first. @param content the length that it says. @returns the same */
export function snappy(length: usize, content: usize): i32 {
  const end = SOURCE + length;
  const limit = TARGET + content;
  let at = SOURCE;
  let to = TARGET;
  while (at < end && load<u8>(at++) > 127) {}
  while (at < end) {
    const tag = load<u8>(at++) as usize;
    const kind = tag & 3;
    let size = (tag >>> 2) + 1;
    if (kind === 0) {
      if (size > SNAPPY_SHORT_LITERALS) {
        const bytes = size - SNAPPY_SHORT_LITERALS;
        if (bytes > end - at) return BROKEN;
        size = ((load<u32>(at) & ((0xffffffff as u32) >>> (32 - 8 * (bytes as u32)))) as usize) + 1;
        at += bytes;
      }
      if (size === 0 || size > end - at || size > limit - to) return BROKEN;
      copyRun(to, at, size);
      at += size;
      to += size;
      continue;
    }
    let distance: usize;
    if (kind === 1) {
      size = ((tag >>> 2) & 7) + 4;
      distance = ((tag >>> 5) << 8) | (load<u8>(at++) as usize);
    } else if (kind === 2) {
      distance = load<u16>(at) as usize;
      at += 2;
    } else {
      distance = load<u32>(at) as usize;
      at += 4;
    }
    if (distance === 0 || distance > to - TARGET || size > limit - to) return BROKEN;
    to = repeat(to, distance, size);
  }
  return at === end && to === limit ? (content as i32) : BROKEN;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function copyRun(to: usize, from: usize, length: usize): void {
  const end = to + length;
  for (; to < end; to += 16, from += 16) {
    store<u64>(to, load<u64>(from));
    store<u64>(to, load<u64>(from, 8), 8);
  }
}

/** Repeats what lies a distance back; returns where that ends. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function repeat(to: usize, distance: usize, length: usize): usize {
  const end = to + length;
  if (distance >= 16) {
    copyRun(to, to - distance, length);
    return end;
  }
  // What repeats after a distance repeats after twice that as well.
  for (; distance < 8 && to < end; distance <<= 1) {
    store<u64>(to, load<u64>(to - distance));
    to += distance;
  }
  for (; to < end; to += 8) store<u64>(to, load<u64>(to - distance));
  return end;
}
