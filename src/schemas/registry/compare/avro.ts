/** The fields of an Avro schema, each as a line of text. */
import { type ExactJson, exactJsonText } from '../../../base/json/exact-json.ts';
import { fullName, namespaceOf } from '../../avro/names.ts';
import { isObject } from '../body.ts';
import type { SchemaParts } from './change.ts';

/** A part of a schema, parsed. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, Json>>;

/** Deeper types are not looked at: no schema has them, and a hostile one would fill the stack. */
const deepest = 100;

/** Every field by its path, with its type and default: `items[].price` → `bytes decimal(9,2), default "0"`. */
export function avroParts(schema: Json): SchemaParts {
  const parts = new Map<string, string>();
  const walk = (type: Json, path: string, space: string, depth: number): void => {
    if (depth > deepest) return;
    if (Array.isArray(type)) {
      for (const each of type) walk(each, path, space, depth + 1);
      return;
    }
    if (!isObject(type)) return;
    const kind = type['type'];
    if (isObject(kind) || Array.isArray(kind)) walk(kind, path, space, depth + 1);
    if (kind === 'array') walk(type['items'], `${path}[]`, space, depth + 1);
    if (kind === 'map') walk(type['values'], `${path}{}`, space, depth + 1);
    const fields = type['fields'];
    if (!Array.isArray(fields)) return;
    const own = spaceOf(type, space);
    for (const field of fields.filter(isObject)) {
      const at = path === '' ? String(field['name']) : `${path}.${String(field['name'])}`;
      parts.set(at, fieldText(field, own));
      walk(field['type'], at, own, depth + 1);
    }
  };
  parts.set('', typeText(schema, ''));
  walk(schema, '', '', 0);
  return parts;
}

function fieldText(field: JsonObject, space: string): string {
  const extra = [
    ...('default' in field ? [`default ${exactJsonText(field['default'] as ExactJson)}`] : []),
    ...(Array.isArray(field['aliases']) ? [`aliases ${field['aliases'].join(', ')}`] : []),
  ];
  return [typeText(field['type'], space), ...extra].join(', ');
}

/** A type in a line: `long timestamp-millis`, `null | string`, `enum shop.Color (RED, GREEN)`. */
function typeText(type: Json, space: string): string {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.map((each) => typeText(each, space)).join(' | ');
  if (!isObject(type)) return exactJsonText(type as ExactJson);
  const { type: kind, logicalType, precision, scale, symbols, size, items, values } = type;
  const name = typeof type['name'] === 'string' ? ` ${nameIn(space, type['name'], type['namespace'])}` : '';
  if (kind === 'array') return `array of ${typeText(items, space)}`;
  if (kind === 'map') return `map of ${typeText(values, space)}`;
  const detail =
    kind === 'enum' && Array.isArray(symbols)
      ? ` (${symbols.join(', ')})${'default' in type ? `, default ${String(type['default'])}` : ''}`
      : kind === 'fixed'
        ? ` (${String(size)} bytes)`
        : '';
  const numbers = precision === undefined ? '' : `(${String(precision)},${String(scale ?? 0)})`;
  const logical = typeof logicalType === 'string' ? ` ${logicalType}${numbers}` : '';
  return `${typeText(kind, space)}${name}${detail}${logical}`;
}

/** The namespace that a named type's fields are in. @param space the one around it */
export function spaceOf(type: JsonObject, space: string): string {
  return namespaceOf(nameIn(space, String(type['name']), type['namespace']));
}

/** A full name. @param space the namespace around, for a name that has no `namespace` beside it */
export function nameIn(space: string, name: string, namespace?: Json): string {
  return fullName(name, typeof namespace === 'string' ? namespace : space);
}
