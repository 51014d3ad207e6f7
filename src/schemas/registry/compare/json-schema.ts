/** The parts of a JSON Schema: every keyword by its path. */
import { type ExactJson, exactJsonText } from '../../../base/json/exact-json.ts';
import { isObject } from '../body.ts';
import type { SchemaParts } from './change.ts';

/** Lists whose order means nothing. */
const sets: ReadonlySet<string> = new Set(['required', 'enum', 'type']);

/** `properties.age.minimum` → `0`. Lists of values are one part. */
export function jsonSchemaParts(schema: unknown): SchemaParts {
  const parts = new Map<string, string>();
  const pending: { value: unknown; path: string; key: string }[] = [{ value: schema, path: '', key: '' }];
  for (let next = pending.shift(); next; next = pending.shift()) {
    const { value, path, key } = next;
    const inner = isObject(value) ? Object.entries(value) : isNested(value) ? [...value.entries()] : undefined;
    if (inner && inner.length > 0) {
      const below = inner.map(([name, each]) => ({
        value: each,
        path: path === '' ? String(name) : `${path}.${name}`,
        key: String(name),
      }));
      pending.unshift(...below);
    } else {
      parts.set(path, exactJsonText((Array.isArray(value) && sets.has(key) ? [...value].sort() : value) as ExactJson));
    }
  }
  return parts;
}

function isNested(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null);
}
