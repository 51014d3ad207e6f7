/** Finds all named types that schema texts define, so that one may be used before it is defined, or in another text. */
import { type ExactJson, exactJsonText } from '../../base/json/exact-json.ts';
import { below, fullName, namespaceOf } from './names.ts';
import { schemaError } from './schema-error.ts';

export type SchemaObject = Readonly<Record<string, ExactJson>>;

/** A named type as its text has it. */
export interface Definition {
  readonly kind: 'record' | 'enum' | 'fixed';
  readonly name: string;
  readonly schema: SchemaObject;
  /** Where in which text. */
  readonly path: string;
  readonly text: number;
}

const namedKinds: Readonly<Record<string, Definition['kind']>> = {
  record: 'record',
  error: 'record',
  enum: 'enum',
  fixed: 'fixed',
};

export function isObject(json: ExactJson | undefined): json is { [name: string]: ExactJson } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** A property of a schema; undefined if it is not there. */
export function property(schema: SchemaObject, name: string): ExactJson | undefined {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** Whether a schema object defines a named type: which kind. */
export function namedKind(schema: SchemaObject): Definition['kind'] | undefined {
  const type = property(schema, 'type');
  return typeof type === 'string' && Object.hasOwn(namedKinds, type) ? namedKinds[type] : undefined;
}

/** The full name that a definition gives itself. @throws KtError `usage` without a name */
export function definedName(schema: SchemaObject, namespace: string, path: string): string {
  const name = property(schema, 'name');
  if (typeof name !== 'string' || name === '' || name.endsWith('.')) {
    throw schemaError(path, `a ${String(schema['type'])} without a name`);
  }
  const own = property(schema, 'namespace');
  return fullName(name, typeof own === 'string' ? own : namespace);
}

/** Adds the definitions in one text, its number being `text`. @throws KtError `usage` for one that is defined twice */
export function collectDefinitions(schema: ExactJson, text: number, into: Map<string, Definition>): void {
  const visit = (json: ExactJson | undefined, namespace: string, path: string): void => {
    if (Array.isArray(json)) {
      for (const [index, branch] of json.entries()) visit(branch, namespace, below(path, `[${index}]`));
      return;
    }
    if (!isObject(json)) return;
    const kind = namedKind(json);
    if (kind === undefined) {
      for (const name of ['type', 'items', 'values']) visit(property(json, name), namespace, below(path, name));
      return;
    }
    const name = definedName(json, namespace, path);
    const known = into.get(name);
    if (!known) into.set(name, { kind, name, schema: json, path, text });
    else if (known.text === text || exactJsonText(known.schema) !== exactJsonText(json)) {
      throw schemaError(path, `${name} is defined twice`);
    }
    const fields = kind === 'record' ? property(json, 'fields') : undefined;
    if (!Array.isArray(fields)) return;
    for (const [index, field] of fields.entries()) {
      if (isObject(field)) visit(property(field, 'type'), namespaceOf(name), below(path, `fields[${index}].type`));
    }
  };
  visit(schema, '', '');
}
