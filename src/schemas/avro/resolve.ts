/** Plans how data of a writer's schema is read as a reader's, by the rules of Avro 1.12, and where the rules leave room as Java does. */
import type { EnumPlan, FieldPlan, Plan, RecordPlan } from './plan.ts';
import { promotions } from './promotions.ts';
import { schemaError } from './schema-error.ts';
import {
  type AvroType,
  type EnumType,
  type Field,
  type FixedType,
  type Logical,
  type PrimitiveType,
  type RecordType,
  shortName,
  typeName,
  type UnionType,
} from './types.ts';

/** How far to look into records when a union's branch is chosen by their structure. */
const structureDepth = 4;

/** @throws KtError `usage` if no datum could be read: which field, and why */
export function resolve(writer: AvroType, reader: AvroType): Plan {
  const resolver = new Resolver();
  const plan = resolver.plan(writer, reader);
  resolver.finish();
  checkPlan(plan);
  return plan;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

class Resolver {
  readonly #records = new Map<RecordType, Map<RecordType, RecordPlan>>();
  /** Records whose fields are still to be planned; not by recursion, since names may chain without end. */
  readonly #tasks: (() => void)[] = [];

  finish(): void {
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) task();
  }

  plan(writer: AvroType, reader: AvroType): Plan {
    if (writer.kind === 'union') {
      if (reader === writer) {
        return { kind: 'union', branches: writer.branches.map((type, index) => this.#branch(type, writer, index)) };
      }
      return { kind: 'union', branches: writer.branches.map((branch) => this.plan(branch, reader)) };
    }
    if (reader.kind === 'union') {
      const index = matchingBranch(writer, reader);
      if (index !== -1) return this.#branch(writer, reader, index);
      const alike = reader.branches.find((branch) => branch.kind === writer.kind);
      const why = alike === undefined ? undefined : misfitOf(writer, alike);
      return { kind: 'error', problem: why ?? `the reader's union has nothing for ${typeName(writer)}` };
    }
    const misfit = misfitOf(writer, reader);
    if (misfit !== undefined) return { kind: 'error', problem: misfit };
    switch (reader.kind) {
      case 'array':
        return { kind: 'array', type: reader, items: this.plan((writer as typeof reader).items, reader.items) };
      case 'map':
        return { kind: 'map', type: reader, values: this.plan((writer as typeof reader).values, reader.values) };
      case 'enum':
        return enumPlan(writer as EnumType, reader);
      case 'record':
        return this.#record(writer as RecordType, reader);
      default:
        return { kind: 'scalar', from: (writer as PrimitiveType | FixedType).kind, type: reader };
    }
  }

  #branch(writer: AvroType, type: UnionType, index: number): Plan {
    const plan = this.plan(writer, type.branches[index]!);
    return plan.kind === 'error' ? plan : { kind: 'branch', type, index, plan };
  }

  #record(writer: RecordType, reader: RecordType): RecordPlan {
    const known = this.#records.get(writer)?.get(reader);
    if (known) return known;
    const plan: Open<RecordPlan> = { kind: 'record', type: reader, fields: [], added: new Map() };
    const plans = this.#records.get(writer) ?? new Map<RecordType, RecordPlan>();
    this.#records.set(writer, plans.set(reader, plan));
    this.#tasks.push(() => {
      const { targets, added, missing } = matchFields(writer, reader);
      plan.fields = writer.fields.map(({ name, type }, index): FieldPlan => {
        const target = targets[index];
        return {
          name,
          target,
          plan: target === undefined ? { kind: 'skip', type } : this.plan(type, reader.fields[target]!.type),
        };
      });
      for (const name of missing) {
        const problem = `the writer has no field "${name}", and the reader has no default for it`;
        plan.fields = [{ name, target: undefined, plan: { kind: 'error', problem } }, ...plan.fields];
      }
      plan.added = added;
    });
    return plan;
  }
}

interface FieldMatch {
  /** The reader's field for each of the writer's. */
  readonly targets: readonly (number | undefined)[];
  readonly added: ReadonlyMap<number, Field>;
  /** Fields of the reader that have neither data nor default. */
  readonly missing: readonly string[];
}

