/** How bytes go into a store and come out of it without an object for each. */

/** What goes in: a ByteSink, or whatever else has a buffer that is used up to a length. */
export interface Bytes {
  readonly buf: Buffer;
  /** How many bytes of `buf` count. */
  readonly length: number;
}

/** All of a buffer. */
export function allOf(buf: Buffer): Bytes {
  return { buf, length: buf.length };
}

/** An entry that comes out: one object for all, valid until the next one is asked for. */
export interface StoreEntry {
  bytes: Buffer;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

/** An entry to be filled. */
export function noEntry(): StoreEntry {
  return { bytes: Buffer.alloc(0), keyStart: 0, keyEnd: 0, valueStart: 0, valueEnd: 0 };
}
