/**
 * Records of a batch of format v2 (KIP-98) → lines of JSON: what src/render/records/json.ts writes of a record whose key, value and headers are text.
 * At any other record (not UTF-8, broken, or of so many bytes that its line may not fit) it stops, with nothing of it written.
 *
 * Copies read and write up to 16 bytes too many, for which there is room; what they wrote too much is overwritten, or lies behind the end.
 */

/** Where records are expected, at most 64 KiB of them. */
export const INPUT: usize = 0x10000;
/** Where the beginning of each line is expected, of at most 512 bytes: `{"topic":"orders","partition":3,"offset":`. */
export const BEGINNING: usize = 0x20100;
/** From here on memory is for lines. */
export const OUTPUT: usize = 0x20400;

/** Room for a line besides its fields, in bytes: the beginning, numbers, labels. */
const LINE_ROOM: usize = 768;
/** Room for a field besides its text: its label, quotes, what is copied too much. */
const FIELD_ROOM: usize = 64;
const LONGEST_ESCAPE: usize = 6;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const LOW_BITS: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;

const TIMESTAMP = memory.data(32);
const CREATE_TIME = memory.data(64);
const APPEND_TIME = memory.data(64);
const HEADER = memory.data(32);
const KEY = memory.data(32);
const VALUE = memory.data(32);
put(TIMESTAMP, ',"timestamp":');
put(CREATE_TIME, ',"timestampType":"CreateTime","headers":[');
put(APPEND_TIME, ',"timestampType":"LogAppendTime","headers":[');
put(HEADER, ',{"key":');
put(KEY, '],"key":');
put(VALUE, ',"value":');

/** The letter that escapes each control character; zero where none does. */
const LETTERS = memory.data(32);
put(LETTERS + 8, 'btn');
put(LETTERS + 12, 'fr');
const HEX = memory.data(32);
put(HEX, '0123456789abcdef');

/** Offsets and timestamps grow slowly: all but four digits of the last ones are kept. A multiple of 10,000, how long its text is, and that. */
const OFFSET_KEPT = memory.data(32);
const TIMESTAMP_KEPT = memory.data(32);
const KEPT_LENGTH: usize = 8;
const KEPT_TEXT: usize = 16;
put(OFFSET_KEPT + KEPT_TEXT, '1');
keep(OFFSET_KEPT, OFFSET_KEPT + KEPT_TEXT, 1, 1);
keep(TIMESTAMP_KEPT, OFFSET_KEPT + KEPT_TEXT, 1, 1);

/** What the last call left: where the next record begins, and lines end; how many records there are still; the last line's offset in the batch. */
export let from: usize = 0;
export let to: usize = 0;
export let left: i32 = 0;
export let delta: i32 = 0;

/** Where the number that was read last ended; 0 if it is longer than any that is expected. */
let ended: usize = 0;

/**
 * Appends lines of records, as many as it can.
 * @param end of the records, of which the last may be cut short
 * @param count of records that are left in the batch
 * @param at where lines go; none ends beyond `limit`
 * @param beginning how long it is
 * @param lastDelta from the batch's first offset to its last
 * @param time of all records if the log appended it, else what their deltas are added to
 */
export function append(
  end: usize,
  count: i32,
  at: usize,
  limit: usize,
  beginning: usize,
  baseOffset: i64,
  lastDelta: i32,
  time: i64,
  isAppendTime: bool,
): void {
  from = INPUT;
  to = at;
  left = count;
  // The sum would be negative.
  if (baseOffset > i64.MAX_VALUE - (lastDelta as i64)) return;
  while (left > 0) {
    const size = readVarint(from);
    let record = ended;
    const next = record + size;
    if (record === 0 || size < 0 || next > end || to + LINE_ROOM > limit) return;
    // Attributes, of which none are in use.
    const timestampDelta = readVarlong(record + 1);
    record = ended;
    if (record === 0) return;
    const offsetDelta = readVarint(record);
    record = ended;
    if (record === 0 || offsetDelta < 0 || offsetDelta > lastDelta) return;
    let line = to;
    for (let index: usize = 0; index < beginning; index += 16) copy16(line + index, BEGINNING + index);
    line = number(line + beginning, baseOffset + (offsetDelta as i64), OFFSET_KEPT);
    copy16(line, TIMESTAMP);
    line = number(line + 13, isAppendTime ? time : time + timestampDelta, TIMESTAMP_KEPT);
    const type = isAppendTime ? APPEND_TIME : CREATE_TIME;
    copy16(line, type);
    copy16(line + 16, type + 16);
    copy16(line + 32, type + 32);
    line = fields(line + (isAppendTime ? 44 : 41), limit, record, next);
    if (line === 0) return;
    to = line;
    from = next;
    delta = offsetDelta;
    left--;
  }
}

