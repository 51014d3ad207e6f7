/** Avro schema text (.avsc) → the tree of its types. Names that Java would refuse, such as ones with a hyphen, are taken: real schemas have them. */
import { type ExactJson, exactJsonText, readExactJson } from '../../base/json/exact-json.ts';
import { nearest } from '../../base/nearest.ts';
import { defaultBytes } from './default.ts';
import {
  collectDefinitions,
  type Definition,
  definedName,
  isObject,
  namedKind,
  property,
  type SchemaObject,
} from './definitions.ts';
import { logicalOf } from './logical/of-schema.ts';
import { below, fullName, namespaceOf } from './names.ts';
import { schemaError } from './schema-error.ts';
import {
  type AvroType,
  type EnumType,
  type Field,
  type FixedType,
  type PrimitiveKind,
  primitiveKinds,
  type RecordType,
  typeName,
} from './types.ts';

export interface ParseOptions {
  /** Texts of schemas whose named types this one uses, in any order. */
  readonly references?: readonly string[];
  /** Refuses a default that does not fit its field. Data can be read without: only what needs the default fails then. */
  readonly checksDefaults?: boolean;
}

/** @throws KtError `usage` with the path in the schema */
export function parseAvro(text: string, { references = [], checksDefaults = false }: ParseOptions = {}): AvroType {
  const definitions = new Map<string, Definition>();
  for (const [index, reference] of [...new Set(references)].entries()) {
    collectDefinitions(readSchemaText(reference, `reference ${index + 1}`), index + 1, definitions);
  }
  const schema = readSchemaText(text);
  collectDefinitions(schema, 0, definitions);
  return new SchemaParser(definitions).parse(schema, checksDefaults);
}

function readSchemaText(text: string, where = ''): ExactJson {
  const bare = text.trim();
  // The registry also takes the name of a primitive type as it is, without quotes.
  if ((primitiveKinds as readonly string[]).includes(bare)) return bare;
  try {
    return readExactJson(text.replace(/^\ufeff/, ''), true);
  } catch (error) {
    throw schemaError(where, `not JSON (${(error as Error).message})`);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class SchemaParser {
  readonly #definitions: ReadonlyMap<string, Definition>;
  readonly #types = new Map<string, RecordType | EnumType | FixedType>();
  /** What is left to do; instead of recursion, since names may chain without end. */
  readonly #tasks: (() => void)[] = [];
  readonly #defaults: (() => void)[] = [];

  constructor(definitions: ReadonlyMap<string, Definition>) {
    this.#definitions = definitions;
  }

  parse(schema: ExactJson, checksDefaults: boolean): AvroType {
    const type = this.#type(schema, '', '');
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) task();
    if (checksDefaults) for (const check of this.#defaults) check();
    return type;
  }

  #type(schema: ExactJson | undefined, namespace: string, path: string): AvroType {
    if (typeof schema === 'string') return this.#byName(schema, namespace, path);
    if (Array.isArray(schema)) return this.#union(schema, namespace, path);
    if (!isObject(schema)) throw schemaError(path, schema === undefined ? 'no type' : `${exactJsonText(schema)} is no type`);
    if (namedKind(schema)) return this.#named(definedName(schema, namespace, path));
    const type = property(schema, 'type');
    if (type === 'array')
      return { kind: 'array', items: this.#type(property(schema, 'items'), namespace, below(path, 'items')) };
    if (type === 'map')
      return { kind: 'map', values: this.#type(property(schema, 'values'), namespace, below(path, 'values')) };
    if (isPrimitive(type)) return { kind: type, logical: logicalOf(schema, type) };
    return this.#type(type, namespace, below(path, 'type'));
  }

  #byName(name: string, namespace: string, path: string): AvroType {
    if (isPrimitive(name)) return { kind: name, logical: undefined };
    const full = fullName(name, namespace);
    // Java looks without a namespace too.
    const found = this.#definitions.has(full) ? full : name;
    if (this.#definitions.has(found)) return this.#named(found);
    const meant = nearest(name, [...primitiveKinds, 'record', 'enum', 'fixed', 'array', 'map', ...this.#definitions.keys()]);
    const needs = {
      record: 'name and fields',
      enum: 'name and symbols',
      fixed: 'name and size',
      array: 'items',
      map: 'values',
    }[name];
    if (needs !== undefined) throw schemaError(path, `"${name}" needs ${needs}: {"type": "${name}", …}`);
    throw schemaError(path, `no type is called "${full}"`, meant === undefined ? undefined : `did you mean "${meant}"?`);
  }

  #named(name: string): AvroType {
    const known = this.#types.get(name);
    if (known) return known;
    const definition = this.#definitions.get(name)!;
    const { kind, schema, text } = definition;
    const path = text === 0 ? definition.path : `reference ${text}${definition.path && `, ${definition.path}`}`;
    const namespace = namespaceOf(name);
    const common = { name, aliases: names(schema, path, namespace), doc: docOf(schema) };
    if (kind === 'fixed') {
      const size = sizeOf(schema, path);
      const fixed: FixedType = { kind, ...common, size, logical: logicalOf(schema, 'fixed', size) };
      this.#types.set(name, fixed);
      return fixed;
    }
    if (kind === 'enum') {
      const type: EnumType = { kind, ...common, ...symbolsOf(schema, path) };
      this.#types.set(name, type);
      return type;
    }
    const record: Writable<RecordType> = { kind, ...common, fields: [] };
    this.#types.set(name, record);
    this.#tasks.push(() => {
      record.fields = this.#fields(schema, namespace, path);
    });
    return record;
  }

  #fields(schema: SchemaObject, namespace: string, path: string): Field[] {
    const list = property(schema, 'fields');
    if (!Array.isArray(list)) throw schemaError(path, 'a record without a list of fields');
    const known = new Set<string>();
    return list.map((json, index) => {
      const where = below(path, `fields[${index}]`);
      const name = isObject(json) ? property(json, 'name') : undefined;
      if (!isObject(json) || typeof name !== 'string' || name === '') throw schemaError(where, 'a field without a name');
      if (known.has(name)) throw schemaError(where, `two fields are called "${name}"`);
      known.add(name);
      const type = this.#type(property(json, 'type'), namespace, below(where, 'type'));
      const order = property(json, 'order') ?? 'ascending';
      if (order !== 'ascending' && order !== 'descending' && order !== 'ignore') {
        throw schemaError(where, `order ${exactJsonText(order)} is not ascending, descending or ignore`);
      }
      const field = { name, aliases: names(json, where), doc: docOf(json), type, default: property(json, 'default'), order };
      if (field.default !== undefined) this.#defaults.push(() => defaultBytes(field, where));
      return field;
    });
  }

  #union(list: readonly ExactJson[], namespace: string, path: string): AvroType {
    const known = new Set<string>();
    const branches = list.map((json, index) => {
      const where = below(path, `[${index}]`);
      const branch = this.#type(json, namespace, where);
      if (branch.kind === 'union') throw schemaError(where, 'a union directly in a union');
      const name = typeName(branch);
      if (known.has(name)) throw schemaError(where, `the union has ${name} twice`);
      known.add(name);
      return branch;
    });
    return { kind: 'union', branches };
  }
}

