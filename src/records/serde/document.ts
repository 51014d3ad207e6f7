/**
 * The values that JSON, CBOR and MessagePack have in common, made into whatever is wanted: JSON text, JavaScript values, bytes.
 * A reader of one format calls the maker of another, so nothing is lost on the way that both can say.
 *
 * What JSON cannot say is shown as follows; where that matters to a writer it shows, because encoding the text again gives other bytes:
 * - bytes: base64 text; a bignum: all digits; undefined: null
 * - NaN, Infinity, -Infinity: those words as text
 * - a key that is not text: its JSON text (`{"1": …}`)
 * - two keys that would get the same name: not shown at all, since readers of JSON would keep only one
 */
import { isUtf8 } from 'node:buffer';
import { isWellFormed } from '../../base/well-formed.ts';
import { WireError } from '../../kafka/wire/reader.ts';
import { exactInteger } from './serde.ts';

/** Bytes that a floating-point number takes. */
export type FloatWidth = 2 | 4 | 8;

export interface DocumentMaker<T> {
  null(): T;
  boolean(value: boolean): T;
  integer(value: bigint): T;
  float(value: number, width: FloatWidth): T;
  text(value: string): T;
  bytes(value: Buffer): T;
  list(items: readonly T[]): T;
  /** Names differ from each other. */
  map(entries: readonly (readonly [name: string, item: T])[]): T;
}

/** Deeper documents are refused rather than overflowing the stack. */
const deepest = 1000;

/** @throws WireError beyond the depth that kt reads */
export function checkDepth(depth: number): void {
  if (depth > deepest) throw new WireError(`more than ${deepest} levels`);
}

/** What `read` returns; undefined if it throws that the data is not what it should be. */
export function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** @throws WireError for half of a surrogate pair, which has no UTF-8 */
export function checkText(text: string): void {
  if (!isWellFormed(text)) throw new WireError('half of a surrogate pair');
}

/** Text of a document. @throws WireError for what is not UTF-8 */
export function utf8Text(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new WireError('text that is not UTF-8');
  return bytes.toString();
}

/** @throws WireError when two entries have the same name */
export function checkNames(entries: readonly (readonly [name: string, item: unknown])[]): void {
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw new WireError('a name twice in a map');
}

/**
 * A float always has a fraction or an exponent, which integers never have. A capital E says how wide it is: `1.5` takes 8 bytes, `1.5E0`
 * takes 4 and `1.5E00`, with a zero in front, takes 2. To other readers of JSON they are the same number.
 */
function floatText(value: number, width: FloatWidth): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const text = Object.is(value, -0) ? '-0' : String(value);
  if (width === 8) return /[.e]/.test(text) ? text : `${text}.0`;
  const [digits, exponent = '0'] = text.replace('e+', 'e').split('e');
  const [sign, power] = exponent.startsWith('-') ? ['-', exponent.slice(1)] : ['', exponent];
  return `${digits}E${sign}${width === 2 ? '0' : ''}${power}`;
}

/** Makes JSON text. */
export const jsonText: DocumentMaker<string> = {
  null: () => 'null',
  boolean: String,
  integer: String,
  float: floatText,
  text: (value) => JSON.stringify(value),
  bytes: (value) => `"${value.toString('base64')}"`,
  list: (items) => `[${items.join(',')}]`,
  map: (entries) => `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${item}`).join(',')}}`,
};

/** Makes JavaScript values, for expressions. Integers are numbers while that is exact, else BigInts. */
export const plainValues: DocumentMaker<unknown> = {
  null: () => null,
  boolean: (value) => value,
  integer: exactInteger,
  float: (value) => value,
  text: (value) => value,
  bytes: (value) => value.toString('base64'),
  list: (items) => [...items],
  map: Object.fromEntries,
};
