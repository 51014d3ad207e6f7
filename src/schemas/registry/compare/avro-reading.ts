/** What keeps one Avro schema from reading what another wrote, as Avro's specification resolves schemas. */
import { promotions } from '../../avro/promotions.ts';
import { isObject } from '../body.ts';
import { deepest, type Json, type JsonObject, nameIn, spaceOf, typeText } from './avro.ts';

/** Why data of a writer's schema cannot be read with a reader's, by path. */
export interface Unreadable {
  readonly path: string;
  readonly kind: 'missing' | 'type' | 'symbols';
  /** The types in a line each; the writer's is empty for a field that it has not got. */
  readonly reader: string;
  readonly writer: string;
}

/** A type, and where its names are to be looked up. */
interface Side {
  readonly type: Json;
  readonly names: ReadonlyMap<string, JsonObject>;
  readonly space: string;
}

/** @param reader the schema that reads, and @param writer the one that wrote: both as JSON */
export function unreadableParts(reader: Json, writer: Json): Unreadable[] {
  const resolution = new Resolution();
  resolution.types(
    { type: reader, names: namesOf(reader), space: '' },
    { type: writer, names: namesOf(writer), space: '' },
    '',
  );
  return resolution.problems;
}

class Resolution {
  readonly problems: Unreadable[] = [];
  readonly #seen = new Set<string>();

  /** @param whole what the writer's type is a branch of: what is told */
  types(given: Side, wrote: Side, path: string, whole = wrote): void {
    const to = definition(given);
    const from = definition(wrote);
    if (Array.isArray(from.type)) {
      for (const branch of from.type) this.types(to, { ...from, type: branch }, path, from);
    } else if (Array.isArray(to.type)) {
      const branch = to.type.find((each) => matches({ ...to, type: each }, from));
      if (branch === undefined) this.#report(path, 'type', to, whole);
      else this.types({ ...to, type: branch }, from, path, whole);
    } else if (!matches(to, from)) {
      this.#report(path, 'type', to, whole);
    } else if (isObject(to.type) && isObject(from.type)) {
      this.#objects({ ...to, type: to.type }, { ...from, type: from.type }, path);
    }
  }

  /** Two types of one kind, and what is in them. */
  #objects(to: Side & { readonly type: JsonObject }, from: Side & { readonly type: JsonObject }, path: string): void {
    const kind = to.type['type'];
    const inner = (name: string, mark: string): void =>
      this.types({ ...to, type: to.type[name] }, { ...from, type: from.type[name] }, `${path}${mark}`);
    if (kind === 'array') inner('items', '[]');
    if (kind === 'map') inner('values', '{}');
    if (kind === 'record' || kind === 'error') this.#records(to, from, path);
    if (kind === 'fixed' && to.type['size'] !== from.type['size']) this.#report(path, 'type', to, from);
    if (kind !== 'enum' || 'default' in to.type) return;
    const known = list(to.type['symbols']);
    if (!list(from.type['symbols']).every((symbol) => known.includes(symbol))) this.#report(path, 'symbols', to, from);
  }

  #records(to: Side & { readonly type: JsonObject }, from: Side & { readonly type: JsonObject }, path: string): void {
    const both = [to, from].map(({ type, space }) => nameIn(space, String(type['name']), type['namespace'])).join(' ');
    // Once is enough, and a record may hold itself.
    if (this.#seen.has(both)) return;
    this.#seen.add(both);
    const reading = { ...to, space: spaceOf(to.type, to.space) };
    const writing = { ...from, space: spaceOf(from.type, from.space) };
    const written = new Map(fieldsOf(from.type).map((field) => [field['name'], field]));
    for (const field of fieldsOf(to.type)) {
      const at = path === '' ? String(field['name']) : `${path}.${String(field['name'])}`;
      const name = [field['name'], ...list(field['aliases'])].find((each) => written.has(each));
      const side = { ...reading, type: field['type'] };
      if (name !== undefined) this.types(side, { ...writing, type: written.get(name)!['type'] }, at);
      else if (!('default' in field)) this.problems.push({ path: at, kind: 'missing', reader: lineOf(side), writer: '' });
    }
  }

  #report(path: string, kind: Unreadable['kind'], to: Side, from: Side): void {
    this.problems.push({ path, kind, reader: lineOf(to), writer: lineOf(from) });
  }
}

function lineOf({ type, space }: Side): string {
  return typeText(type, space);
}

/** Whether the two are the same kind of type, or the writer's may be promoted; what is in them comes later. */
function matches(given: Side, wrote: Side): boolean {
  const { type: to } = definition(given);
  const { type: from } = definition(wrote);
  if (Array.isArray(to) || Array.isArray(from)) return true;
  const [a, b] = [kindOf(to), kindOf(from)];
  if (a !== b) return promotions[b]?.includes(a) ?? false;
  if (!isObject(to) || !isObject(from) || typeof to['name'] !== 'string') return true;
  const names = [to['name'], ...list(to['aliases'])].map(lastPart);
  return names.includes(lastPart(from['name']));
}

function kindOf(type: Json): string {
  return String(isObject(type) ? type['type'] : type);
}

function lastPart(name: Json): string | undefined {
  return String(name).split('.').at(-1);
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(type: JsonObject): readonly JsonObject[] {
  return list(type['fields']).filter(isObject);
}

/** What a name stands for, and a type that is wrapped in another object. */
function definition({ type, names, space }: Side): Side {
  if (isObject(type) && typeof type['type'] === 'object') return definition({ type: type['type'], names, space });
  if (typeof type !== 'string') return { type, names, space };
  return { type: names.get(nameIn(space, type)) ?? names.get(type) ?? type, names, space };
}

/** Every named type in a schema, by full name. */
function namesOf(schema: Json): ReadonlyMap<string, JsonObject> {
  const names = new Map<string, JsonObject>();
  const walk = (type: Json, space: string, depth: number): void => {
    if (depth > deepest) return;
    for (const each of list(type)) walk(each, space, depth + 1);
    if (!isObject(type)) return;
    const isNamed = typeof type['name'] === 'string' && typeof type['type'] === 'string';
    const own = isNamed ? spaceOf(type, space) : space;
    if (isNamed) names.set(nameIn(space, String(type['name']), type['namespace']), { ...type, namespace: own });
    for (const inner of [type['type'], type['items'], type['values']]) walk(inner, own, depth + 1);
    for (const field of fieldsOf(type)) walk(field['type'], own, depth + 1);
  };
  walk(schema, '', 0);
  return names;
}
