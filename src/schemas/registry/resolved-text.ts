/** A schema as one text, with what it refers to inside: kt does it itself, since not every registry does. */
import { usageError } from '../../base/errors.ts';
import { type ExactJson, exactJsonLines, jsonValue } from '../../base/json/exact-json.ts';
import { isObject } from './body.ts';
import { type Json, type JsonObject, nameIn, spaceOf } from './compare/avro.ts';
import { type RegisteredSchema, versionText } from './schema.ts';

/**
 * Avro: each named type stands where it is used first. JSON Schema: the others are definitions, under the names by which they are
 * referred to. Protobuf has no form for several files in one: they follow each other, each under a comment.
 * @throws KtError `usage` for a text that cannot be changed without losing something
 */
export function resolvedText(schema: RegisteredSchema): string {
  if (schema.references.length === 0) return schema.text;
  if (schema.type === 'PROTOBUF') return protobufText(schema);
  const value = schema.type === 'AVRO' ? new AvroInliner(schema).inlined() : bundled(schema);
  return exactJsonLines(value as ExactJson);
}

/** Every schema below this one, once, those that others need first. */
function everyReference(schema: RegisteredSchema): Map<string, { readonly name: string; readonly schema: RegisteredSchema }> {
  const all = new Map<string, { name: string; schema: RegisteredSchema }>();
  const walk = ({ references }: RegisteredSchema): void => {
    for (const reference of references) {
      const key = versionText(reference);
      if (all.has(key)) continue;
      walk(reference.schema);
      all.set(key, { name: reference.name, schema: reference.schema });
    }
  };
  walk(schema);
  return all;
}

function protobufText(schema: RegisteredSchema): string {
  const files = [...everyReference(schema)].map(
    ([
      key,
      {
        name,
        schema: { text },
      },
    ]) => `// ${name} (${key})\n${text.trimEnd()}\n`,
  );
  return [...files, schema.text].join('\n');
}

/** A schema's JSON, its numbers with all their digits. */
function parsed({ text, subject = 'the schema' }: RegisteredSchema): Json {
  const value = jsonValue(text);
  if (value === undefined) throw usageError(`${subject} cannot be resolved (its text is no JSON)`, 'leave --resolved out');
  const number = changedNumber(text);
  if (number === undefined) return value;
  throw usageError(`${subject} cannot be resolved (the number ${number} in it would change)`, 'leave --resolved out');
}

const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A number with a fraction or exponent that a double cannot hold; integers are exact. */
function changedNumber(text: string): string | undefined {
  for (const [token] of text.matchAll(tokens)) {
    if (/^-?[\d.]+(?:[eE]|$)/.test(token) && /[.eE]/.test(token) && !isKept(token)) return token;
  }
  return undefined;
}

/** Whether a number's digits, but for zeros that say nothing, come out again. */
function isKept(token: string): boolean {
  const value = Number(token);
  return Number.isFinite(value) && significant(token) === significant(value.toExponential());
}

function significant(text: string): string {
  const [digits = ''] = text.split(/e/i);
  return digits.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
}

class AvroInliner {
  readonly #definitions = new Map<string, JsonObject>();
  /** Names that stand somewhere already. */
  readonly #placed = new Set<string>();
  readonly #root: Json;

  constructor(schema: RegisteredSchema) {
    for (const { schema: each } of everyReference(schema).values()) this.#collect(parsed(each));
    this.#root = parsed(schema);
  }

  inlined(): Json {
    return this.#placedType(this.#root, '');
  }

  /** A reference is one named type, or a union of some. */
  #collect(type: Json): void {
    if (Array.isArray(type)) for (const each of type) this.#collect(each);
    if (!isObject(type) || typeof type['name'] !== 'string') return;
    const name = nameIn('', type['name'], type['namespace']);
    // The namespace around the place where it comes to stand is not its own.
    this.#definitions.set(name, { ...type, namespace: name.includes('.') ? spaceOf(type, '') : '' });
  }

  #placedType(type: Json, space: string): Json {
    if (typeof type === 'string') return this.#named(type, space);
    if (Array.isArray(type)) return type.map((each) => this.#placedType(each, space));
    if (!isObject(type)) return type;
    const isNamed = typeof type['name'] === 'string' && typeof type['type'] === 'string';
    if (isNamed) this.#placed.add(nameIn(space, String(type['name']), type['namespace']));
    const own = isNamed ? spaceOf(type, space) : space;
    const { fields, items, values, type: kind } = type;
    return {
      ...type,
      ...(!isNamed && kind !== undefined && { type: this.#placedType(kind, own) }),
      ...(Array.isArray(fields) && { fields: fields.map((field: Json) => this.#field(field, own)) }),
      ...(items !== undefined && { items: this.#placedType(items, own) }),
      ...(values !== undefined && { values: this.#placedType(values, own) }),
    };
  }

  #field(field: Json, space: string): Json {
    return isObject(field) ? { ...field, type: this.#placedType(field['type'], space) } : field;
  }

  #named(name: string, space: string): Json {
    const full = [nameIn(space, name), name].find((each) => this.#definitions.has(each));
    if (full === undefined) return name;
    if (this.#placed.has(full)) return full;
    return this.#placedType(this.#definitions.get(full)!, '');
  }
}

/** A compound document (JSON Schema 2020-12, 9.3; older drafts call the place `definitions`). */
function bundled(schema: RegisteredSchema): Json {
  const root = parsed(schema);
  if (!isObject(root)) return root;
  const dialect = String(root['$schema'] ?? '');
  const place = /draft-0?[3-7]/.test(dialect) ? 'definitions' : '$defs';
  const id = /draft-0?[34]/.test(dialect) ? 'id' : '$id';
  const definitions = isObject(root[place]) ? root[place] : {};
  const added = [...everyReference(schema).values()].map(({ name, schema: each }) => {
    const value = parsed(each);
    return [name, isObject(value) ? { ...value, [id]: name } : value] as const;
  });
  return { ...root, [place]: { ...definitions, ...Object.fromEntries(added) } };
}
