/** Messages and enums with all names resolved: what readers and writers are compiled from. */
import type { ScalarType } from './source/declaration.ts';

export interface EnumType {
  readonly kind: 'enum';
  readonly fullName: string;
  /** Whether numbers without a name are unknown fields, as in proto2. */
  readonly isClosed: boolean;
  /** The first name of each number. */
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
  /** The number declared first: the default. */
  readonly first: number;
}

/** 64-bit integers are bigints beyond 2^53; an enum's is its number. */
export type Scalar = number | bigint | boolean | string | Buffer;

export interface Field {
  /** As declared; an extension's full name in brackets. */
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  readonly type: ScalarType | EnumType | Message;
  /** A map is a repeated message whose `isMapEntry` is set. */
  readonly isRepeated: boolean;
  readonly isPacked: boolean;
  /** Whether messages stand between group tags instead of behind a length. */
  readonly isDelimited: boolean;
  /** `implicit`: the default is the same as absence. */
  readonly presence: 'implicit' | 'explicit' | 'required';
  /** Index of its oneof in the message; undefined too for the one that a proto3 `optional` implies. */
  readonly oneof: number | undefined;
  /** What absence means. Of a message: nothing. */
  readonly defaultValue: Scalar | undefined;
  /** Whether JSON shows the default of an absent field: Java's JsonFormat also does it for what proto2 declares as `optional`. */
  readonly showsDefault: boolean;
}

export interface Message {
  readonly kind: 'message';
  readonly fullName: string;
  /** Extensions included, by number. */
  readonly fields: readonly Field[];
  readonly isMapEntry: boolean;
}

export function isMap({ type, isRepeated }: Field): boolean {
  return isRepeated && typeof type === 'object' && type.kind === 'message' && type.isMapEntry;
}
