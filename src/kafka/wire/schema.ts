/** Descriptors as the generator writes them, by name. */

/** A message of one kind in all its versions. Versions without end are 32767. */
export interface Schema {
  readonly min: number;
  readonly max: number;
  /** From this version on lengths are varints and structs carry tagged fields (KIP-482). */
  readonly flexible: number;
  readonly fields: readonly FieldSchema[];
}

export interface FieldSchema {
  readonly name: string;
  /** A primitive or `struct`, with `[]` in front of an array's. */
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly nullMin: number;
  readonly nullMax: number;
  /** Tagged from this version on; -1 never. */
  readonly tagMin: number;
  readonly tag: number;
  readonly default: string | null;
  /** Left out silently in versions that do not have it. */
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
