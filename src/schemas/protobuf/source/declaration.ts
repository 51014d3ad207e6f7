/** What a .proto file declares, names not yet resolved: the same whether it came as text or as a descriptor. */

export const scalarTypes = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;
export type ScalarType = (typeof scalarTypes)[number];

/** Features that change how data is written or shown, by their names in descriptor.proto; those not set are taken from around. */
export type FeatureName = 'field_presence' | 'enum_type' | 'repeated_field_encoding' | 'message_encoding';
export type Features = { readonly [name in FeatureName]?: string };
export type Edition = 'proto2' | 'proto3' | '2023' | '2024';

export interface FieldDeclaration {
  readonly name: string;
  readonly number: number;
  readonly label: 'optional' | 'required' | 'repeated';
  /** A scalar's keyword, or the name of a message or enum as it is written; a leading dot means a full name. */
  readonly type: string;
  readonly isGroup: boolean;
  readonly jsonName: string | undefined;
  /** Declared default: the literal's bytes for `string` and `bytes`, else the word or number as written. */
  readonly defaultValue: string | Buffer | undefined;
  readonly packed: boolean | undefined;
  /** Index into the message's oneofs. */
  readonly oneof: number | undefined;
  readonly isProto3Optional: boolean;
  /** The message that an extension extends, as written. */
  readonly extendee: string | undefined;
  readonly features: Features;
  /** Counted from 1; undefined in a descriptor. */
  readonly line: number | undefined;
}

export interface EnumDeclaration {
  readonly name: string;
  readonly values: readonly { readonly name: string; readonly number: number }[];
  readonly features: Features;
  readonly line: number | undefined;
}

export interface MessageDeclaration {
  readonly name: string;
  readonly fields: readonly FieldDeclaration[];
  readonly oneofs: readonly { readonly name: string; readonly features: Features }[];
  readonly messages: readonly MessageDeclaration[];
  readonly enums: readonly EnumDeclaration[];
  readonly extensions: readonly FieldDeclaration[];
  readonly isMapEntry: boolean;
  /** Whether the text has no `message` for it: the entry of a `map<…>`, or a group. A descriptor does not tell. */
  readonly isImplied: boolean;
  readonly features: Features;
  readonly line: number | undefined;
}

export interface FileDeclaration {
  readonly name: string;
  readonly form: 'text' | 'descriptor';
  readonly package: string;
  readonly edition: Edition;
  readonly imports: readonly string[];
  readonly messages: readonly MessageDeclaration[];
  readonly enums: readonly EnumDeclaration[];
  readonly extensions: readonly FieldDeclaration[];
  readonly features: Features;
}