/** Appends what follows the opening bracket of a record's headers, from where its key's length is. @returns where the line ends; 0 where it cannot */
function fields(line: usize, limit: usize, at: usize, next: usize): usize {
  const keyLength = readVarint(at);
  const key = ended;
  if (key === 0 || keyLength < -1) return 0;
  at = key + max(keyLength, 0);
  if (at >= next) return 0;
  const valueLength = readVarint(at);
  const value = ended;
  if (value === 0 || valueLength < -1) return 0;
  at = value + max(valueLength, 0);
  if (at >= next) return 0;
  const headers = readVarint(at);
  at = ended;
  if (at === 0 || headers < 0) return 0;
  for (let index = 0; index < headers; index++) {
    const nameLength = readVarint(at);
    const name = ended;
    if (name === 0 || nameLength < 0 || name + nameLength >= next) return 0;
    // Only the first has no comma before it.
    copy16(line, HEADER + (index === 0 ? 1 : 0));
    line = text(line + (index === 0 ? 7 : 8), limit, name, nameLength);
    if (line === 0) return 0;
    const length = readVarint(name + nameLength);
    const start = ended;
    at = start + max(length, 0);
    if (start === 0 || length < -1 || at > next) return 0;
    copy16(line, VALUE);
    line = text(line + 9, limit, start, length);
    if (line === 0) return 0;
    store<u8>(line++, 0x7d);
  }
  if (at !== next) return 0;
  copy16(line, KEY);
  line = text(line + 8, limit, key, keyLength);
  if (line === 0) return 0;
  copy16(line, VALUE);
  line = text(line + 9, limit, value, valueLength);
  if (line === 0) return 0;
  // A brace and a line feed.
  store<u16>(line, 0x0a7d);
  return line + 2;
}

/** Appends a JSON string, or null if the length is -1. @returns where it ends; 0 for what is not UTF-8, or has no room */
function text(to: usize, limit: usize, at: usize, length: i32): usize {
  if (length < 0) {
    // null
    store<u32>(to, 0x6c6c756e);
    return to + 4;
  }
  if (to + LONGEST_ESCAPE * length + FIELD_ROOM > limit) return 0;
  const end = at + length;
  store<u8>(to++, QUOTE);
  while (at < end) {
    const word = load<u64>(at);
    store<u64>(to, word);
    const special = specialBytes(word);
    // Little-endian: the lowest bit set belongs to the first of them.
    const plain = special === 0 ? 8 : (ctz(special) >>> 3) as usize;
    if (at + plain >= end) {
      to += end - at;
      break;
    }
    at += plain;
    to += plain;
    if (special === 0) continue;
    let byte: u32 = load<u8>(at);
    if (byte < 128) {
      to = escaped(to, byte);
      at++;
    } else {
      // They come together, as a rule.
      do {
        const bytes = characterLength(at, byte, end);
        if (bytes === 0) return 0;
        store<u32>(to, load<u32>(at));
        at += bytes;
        to += bytes;
        byte = load<u8>(at);
      } while (at < end && byte > 127);
    }
  }
  store<u8>(to, QUOTE);
  return to + 1;
}

