/** The values that expressions work with: their fields, their text, and the lists and objects that an expression writes. */
import { ExpressionFailure } from './failure.ts';
import { make } from './work.ts';

/** A value as text: what JavaScript makes of it, and JSON for lists and objects. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? (jsonText(value) ?? '') : String(value);
}

/** A value as JSON, integers with all their digits; undefined where there is none. */
export function jsonText(value: unknown): string | undefined {
  const text = hasBigInt(value) ? exactJson(value) : JSON.stringify(value);
  make(text?.length ?? 0);
  return text;
}

/** The NaN or infinity that a value is or holds: JSON has none, and would have null in its place. Undefined where there is none. */
export function numberWithoutJson(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const each of Object.values(value)) {
    const found = numberWithoutJson(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hasBigInt(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  return Object.values(value).some(hasBigInt);
}

/** JSON.stringify, which refuses BigInts, for plain values. */
function exactJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => exactJson(each) ?? 'null').join(',')}]`;
  const fields = Object.entries(value).flatMap(([name, each]) => {
    const text = exactJson(each);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}

/** `typeof`, for which every number is a number. */
export function typeName(value: unknown): string {
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/**
 * A field of an object, an element or the length of a list or text; undefined where there is none, and nothing that JavaScript inherits
 * (`constructor`, `toString`).
 */
export function field(of: unknown, name: unknown): unknown {
  if (of === null || of === undefined) return undefined;
  if (typeof of === 'object')
    return Object.hasOwn(of, name as PropertyKey) ? (of as Record<PropertyKey, unknown>)[name as never] : undefined;
  return typeof of === 'string' && Object.hasOwn(Object(of), name as PropertyKey) ? of[name as never] : undefined;
}

/** `'name' in object`. */
export function has(of: unknown, name: unknown): boolean {
  if (typeof of !== 'object' || of === null) throw new ExpressionFailure("'in' needs an object or a list");
  return Object.hasOwn(of, name as PropertyKey);
}

/** A template's parts as one text. */
export function joined(parts: readonly string[]): string {
  const text = parts.join('');
  make(text.length);
  return text;
}

/** A list that an expression writes. */
export function listOf(list: unknown[]): unknown[] {
  make(list.length);
  return list;
}

/** What `...` takes apart in a list. */
export function spread(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value];
  throw new ExpressionFailure('... needs a list');
}

/** What `...` takes apart in an object. JavaScript would make fields of a text's characters, and nothing of a number. */
export function fieldsOf(value: unknown): object {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object') return value;
  throw new ExpressionFailure('... needs an object');
}
