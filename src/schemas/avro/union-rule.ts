/**
 * When a value of a union is shown bare, and when as `{"branch": value}`:
 *
 * 1. Null is always bare.
 * 2. A branch is tagged if another one has the same kind of JSON: boolean, number, string, array or object.
 * 3. If any branch can be tagged, records and maps are tagged too, so that an object always is a tag there.
 * 4. NaN and the infinities, strings in JSON, are tagged if another branch is a string.
 *
 * Avro's own JSON tags all but null.
 */
import type { JsonStyle } from '../compiled-schema.ts';
import { type AvroType, type Logical, typeName, type UnionType } from './types.ts';

export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** The logical type that decides how a value is shown; none where the style wants what is under it. */
export function shownLogical(type: AvroType, style: JsonStyle): Logical | undefined {
  return 'logical' in type && !style.rawLogical && !style.avroJson ? type.logical : undefined;
}

/** What a type's values look like in JSON; a union's depend on the branch. NaN and the infinities are the exception. */
function kindOf(type: AvroType, style: JsonStyle): JsonKind {
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'array':
      return type.kind;
    case 'int':
    case 'long':
      return shownLogical(type, style) ? 'string' : 'number';
    case 'float':
    case 'double':
      return 'number';
    case 'record':
    case 'map':
      return 'object';
    default:
      return 'string';
  }
}

/** Whether a value of this kind of JSON may be written as the type, shown so or not: a time as a number, for example. */
export function takes(type: AvroType, kind: JsonKind, style: JsonStyle): boolean {
  if (type.kind === 'union') return kind === 'object' || type.branches.some((branch) => takes(branch, kind, style));
  if (kindOf(type, style) === kind) return true;
  if (type.kind === 'float' || type.kind === 'double') return kind === 'string';
  if (kind !== 'number') return false;
  const logical = shownLogical(type, style)?.name;
  return logical !== undefined && logical !== 'uuid' && logical !== 'duration';
}

export interface UnionRule {
  /** What each branch is called in a tag. */
  readonly names: readonly string[];
  readonly kinds: readonly JsonKind[];
  readonly isTagged: readonly boolean[];
  /** Whether NaN and the infinities of a branch are tagged though its other values are bare. */
  readonly tagsNaN: readonly boolean[];
  /** Whether every object in the place of a value is a tag. */
  readonly objectsAreTags: boolean;
}

export function unionRule({ branches }: UnionType, style: JsonStyle): UnionRule {
  const kinds = branches.map((branch) => kindOf(branch, style));
  const names = branches.map(typeName);
  const isAlone = (kind: JsonKind): boolean => kinds.indexOf(kind) === kinds.lastIndexOf(kind);
  const shared = kinds.map((kind) => kind !== 'null' && (style.avroJson || !isAlone(kind)));
  const tagsNaN = branches.map(
    (type, index) => (type.kind === 'float' || type.kind === 'double') && !shared[index] && kinds.includes('string'),
  );
  const hasTags = shared.includes(true) || tagsNaN.includes(true);
  const isTagged = kinds.map((kind, index) => shared[index]! || (kind === 'object' && hasTags));
  return { names, kinds, isTagged, tagsNaN, objectsAreTags: hasTags || !kinds.includes('object') };
}
