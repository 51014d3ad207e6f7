/** What UTF-8 allows (RFC 3629), for loops that check bytes while copying them. */

/**
 * The length of the character of several bytes that starts at `at`, or 0 if it is invalid: a stray or missing continuation byte, an
 * overlong form, a surrogate, a code point above U+10FFFF.
 */
export function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second = bytes[at + 1]!;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  if (length > 2 && (bytes[at + 2]! & 0xc0) !== 0x80) return 0;
  if (length > 3 && (bytes[at + 3]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** Whether the whole range is UTF-8. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const length = bytes[at]! < 0x80 ? 1 : characterLength(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}
