/** Plans how data of a writer's schema is read as a reader's, by the rules of Avro 1.12, and where the rules leave room as Java does. */
import type { EnumPlan, FieldPlan, Plan, RecordPlan } from './plan.ts';
import { matchFields, matchingBranch, misfitOf as structuralMisfit } from './resolution-rules.ts';
import { schemaError } from './schema-error.ts';
import {
  type AvroType,
  type EnumType,
  type FixedType,
  type Logical,
  logicalTypeName,
  type PrimitiveType,
  type RecordType,
  typeName,
  type UnionType,
} from './types.ts';

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
      const index = matchingBranch(writer, reader, misfitOf);
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

function enumPlan(writer: EnumType, reader: EnumType): EnumPlan {
  const known = new Set(reader.symbols);
  const symbols = writer.symbols.map((symbol) => (known.has(symbol) ? symbol : reader.default));
  return { kind: 'enum', type: reader, symbols, written: writer.symbols };
}

/** Why the one type cannot be read as the other, of which neither is a union; undefined if it can. */
function misfitOf(writer: AvroType, reader: AvroType): string | undefined {
  const misfit = structuralMisfit(writer, reader);
  if (misfit !== undefined || writer === reader) return misfit;
  const [was, wanted] = [logicalName(writer), logicalName(reader)];
  // Java reads the number as the reader's type then, which is another time or amount.
  return was !== undefined && wanted !== undefined && was !== wanted ? `${was} cannot be read as ${wanted}` : undefined;
}

/** A logical type in words, with all that decides what its numbers mean. */
function logicalName(type: AvroType): string | undefined {
  const logical: Logical | undefined = 'logical' in type ? type.logical : undefined;
  if (logical === undefined) return undefined;
  if (logical.name === 'decimal') return `a decimal of scale ${logical.scale}`;
  return logicalTypeName(logical);
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
