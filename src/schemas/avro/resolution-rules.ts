/** Which parts of a writer's schema a reader's schema takes for which of its own, by the rules of Avro 1.12, and where they leave room as Java does. */
import { promotions } from './promotions.ts';
import { type AvroType, type Field, type RecordType, shortName, typeName, type UnionType } from './types.ts';

/** How far to look into records when a union's branch is chosen by their structure. */
const structureDepth = 4;

/** Why a type of the writer's cannot be read as one of the reader's; undefined if it can. */
type Misfit = (writer: AvroType, reader: AvroType) => string | undefined;

interface FieldMatch {
  /** The reader's field for each of the writer's. */
  readonly targets: readonly (number | undefined)[];
  readonly added: ReadonlyMap<number, Field>;
  /** Fields of the reader that have neither data nor default. */
  readonly missing: readonly string[];
}

/** Fields go by their names, then by the reader's aliases. */
export function matchFields(writer: RecordType, reader: RecordType): FieldMatch {
  const byName = new Map<string, number>();
  const aliases = new Map<string, string>();
  for (const [index, field] of reader.fields.entries()) {
    byName.set(field.name, index);
    for (const alias of field.aliases) aliases.set(alias, field.name);
  }
  const used = new Set<number>();
  const targetOf = (name: string): number | undefined => {
    const target = byName.get(name);
    if (target === undefined || used.has(target)) return undefined;
    used.add(target);
    return target;
  };
  // A field of the reader's own name goes before one that only an alias means.
  const targets = writer.fields.map(({ name }) => targetOf(name));
  for (const [index, { name }] of writer.fields.entries()) {
    const meant = targets[index] === undefined && writer !== reader ? aliases.get(name) : undefined;
    if (meant !== undefined) targets[index] = targetOf(meant);
  }
  const added = new Map<number, Field>();
  const missing: string[] = [];
  for (const [index, field] of reader.fields.entries()) {
    if (used.has(index)) continue;
    if (field.default === undefined) missing.push(field.name);
    else added.set(index, field);
  }
  return { targets, added, missing };
}

/** Whether the reader calls its type as the writer does: without namespaces, as Java compares, or by an alias. */
export function isSameName(
  writer: { readonly name: string },
  reader: { readonly name: string; readonly aliases: readonly string[] },
): boolean {
  return shortName(writer.name) === shortName(reader.name) || reader.aliases.includes(writer.name);
}

/** Why the one type cannot be read as the other, of which neither is a union; undefined if it can. Logical types are not looked at. */
export function misfitOf(writer: AvroType, reader: AvroType): string | undefined {
  if (writer === reader) return undefined;
  const isPromoted = promotions[writer.kind]?.includes(reader.kind) ?? false;
  if (writer.kind !== reader.kind && !isPromoted) return `${typeName(writer)} cannot be read as ${typeName(reader)}`;
  if ((writer.kind === 'enum' && reader.kind === 'enum') || (writer.kind === 'fixed' && reader.kind === 'fixed')) {
    if (!isSameName(writer, reader))
      return `${writer.kind} ${writer.name} cannot be read as ${reader.name}, another ${reader.kind}`;
  }
  if (writer.kind === 'fixed' && reader.kind === 'fixed' && writer.size !== reader.size) {
    return `${writer.name} has size ${writer.size}, the reader wants ${reader.size}`;
  }
  return undefined;
}

/** The branch of the reader's union for a writer's type: same name first, then same structure, then a promotion; -1 if there is none. */
export function matchingBranch(writer: AvroType, reader: UnionType, misfit: Misfit = misfitOf, depth = 0): number {
  const { branches } = reader;
  const isFit = (branch: AvroType): boolean => misfit(writer, branch) === undefined;
  const same = branches.findIndex((branch) => {
    if (branch.kind !== writer.kind || !isFit(branch)) return false;
    return !('name' in branch && 'name' in writer) || branch.name === writer.name || branch.aliases.includes(writer.name);
  });
  if (same !== -1) return same;
  const candidates = branches.filter(
    (branch) =>
      branch.kind === writer.kind &&
      isFit(branch) &&
      (writer.kind !== 'record' || isReadable(writer, branch as RecordType, misfit, depth)),
  );
  const named = candidates.find((branch) => 'name' in branch && 'name' in writer && isSameName(writer, branch));
  if (candidates.length > 0) return branches.indexOf(named ?? candidates[0]!);
  return branches.findIndex((branch) => branch.kind !== writer.kind && isFit(branch));
}

/** Whether each field that the reader wants is there, or has a default. */
function isReadable(writer: RecordType, reader: RecordType, misfit: Misfit, depth: number): boolean {
  if (depth > structureDepth) return true;
  const { targets, missing } = matchFields(writer, reader);
  return (
    missing.length === 0 &&
    writer.fields.every(({ type }, index) => {
      const target = targets[index];
      if (target === undefined || type.kind === 'union') return true;
      const wanted = reader.fields[target]!.type;
      return wanted.kind === 'union'
        ? matchingBranch(type, wanted, misfit, depth + 1) !== -1
        : misfit(type, wanted) === undefined;
    })
  );
}
