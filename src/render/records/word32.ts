/** Reads bytes as 32-bit words: a loop over text can pass most of it on without looking at each byte. */

export const wordBytes = 4;

/** A view for reading or writing whole words at any position. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

let viewed: Uint8Array = new Uint8Array(0);
let view = viewOf(viewed);

/** The same for bytes that are read. The last view is kept, as the fields of one batch lie in the same buffer. */
export function sourceView(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    view = viewOf(bytes);
  }
  return view;
}

/**
 * Tests a word, its first byte lowest: 0 if the bytes can stand in a JSON string as they are. Otherwise the lowest set bit belongs to the
 * first byte that is a control character, a quote, a backslash or not ASCII (bits above it may be set by mistake).
 */
export function specialBytes(word: number): number {
  // Flipping 2 takes the quote to 0x20 and its neighbours above that, so that one subtraction finds it and the controls.
  const controlOrQuote = ((word ^ 0x02020202) - 0x21212121) | 0;
  const backslash = ((word ^ 0x5c5c5c5c) - 0x01010101) | 0;
  return (word | controlOrQuote | backslash) & 0x80808080;
}

/** How many bytes come before the first special one, by what `specialBytes` found. */
export function plainBytes(special: number): number {
  return (31 - Math.clz32(special & -special)) >> 3;
}
