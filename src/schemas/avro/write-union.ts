/** Unions from JSON: bare values and tags, `{"branch": value}`, where the rule of unions lets them be told apart. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { nearest } from '../../base/nearest.ts';
import type { JsonStyle } from '../compiled-schema.ts';
import type { TextCursor } from './text-cursor.ts';
import type { UnionType } from './types.ts';
import { type JsonKind, takes, unionRule } from './union-rule.ts';
import { appendInteger } from './varint.ts';
import { misfit } from './wanted.ts';
import type { Writer } from './write-scalar.ts';

const closeBrace = 125;
const colon = 58;

/** The branch for each kind of JSON where it is no tag: an index, or why there is none. */
type Bare = Readonly<Record<JsonKind, number | string>>;

export function unionWriter(type: UnionType, writers: readonly Writer[], style: JsonStyle): Writer {
  const bare = bareBranches(type, style);
  const isTag = tagTest(type, style);
  const { names } = unionRule(type, style);
  const write = (index: number, from: TextCursor, sink: ByteSink): void => {
    appendInteger(sink, index);
    writers[index]!(from, sink);
  };
  return (from, sink) => {
    const kind = from.kind();
    if (kind === 'object' && isTag(from)) {
      const begin = from.at++;
      if (from.takes(closeBrace)) misfit(from, `one of ${names.join(', ')} in a tag`, begin);
      const nameAt = from.next();
      const name = from.takeName();
      const index = names.indexOf(name);
      if (index === -1) {
        const meant = nearest(name, names);
        from.fail(
          `the union has no "${name}"${meant === undefined ? `, but ${names.join(', ')}` : ` (did you mean "${meant}"?)`}`,
          nameAt,
        );
      }
      write(index, from, sink);
      if (from.continues(closeBrace)) from.fail('a tag has one member only', begin);
      return;
    }
    const index = bare[kind];
    if (typeof index === 'number') write(index, from, sink);
    else misfit(from, index);
  };
}

function bareBranches(type: UnionType, style: JsonStyle): Bare {
  const { names, kinds, isTagged } = unionRule(type, style);
  const branchFor = (kind: JsonKind): number | string => {
    const fits = [...names.keys()].filter((index) => takes(type.branches[index]!, kind, style));
    const shown = fits.filter((index) => kinds[index] === kind && !isTagged[index]);
    // What is shown so comes before what only may be written so: an int before a date given as a number.
    const [index, another] = shown.length > 0 ? shown : narrowed(fits, kinds, kind);
    if (index === undefined) return names.length === 0 ? 'nothing, since the union is empty' : names.join(' or ');
    if (another === undefined) return index;
    return `${fits.map((fit) => `{"${names[fit]}": …}`).join(' or ')}, since ${fits.length} branches of the union could be meant`;
  };
  const all: readonly JsonKind[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];
  return Object.fromEntries(all.map((kind) => [kind, branchFor(kind)])) as Bare;
}

/** Those that are shown so even if tagged, or all if there are none. */
function narrowed(fits: readonly number[], kinds: readonly JsonKind[], kind: JsonKind): readonly number[] {
  const same = fits.filter((index) => kinds[index] === kind);
  return same.length > 0 ? same : fits;
}

/** Whether the object that comes next is a tag, and not a bare record or map. */
function tagTest(type: UnionType, style: JsonStyle): (from: TextCursor) => boolean {
  const { names, kinds, objectsAreTags } = unionRule(type, style);
  const branch = type.branches[kinds.indexOf('object')];
  if (branch === undefined || (objectsAreTags && !style.avroJson)) return () => true;
  const fields = branch.kind === 'record' ? new Set(branch.fields.map(({ name }) => name)) : undefined;
  return (from) => {
    const begin = from.at;
    const single = singleMember(from, names);
    from.at = begin;
    if (single === undefined) return false;
    // In Avro's own JSON every object is a tag; a bare one is only taken because it cannot be one.
    if (style.avroJson) return true;
    if (fields) return !fields.has(single.name);
    return branch.kind === 'map' && !takes(branch.values, single.kind, style);
  };
}

/** The only member of the object that comes next, if it is called like a branch. */
function singleMember(
  from: TextCursor,
  names: readonly string[],
): { readonly name: string; readonly kind: JsonKind } | undefined {
  from.at++;
  if (from.takes(closeBrace)) return undefined;
  from.skipSpace();
  const name = from.takeString();
  if (!names.includes(name)) return undefined;
  from.expect(colon);
  const kind = from.kind();
  from.skipValue();
  return from.takes(closeBrace) ? { name, kind } : undefined;
}