/** Which bytes of a word a JSON string cannot hold as they are, or are not ASCII: of the first the highest bit is set, bits above it may be by mistake. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function specialBytes(word: u64): u64 {
  // Flipping 2 turns the quote into 0x20 and its neighbours into more, so that one subtraction finds it and the controls.
  const controlOrQuote = (word ^ 0x0202020202020202) - 0x2121212121212121;
  const backslash = (word ^ 0x5c5c5c5c5c5c5c5c) - LOW_BITS;
  return (word | controlOrQuote | backslash) & HIGH_BITS;
}

/** Appends the escape of a quote, a backslash or a control character. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function escaped(to: usize, byte: u32): usize {
  const letter: u32 = byte < 32 ? load<u8>(LETTERS + byte) : byte;
  if (letter !== 0) {
    store<u16>(to, BACKSLASH | (letter << 8));
    return to + 2;
  }
  // \u00
  store<u32>(to, 0x3030755c);
  store<u8>(to, load<u8>(HEX + (byte >>> 4)), 4);
  store<u8>(to, load<u8>(HEX + (byte & 15)), 5);
  return to + 6;
}

/** The length of the character that begins with this byte above 127; 0 if it is not one of UTF-8 (RFC 3629). */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function characterLength(at: usize, lead: u32, end: usize): usize {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length: usize = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second: u32 = load<u8>(at, 1);
  const lowest: u32 = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest: u32 = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  if (length > 2 && (load<u8>(at, 2) & 0xc0) !== 0x80) return 0;
  if (length > 3 && (load<u8>(at, 3) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Appends a number in decimal digits. @param kept the digits of the last one of its kind */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function number(to: usize, value: i64, kept: usize): usize {
  const rest = (value - load<i64>(kept)) as u64;
  if (rest >= 10_000) return wholeNumber(to, value, kept);
  copy16(to, kept + KEPT_TEXT);
  return fourDigits(to + load<u32>(kept, KEPT_LENGTH), rest as u32);
}

function wholeNumber(to: usize, value: i64, kept: usize): usize {
  if (value < 0) {
    // A minus; negative numbers are rare, and not kept.
    store<u8>(to, 0x2d);
    return digits(to + 1, (0 - value) as u64);
  }
  const high = (value as u64) / 10_000;
  if (high === 0) return digits(to, value as u64);
  const end = digits(to, high);
  keep(kept, to, high, end - to);
  return fourDigits(end, ((value as u64) - high * 10_000) as u32);
}

function keep(kept: usize, text: usize, high: u64, length: usize): void {
  store<u64>(kept, high * 10_000);
  store<u32>(kept, length as u32, KEPT_LENGTH);
  copy16(kept + KEPT_TEXT, text);
}

function digits(to: usize, value: u64): usize {
  if (value >= 10_000) {
    const high = value / 10_000;
    return fourDigits(digits(to, high), (value - high * 10_000) as u32);
  }
  const low = value as u32;
  const count: usize = low < 10 ? 1 : low < 100 ? 2 : low < 1000 ? 3 : 4;
  // Zeros in front of them are left out.
  fourDigits(FOUR, low);
  store<u32>(to, load<u32>(FOUR + 4 - count));
  return to + count;
}

/** Where four digits are written of which not all are wanted. */
const FOUR = memory.data(8);

/** Appends a number below 10,000 with zeros in front. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function fourDigits(to: usize, value: u32): usize {
  const high = value / 100;
  store<u16>(to, twoDigits(high));
  store<u16>(to, twoDigits(value - high * 100), 2);
  return to + 4;
}

/** A number below 100 as two bytes of text. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function twoDigits(value: u32): u32 {
  const tens = value / 10;
  return 0x3030 | tens | ((value - tens * 10) << 8);
}

/** Reads a number of up to 28 bits, zigzag: there are no larger ones in 64 KiB, but for broken ones. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function readVarint(at: usize): i32 {
  let raw: u32 = load<u8>(at++);
  if (raw > 127) {
    raw &= 127;
    let shift: u32 = 7;
    let byte: u32 = 128;
    for (; shift < 28 && byte > 127; shift += 7) {
      byte = load<u8>(at++);
      raw |= (byte & 127) << shift;
    }
    if (byte > 127) at = 0;
  }
  ended = at;
  return ((raw >>> 1) as i32) ^ -((raw & 1) as i32);
}

/** Reads a number of up to 63 bits, zigzag. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function readVarlong(at: usize): i64 {
  let raw: u64 = 0;
  let byte: u64 = 128;
  for (let shift: u64 = 0; shift < 63 && byte > 127; shift += 7) {
    byte = load<u8>(at++);
    raw |= (byte & 127) << shift;
  }
  ended = byte > 127 ? 0 : at;
  return ((raw >>> 1) as i64) ^ -((raw & 1) as i64);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function copy16(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
}

function put(at: usize, text: string): void {
  for (let index = 0; index < text.length; index++) store<u8>(at + index, text.charCodeAt(index));
}