function matchFields(writer: RecordType, reader: RecordType): FieldMatch {
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

function enumPlan(writer: EnumType, reader: EnumType): EnumPlan {
  const known = new Set(reader.symbols);
  const symbols = writer.symbols.map((symbol) => (known.has(symbol) ? symbol : reader.default));
  return { kind: 'enum', type: reader, symbols, written: writer.symbols };
}

/** Whether the reader calls its type as the writer does: without namespaces, as Java compares, or by an alias. */
function isSameName(
  writer: { readonly name: string },
  reader: { readonly name: string; readonly aliases: readonly string[] },
): boolean {
  return shortName(writer.name) === shortName(reader.name) || reader.aliases.includes(writer.name);
}

/** Why the one type cannot be read as the other, of which neither is a union; undefined if it can. */
function misfitOf(writer: AvroType, reader: AvroType): string | undefined {
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
  const [was, wanted] = [logicalName(writer), logicalName(reader)];
  // Java reads the number as the reader's type then, which is another time or amount.
  if (was !== undefined && wanted !== undefined && was !== wanted) return `${was} cannot be read as ${wanted}`;
  return undefined;
}

/** A logical type in words, with all that decides what its numbers mean. */
function logicalName(type: AvroType): string | undefined {
  const logical: Logical | undefined = 'logical' in type ? type.logical : undefined;
  if (logical === undefined) return undefined;
  if (logical.name === 'decimal') return `a decimal of scale ${logical.scale}`;
  return 'digits' in logical ? `${logical.name}-${{ 3: 'millis', 6: 'micros', 9: 'nanos' }[logical.digits]}` : logical.name;
}

/** The branch of the reader's union for a writer's type: same name first, then same structure, then a promotion; -1 if there is none. */
function matchingBranch(writer: AvroType, reader: UnionType, depth = 0): number {
  const { branches } = reader;
  const isFit = (branch: AvroType): boolean => misfitOf(writer, branch) === undefined;
  const same = branches.findIndex((branch) => {
    if (branch.kind !== writer.kind || !isFit(branch)) return false;
    return !('name' in branch && 'name' in writer) || branch.name === writer.name || branch.aliases.includes(writer.name);
  });
  if (same !== -1) return same;
  const candidates = branches.filter(
    (branch) =>
      branch.kind === writer.kind &&
      isFit(branch) &&
      (writer.kind !== 'record' || isReadable(writer, branch as RecordType, depth)),
  );
  const named = candidates.find((branch) => 'name' in branch && 'name' in writer && isSameName(writer, branch));
  if (candidates.length > 0) return branches.indexOf(named ?? candidates[0]!);
  return branches.findIndex((branch) => branch.kind !== writer.kind && isFit(branch));
}

/** Whether each field that the reader wants is there, or has a default. */
function isReadable(writer: RecordType, reader: RecordType, depth: number): boolean {
  if (depth > structureDepth) return true;
  const { targets, missing } = matchFields(writer, reader);
  return (
    missing.length === 0 &&
    writer.fields.every(({ type }, index) => {
      const target = targets[index];
      if (target === undefined || type.kind === 'union') return true;
      const wanted = reader.fields[target]!.type;
      return wanted.kind === 'union' ? matchingBranch(type, wanted, depth + 1) !== -1 : misfitOf(type, wanted) === undefined;
    })
  );
}

/** Refuses what goes wrong for every datum: an error that no union, array or map stands before. */
function checkPlan(root: Plan): void {
  const seen = new Set<Plan>();
  const tasks: [path: string, plan: Plan][] = [['', root]];
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    const [path, found] = task;
    const plan = found.kind === 'branch' ? found.plan : found;
    if (seen.has(plan)) continue;
    seen.add(plan);
    if (plan.kind === 'error') {
      throw schemaError(
        '',
        `the reader's schema cannot read what this one wrote (${path === '' ? '' : `${path}: `}${plan.problem})`,
      );
    }
    if (plan.kind === 'record')
      for (const field of plan.fields) tasks.push([path === '' ? field.name : `${path}.${field.name}`, field.plan]);
  }
}
