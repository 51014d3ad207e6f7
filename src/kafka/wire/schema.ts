/** Message schemas, read from the descriptors that the generator writes. */

/** A message in all its versions. An open end is version 32767. */
export interface Schema {
  readonly min: number;
  readonly max: number;
  /** From this version on, lengths are varints and structs may have tagged fields (KIP-482). */
  readonly flexible: number;
  readonly fields: readonly FieldSchema[];
}

export interface FieldSchema {
  readonly name: string;
  /** A primitive or `struct`; for an array that of its elements, with `[]` before it. */
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly nullMin: number;
  readonly nullMax: number;
  /** Tagged from this version on; -1 never. */
  readonly tagMin: number;
  readonly tag: number;
  readonly default: string | null;
  /** Silently left out in versions that lack it. */
  readonly ignorable: boolean;
  readonly fields: readonly FieldSchema[];
}

type FieldRow = readonly [string, string, number, number, number, number, number, number, string | null, 0 | 1, FieldRow[]?];

/** Reads one descriptor's text. */
export function parseSchema(text: string): Schema {
  const [min, max, flexible, rows] = JSON.parse(text) as [number, number, number, FieldRow[]];
  return { min, max, flexible, fields: rows.map(field) };
}

function field([name, type, min, max, nullMin, nullMax, tagMin, tag, defaultText, ignorable, rows]: FieldRow): FieldSchema {
  const fields = rows?.map(field) ?? [];
  return { name, type, min, max, nullMin, nullMax, tagMin, tag, default: defaultText, ignorable: ignorable === 1, fields };
}

export function isArray({ type }: FieldSchema): boolean {
  return type.startsWith('[]');
}

export function has(field: FieldSchema, version: number): boolean {
  return version >= field.min && version <= field.max;
}

export function isNullable(field: FieldSchema, version: number): boolean {
  return version >= field.nullMin && version <= field.nullMax;
}

export function isTagged(field: FieldSchema, version: number): boolean {
  return field.tagMin >= 0 && version >= field.tagMin;
}

/** The fewest bytes that a struct can have, its tag section included. */
function leastBytesOfStruct(fields: readonly FieldSchema[], version: number, flexible: boolean): number {
  let least = flexible ? 1 : 0;
  for (const field of fields)
    if (has(field, version) && !isTagged(field, version)) least += leastBytes(field, version, flexible);
  return least;
}

function leastBytes(field: FieldSchema, version: number, flexible: boolean): number {
  if (isArray(field)) return flexible ? 1 : 4;
  if (field.type === 'struct' && isNullable(field, version)) return 1;
  return leastBytesOfValue(field.type, field, version, flexible);
}

/** The fewest bytes of one value of `type`: the field's own type, or that of its array's elements. */
export function leastBytesOfValue(type: string, field: FieldSchema, version: number, flexible: boolean): number {
  if (type === 'struct') return leastBytesOfStruct(field.fields, version, flexible);
  if (type === 'string') return flexible ? 1 : 2;
  if (type === 'bytes' || type === 'records') return flexible ? 1 : 4;
  return widths[type]!;
}

const widths: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
};

/** What a field holds when it is not given: its default, or the type's zero. */
export function defaultOf(field: FieldSchema, version: number): unknown {
  const { type, default: text } = field;
  if (text === 'null') return null;
  if (isArray(field)) return [];
  switch (type) {
    case 'string':
      return text ?? '';
    case 'bool':
      return text === 'true';
    case 'int64':
      return BigInt(text ?? 0);
    case 'uuid':
      return 'AAAAAAAAAAAAAAAAAAAAAA';
    case 'bytes':
      return Buffer.alloc(0);
    case 'records':
      return isNullable(field, version) ? null : Buffer.alloc(0);
    case 'struct': {
      const value: Record<string, unknown> = {};
      for (const inner of field.fields) value[inner.name] = defaultOf(inner, version);
      return value;
    }
    default:
      return Number(text ?? 0);
  }
}

/** Whether a value equals a default; handles only what a default can be: primitives, empty arrays and structs of these. */
export function same(value: unknown, fallback: unknown): boolean {
  if (value === fallback) return true;
  if (Array.isArray(value) || Buffer.isBuffer(value))
    return value.length === 0 && (Array.isArray(fallback) || Buffer.isBuffer(fallback));
  if (typeof value !== 'object' || value === null || typeof fallback !== 'object' || fallback === null) return false;
  return Object.entries(value).every(
    ([name, inner]) => inner === undefined || same(inner, (fallback as Readonly<Record<string, unknown>>)[name]),
  );
}
