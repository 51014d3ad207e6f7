/** Values → JSON: offsets beyond 2^53 stay exact, an error becomes its kind, code and message, and nothing can act on a terminal. */
import { KtError } from '../base/errors.ts';

// JSON.stringify leaves these as they are; escaped, they mean the same and cannot act on a terminal.
const acting = /[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function quoted(value: unknown): string {
  return JSON.stringify(value).replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whether JSON.stringify says all of an object: it has texts, numbers, truth values and nulls alone. */
function isFlat(data: object): boolean {
  if (Object.getPrototypeOf(data) !== Object.prototype) return false;
  for (const name in data) {
    const value = (data as Readonly<Record<string, unknown>>)[name];
    if (typeof value === 'bigint' || (typeof value === 'object' && value !== null)) return false;
  }
  return true;
}

/** A value as data: an error as the fields scripts need, a map as an object, a date as text; only the outermost level. */
function asData(value: unknown): unknown {
  if (value instanceof KtError) {
    const { kind, code, message, hint } = value;
    return { kind, code: code ?? null, message, ...(hint === undefined ? {} : { hint }) };
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

/** A value as plain data on every level. Bigints stay. */
export function plainData(value: unknown): unknown {
  const data = asData(value);
  if (Array.isArray(data)) return data.map(plainData);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, item]) => (item === undefined ? [] : [[key, plainData(item)]])),
  );
}

/** With `indent` every item of a list or object is on its own line; without it all is one line. */
function encode(value: unknown, indent: number, depth: number): string {
  const data = asData(value);
  if (typeof data === 'string') return quoted(data);
  if (typeof data === 'bigint') return data.toString();
  if (typeof data !== 'object' || data === null) return JSON.stringify(data) ?? 'null';
  // Rows are mostly such, and a long list has many.
  if (!indent && isFlat(data)) return quoted(data);
  const list = Array.isArray(data);
  const colon = indent ? ': ' : ':';
  const items = list
    ? data.map((item) => encode(item, indent, depth + 1))
    : Object.entries(data).flatMap(([key, item]) =>
        item === undefined ? [] : [`${quoted(key)}${colon}${encode(item, indent, depth + 1)}`],
      );
  const [open, close] = list ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  if (!indent) return `${open}${items.join(',')}${close}`;
  const line = `\n${' '.repeat(indent * (depth + 1))}`;
  return `${open}${line}${items.join(`,${line}`)}\n${' '.repeat(indent * depth)}${close}`;
}

/** One indented document with a line end. A list comes item by item, so that a long one's text is never held whole. */
export function* jsonDocument(value: unknown): Generator<string> {
  const data = asData(value);
  if (!Array.isArray(data) || data.length === 0) {
    yield `${encode(data, 2, 0)}\n`;
    return;
  }
  let before = '[\n  ';
  for (const item of data) {
    yield before + encode(item, 2, 1);
    before = ',\n  ';
  }
  yield '\n]\n';
}

/** An element of an array as `jsonDocument` writes it, without what stands between elements. */
export function jsonElement(value: unknown): string {
  return encode(value, 2, 1);
}

/** On one line, without a line end. */
export function compactJson(value: unknown): string {
  return encode(value, 0, 0);
}

/** One object on one line, with its line end. */
export function jsonLine(value: unknown): string {
  return `${encode(value, 0, 0)}\n`;
}

/** The items of a list, each on its line; anything else is one line. */
export function* jsonLines(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield jsonLine(item);
  else yield jsonLine(value);
}
