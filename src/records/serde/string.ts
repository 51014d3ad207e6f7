/** Serde `string`: the bytes are the text (UTF-8). */
import type { Serde } from './serde.ts';

const serde: Serde = {
  name: 'string',
  kind: 'text',
  decode: (bytes, start, end) => bytes.toString('utf8', start, end),
  // Half of a surrogate pair has no bytes; Buffer would write U+FFFD.
  encode: (text) => (/\p{Surrogate}/u.test(text) ? undefined : Buffer.from(text)),
  takes: 'text without halves of surrogate pairs',
};

export const makeSerde = (): Serde => serde;