function isPrimitive(type: ExactJson | undefined): type is PrimitiveKind {
  return (primitiveKinds as readonly (ExactJson | undefined)[]).includes(type);
}

function docOf(schema: SchemaObject): string | undefined {
  const doc = property(schema, 'doc');
  return typeof doc === 'string' ? doc : undefined;
}

/** @param namespace of a type's aliases; a field's have none */
function names(schema: SchemaObject, path: string, namespace = ''): string[] {
  const aliases = property(schema, 'aliases') ?? [];
  if (!Array.isArray(aliases)) throw schemaError(path, 'aliases are no list');
  return aliases.map((alias) => {
    if (typeof alias !== 'string' || alias === '') throw schemaError(path, `alias ${exactJsonText(alias)} is no name`);
    return fullName(alias, namespace);
  });
}

function sizeOf(schema: SchemaObject, path: string): number {
  const size = property(schema, 'size');
  if (typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= 0x7fffffff) return size;
  throw schemaError(path, size === undefined ? 'a fixed without a size' : `size ${String(size)} is no number of bytes`);
}

function symbolsOf(schema: SchemaObject, path: string): Pick<EnumType, 'symbols' | 'default'> {
  const list = property(schema, 'symbols');
  if (!Array.isArray(list)) throw schemaError(path, 'an enum without a list of symbols');
  const symbols = list.map((symbol) => {
    if (typeof symbol !== 'string' || symbol === '') throw schemaError(path, `symbol ${exactJsonText(symbol)} is no name`);
    return symbol;
  });
  const seen = new Set<string>();
  const twice = symbols.find((symbol) => seen.size === seen.add(symbol).size);
  if (twice !== undefined) throw schemaError(path, `the enum has "${twice}" twice`);
  const fallback = property(schema, 'default');
  if (fallback === undefined || fallback === null) return { symbols, default: undefined };
  if (typeof fallback === 'string' && symbols.includes(fallback)) return { symbols, default: fallback };
  throw schemaError(path, `the default ${exactJsonText(fallback)} is no symbol of the enum`);
}
