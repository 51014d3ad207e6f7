/** Reads bytes as 32-bit words, so that a loop over text need not look at each byte. */

export const wordBytes = 4;

/** A view for reading or writing whole words at any position. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

let viewed: Uint8Array = new Uint8Array(0);
let view = viewOf(viewed);

/** The same, for reading. The last view is kept, since all fields of a batch are in one buffer. */
export function sourceView(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    view = viewOf(bytes);
  }
  return view;
}

/**
 * Tests a word, its first byte lowest: 0 if a JSON string can hold the bytes as they are. Otherwise the lowest set bit belongs to the
 * first byte that is a control character, a quote, a backslash or not ASCII (bits above it may be set by mistake).
 */
export function specialBytes(word: number): number {
  // Flipping 2 turns the quote into 0x20 and its neighbours into more, so that one subtraction finds it and the controls.
  const controlOrQuote = ((word ^ 0x02020202) - 0x21212121) | 0;
  const backslash = ((word ^ 0x5c5c5c5c) - 0x01010101) | 0;
  return (word | controlOrQuote | backslash) & 0x80808080;
}

/** How many bytes come before the first special one, from the result of `specialBytes`. */
export function plainBytes(special: number): number {
  return (31 - Math.clz32(special & -special)) >> 3;
}
