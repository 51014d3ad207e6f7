/** How data of one schema becomes data of another: what `resolve` plans and the readers are made from. */
import type {
  ArrayType,
  AvroType,
  EnumType,
  Field,
  FixedType,
  MapType,
  PrimitiveKind,
  PrimitiveType,
  RecordType,
  UnionType,
} from './types.ts';

/** A number, string, bytes and so on: written as `from`, read as `type`. */
export interface ScalarPlan {
  readonly kind: 'scalar';
  readonly from: PrimitiveKind | 'fixed';
  readonly type: PrimitiveType | FixedType;
}

export interface EnumPlan {
  readonly kind: 'enum';
  readonly type: EnumType;
  /** By the writer's index; undefined where the reader does not know the symbol and has no default. */
  readonly symbols: readonly (string | undefined)[];
  readonly written: readonly string[];
}

interface ArrayPlan {
  readonly kind: 'array';
  readonly type: ArrayType;
  readonly items: Plan;
}

interface MapPlan {
  readonly kind: 'map';
  readonly type: MapType;
  readonly values: Plan;
}

/** One field of the writer: which field of the reader it becomes, by index; undefined for none. */
export interface FieldPlan {
  readonly name: string;
  readonly target: number | undefined;
  readonly plan: Plan;
}

export interface RecordPlan {
  readonly kind: 'record';
  /** The reader's. */
  readonly type: RecordType;
  /** In the writer's order; filled in after the plan was made, since records may hold themselves. */
  readonly fields: readonly FieldPlan[];
  /** The reader's fields that the writer has not, by their index. */
  readonly added: ReadonlyMap<number, Field>;
}

/** The writer's union: what becomes of each branch. */
interface UnionPlan {
  readonly kind: 'union';
  readonly branches: readonly Plan[];
}

/** The branch that a value has in the reader's union. */
export interface BranchPlan {
  readonly kind: 'branch';
  readonly type: UnionType;
  readonly index: number;
  readonly plan: Plan;
}

/** Data of the writer that the reader's schema has no place for. */
interface SkipPlan {
  readonly kind: 'skip';
  readonly type: AvroType;
}

/** Data that the reader cannot take; an error only if such data comes, as behind a branch of a union it may not. */
interface ErrorPlan {
  readonly kind: 'error';
  readonly problem: string;
}

export type Plan = ScalarPlan | EnumPlan | ArrayPlan | MapPlan | RecordPlan | UnionPlan | BranchPlan | SkipPlan | ErrorPlan;
