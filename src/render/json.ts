/** Values → JSON: offsets beyond 2^53 stay exact, an error becomes its kind, code and message, nothing acts on a terminal. */
import { KtError } from '../errors.ts';

// JSON.stringify writes these as they are; escaped they mean the same and cannot act on a terminal.
const acting = /[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function quoted(text: string): string {
  return JSON.stringify(text).replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value as plain data: an error as what a script needs of it, a map as an object. Bigints stay. */
export function plainData(value: unknown): unknown {
  if (value instanceof KtError) {
    const { kind, code, message, hint } = value;
    return { kind, code: code ?? null, message, ...(hint === undefined ? {} : { hint }) };
  }
  if (value instanceof Map) return plainData(Object.fromEntries(value));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainData);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plainData(item)]])),
  );
}

/** `between` is what stands before each item: a line end with its indent, or nothing. */
function encode(value: unknown, indent: number, depth: number): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const list = Array.isArray(value);
  const items = list
    ? value.map((item) => encode(item, indent, depth + 1))
    : Object.entries(value).map(([key, item]) => `${quoted(key)}:${indent ? ' ' : ''}${encode(item, indent, depth + 1)}`);
  const [open, close] = list ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  if (!indent) return `${open}${items.join(',')}${close}`;
  const line = `\n${' '.repeat(indent * (depth + 1))}`;
  return `${open}${line}${items.join(`,${line}`)}\n${' '.repeat(indent * depth)}${close}`;
}

/** One pretty document with a line end. */
export function jsonDocument(value: unknown): string {
  return `${encode(plainData(value), 2, 0)}\n`;
}

/** Plain data with bigints on one line, without a line end. */
export function compactJson(value: unknown): string {
  return encode(value, 0, 0);
}

/** One object on one line, with its line end. */
export function jsonLine(value: unknown): string {
  return `${encode(plainData(value), 0, 0)}\n`;
}
