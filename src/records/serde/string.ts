/** Serde `string`: the bytes are the text (UTF-8). */

import { isWellFormed } from '../../base/well-formed.ts';
import type { Serde } from './serde.ts';

const serde: Serde = {
  name: 'string',
  kind: 'text',
  decode: (bytes, start, end) => bytes.toString('utf8', start, end),
  encode: (text) => (isWellFormed(text) ? Buffer.from(text) : undefined),
  takes: 'text without halves of surrogate pairs',
};

export const makeSerde = (): Serde => serde;
