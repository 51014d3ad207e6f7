/** A schema as a registry has it, with everything that it refers to. */

export const schemaTypes = ['AVRO', 'PROTOBUF', 'JSON'] as const;
export type SchemaType = (typeof schemaTypes)[number];

/** A name in a schema, and the version of a subject that it stands for. */
export interface ReferenceName {
  /** As the schema says it: a full name in Avro, an import in Protobuf, a URL in JSON Schema. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface SchemaReference extends ReferenceName {
  readonly schema: RegisteredSchema;
}

interface SchemaFacts {
  /** Unknown only for a GUID that no context has an id for. */
  readonly id?: number | undefined;
  /** Where the registry has GUIDs (Confluent 8). */
  readonly guid?: string | undefined;
  readonly subject?: string | undefined;
  readonly version?: number | undefined;
  readonly type: SchemaType;
  /** As registered. Protobuf may be .proto text, or base64 of a FileDescriptorProto. */
  readonly text: string;
}

/** A schema as one answer of the registry gives it. */
export interface PlainSchema extends SchemaFacts {
  readonly references: readonly ReferenceName[];
}

/** A schema that is not in the registry yet, perhaps. */
export type DraftSchema = Pick<PlainSchema, 'type' | 'text' | 'references'>;

/** A schema whose references are resolved, theirs too. */
export interface RegisteredSchema extends SchemaFacts {
  readonly references: readonly SchemaReference[];
}

/** `subject@version`, as people write it. */
export function versionText({ subject, version }: { readonly subject: string; readonly version: number | string }): string {
  return `${subject}@${version}`;
}
