/** Serde `json`: the bytes are JSON text, kept to the last digit; a field that is not JSON stays text. */
import { jsonValue } from '../../base/json/exact-json.ts';
import { isWellFormed } from '../../base/well-formed.ts';
import type { Serde } from './serde.ts';

/** How JSON can begin: this tells most other text apart without an exception. */
const jsonStart = /^\s*["[{\-\dtfn]/;

const serde: Serde = {
  name: 'json',
  kind: 'json',
  decode(bytes, start, end) {
    const text = bytes.toString('utf8', start, end);
    if (!jsonStart.test(text)) return text;
    const value = jsonValue(text);
    return value === undefined ? text : value;
  },
  jsonStart: (_bytes, start) => start,
  isJsonOrText: true,
  encode(text) {
    try {
      JSON.parse(text);
    } catch {
      return undefined;
    }
    return isWellFormed(text) ? Buffer.from(text) : undefined;
  },
  takes: 'one JSON value',
};

export const makeSerde = (): Serde => serde;
