/**
 * Lines of text → records of a batch of format v2 (KIP-98): each line is the value of a record without key and headers. Input and batch are in the
 * same memory, so that a line is copied once, and no other code runs for it.
 *
 * A copy of a short line reads and writes up to 16 bytes too many, for which there is room behind the input and behind every batch; what they wrote
 * too much is overwritten by the next record, or lies behind the end.
 */

/** The largest encoding of a record besides its value: what `BatchWriter` counts too. */
const RECORD_OVERHEAD: usize = 36;
/** What a partition's turn counts for a record besides its value, as the partitioner does. */
const TURN_OVERHEAD: i32 = 7;
const CARRIAGE_RETURN: u32 = 0x0d;
const NEWLINES: u64 = 0x0a0a0a0a0a0a0a0a;
const LOW_BITS: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;
/** From this length on the engine's own copy is faster. */
const LONG: usize = 512;

/** What the last call left: where the next line begins, where the batch ends, how many records and bytes of values were added, and the turn. */
export let from: usize = 0;
export let to: usize = 0;
export let added: i32 = 0;
export let payload: usize = 0;
export let turn: i32 = 0;
/** Whether the next line did not fit into the batch. */
export let isFull: bool = false;

/**
 * Appends whole lines until there is no more in the input, the batch is full, or the turn is over.
 * @param start of the first line; `end` is that of the input
 * @param at where the batch ends; it must not grow beyond `limit`
 * @param delta the timestamp's distance to the batch's first, not negative
 * @param count of records that the batch has
 * @param left bytes that the partition's turn has; less than 0 after the call when it is over
 * @param mayEndInCrLf a carriage return before the end of a line does not belong to it
 */
export function append(
  start: usize,
  end: usize,
  at: usize,
  limit: usize,
  delta: u32,
  count: u32,
  left: i32,
  mayEndInCrLf: bool,
): void {
  const first = count;
  let values: usize = 0;
  isFull = false;
  while (left >= 0) {
    const newline = newlineFrom(start, end);
    if (newline === end) break;
    let length = newline - start;
    if (mayEndInCrLf && length > 0 && load<u8>(newline - 1) === CARRIAGE_RETURN) length--;
    isFull = at + length + RECORD_OVERHEAD > limit;
    if (isFull) break;
    // All numbers are zigzag: twice what they are. A key of length -1 is null.
    const size = 3 + sizeOf(delta << 1) + sizeOf(count << 1) + sizeOf((length as u32) << 1) + (length as u32);
    at = writeVarint(at, size << 1);
    store<u8>(at++, 0);
    at = writeVarint(at, delta << 1);
    at = writeVarint(at, count << 1);
    store<u8>(at++, 1);
    at = writeVarint(at, (length as u32) << 1);
    at = copy(at, start, length);
    store<u8>(at++, 0);
    count++;
    values += length;
    left -= (length as i32) + TURN_OVERHEAD;
    start = newline + 1;
  }
  from = start;
  to = at;
  added = count - first;
  payload = values;
  turn = left;
}

/** The first newline from `at` on; `end` if there is none before. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function newlineFrom(at: usize, end: usize): usize {
  // Four words at once, as long as none of them has one.
  while (at + 32 <= end && (mayHaveNewline(at) | mayHaveNewline(at + 8) | mayHaveNewline(at + 16) | mayHaveNewline(at + 24)) === 0)
    at += 32;
  while (at < end) {
    const word = load<u64>(at) ^ NEWLINES;
    // Little-endian: the lowest bit set belongs to the first byte that became zero; bits above it may be set by mistake.
    const zeros = (word - LOW_BITS) & ~word & HIGH_BITS;
    if (zeros !== 0) {
      at += (ctz(zeros) >>> 3) as usize;
      return at < end ? at : end;
    }
    at += 8;
  }
  return end;
}

/** Not zero if one of eight bytes is a newline. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function mayHaveNewline(at: usize): u64 {
  const word = load<u64>(at) ^ NEWLINES;
  return (word - LOW_BITS) & ~word & HIGH_BITS;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function sizeOf(value: u32): u32 {
  // 7 bits a byte: 1 for up to 7 bits, 2 for up to 14, …
  return (38 - clz(value | 1)) / 7;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function writeVarint(at: usize, value: u32): usize {
  for (; value > 127; value >>>= 7) store<u8>(at++, (value | 128) as u8);
  store<u8>(at++, value as u8);
  return at;
}

/** Copies a value; returns where it ends. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function copy(to: usize, from: usize, length: usize): usize {
  if (length >= LONG) {
    memory.copy(to, from, length);
    return to + length;
  }
  const end = to + length;
  for (; to < end; to += 16, from += 16) {
    store<u64>(to, load<u64>(from));
    store<u64>(to, load<u64>(from, 8), 8);
  }
  return end;
}
