/** An Avro schema as a tree. Named types may occur in it many times, also inside themselves: they are the same object then. */
import type { ExactJson } from '../../base/json/exact-json.ts';

export type PrimitiveKind = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

export const primitiveKinds: readonly PrimitiveKind[] = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
];

/** What is counted since an epoch, and in which unit: 10^-digits seconds. */
interface TimeLogical {
  readonly name: 'time' | 'timestamp' | 'local-timestamp';
  readonly digits: 3 | 6 | 9;
}

export interface DecimalLogical {
  readonly name: 'decimal';
  readonly precision: number;
  readonly scale: number;
}

/** A logical type that fits the type it is on; others are ignored, as the specification says. */
export type Logical =
  | TimeLogical
  | DecimalLogical
  | { readonly name: 'date' }
  | { readonly name: 'uuid' }
  | { readonly name: 'duration' }
  | { readonly name: 'big-decimal' };

/** Its name in schemas: `timestamp-millis`. */
export function logicalTypeName(logical: Logical): string {
  return 'digits' in logical ? `${logical.name}-${{ 3: 'millis', 6: 'micros', 9: 'nanos' }[logical.digits]}` : logical.name;
}

export interface PrimitiveType {
  readonly kind: PrimitiveKind;
  readonly logical: Logical | undefined;
}

interface NamedType {
  /** Namespace and name: `shop.Order`. */
  readonly name: string;
  /** Full names. */
  readonly aliases: readonly string[];
  readonly doc: string | undefined;
}

export interface FixedType extends NamedType {
  readonly kind: 'fixed';
  /** Bytes. */
  readonly size: number;
  readonly logical: Logical | undefined;
}

export interface EnumType extends NamedType {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  /** The symbol that a reader takes for one it does not know. */
  readonly default: string | undefined;
}

export interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly doc: string | undefined;
  readonly type: AvroType;
  /** As the schema writes it; undefined without one. */
  readonly default: ExactJson | undefined;
  readonly order: string;
}

export interface RecordType extends NamedType {
  readonly kind: 'record';
  readonly fields: readonly Field[];
}

export interface ArrayType {
  readonly kind: 'array';
  readonly items: AvroType;
}

export interface MapType {
  readonly kind: 'map';
  readonly values: AvroType;
}

export interface UnionType {
  readonly kind: 'union';
  readonly branches: readonly AvroType[];
}

export type AvroType = PrimitiveType | FixedType | EnumType | RecordType | ArrayType | MapType | UnionType;

/** What a branch of a union is called in JSON, and a type in errors: the full name, or the word for the kind. */
export function typeName(type: AvroType): string {
  return 'name' in type ? type.name : type.kind;
}

/** A name without its namespace. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
