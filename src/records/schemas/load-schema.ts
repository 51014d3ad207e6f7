/** A schema of a registry, or from a file → what reads data with it. The code of a format is loaded when it is first needed. */
import type { CompiledSchema, JsonStyle } from '../../schemas/compiled-schema.ts';
import type { ProtobufSchema, ResolveImport } from '../../schemas/protobuf/schema.ts';
import type { RegisteredSchema, SchemaReference, SchemaType } from '../../schemas/registry/schema.ts';
import { encodeMessageIndexes, firstMessage, type MessageChoice } from './framing/message-choice.ts';
import type { NamedSchema } from './framing/named-schema.ts';
import { type LoadedSchema, loadedMessages, loadedSchema, type SchemaOrigin } from './loaded-schema.ts';
import type { WritableSchema } from './writer.ts';

export interface LoadOptions {
  readonly style: JsonStyle;
  /** Avro's reader schema; undefined reads data as it was written. */
  readonly readerSchema: RegisteredSchema | undefined;
}

type Load = (schema: RegisteredSchema, schemaId: SchemaOrigin['schemaId'], options: LoadOptions) => Promise<LoadedSchema>;

const loaders: Readonly<Record<SchemaType, Load>> = {
  async AVRO(schema, schemaId, { style, readerSchema }) {
    const { compileAvro, parseAvro } = await import('../../schemas/avro/index.ts');
    const parsed = (each: RegisteredSchema) => parseAvro(each.text, { references: referredTexts(each) });
    const options = { reader: readerSchema && parsed(readerSchema), bareBytes: schemaId !== null };
    return loadedSchema('avro', schemaId, compileAvro(parsed(schema), style, options));
  },
  async PROTOBUF(schema, schemaId) {
    const protobuf = await registeredProtobuf(schema);
    return loadedMessages(schemaId, (choice) => messageOf(protobuf, choice), firstMessage);
  },
  JSON: async (schema, schemaId) => loadedSchema('json-schema', schemaId, await jsonSchema(schema, false)),
};

/**
 * @param named how data names the schema; undefined for one from a file
 * @throws Error that says what is wrong with the schema
 */
export function loadSchema(
  schema: RegisteredSchema,
  named: NamedSchema | undefined,
  options: LoadOptions,
): Promise<LoadedSchema> {
  const schemaId = named === undefined ? null : (schema.id ?? (named.kind === 'id' ? Number(named.id) : named.id));
  return loaders[schema.type](schema, schemaId, options);
}

const plainStyle: JsonStyle = { rawLogical: false, avroJson: false };

/**
 * Compiles a schema for writing.
 * @param message of a .proto file; undefined is its first
 * @param resolve reads what a .proto file imports beside its references
 * @param style how Avro is given as JSON
 * @throws Error that says what is wrong with the schema
 */
export async function loadWritable(
  schema: RegisteredSchema,
  message: string | undefined,
  resolve?: ResolveImport,
  style: JsonStyle = plainStyle,
): Promise<WritableSchema> {
  if (message !== undefined && schema.type !== 'PROTOBUF') throw new Error('only .proto files have several messages');
  const indexes = Buffer.alloc(0);
  switch (schema.type) {
    case 'AVRO': {
      const { compileAvro, parseAvro } = await import('../../schemas/avro/index.ts');
      const parsed = parseAvro(schema.text, { references: referredTexts(schema), checksDefaults: true });
      return { format: 'avro', compiled: compileAvro(parsed, style, { bareBytes: true }), indexes };
    }
    case 'JSON':
      return { format: 'json-schema', compiled: await jsonSchema(schema, true), indexes };
    case 'PROTOBUF': {
      const protobuf = await registeredProtobuf(schema, resolve);
      const compiled = protobuf.compile(message);
      const indexesOfMessage = protobuf.indexesOf(compiled.type);
      if (!indexesOfMessage) throw new Error(`it only imports ${compiled.type}`);
      return { format: 'protobuf', compiled, indexes: encodeMessageIndexes(indexesOfMessage) };
    }
  }
}

async function jsonSchema(schema: RegisteredSchema, writes: boolean): Promise<CompiledSchema> {
  const { compileJsonSchema } = await import('../../schemas/json-schema/compile.ts');
  const named = new Map(referredSchemas(schema).map(({ name, schema: { text } }) => [name, { name, text }]));
  return compileJsonSchema(schema.text, [...named.values()], writes);
}

async function registeredProtobuf(schema: RegisteredSchema, resolve?: ResolveImport): Promise<ProtobufSchema> {
  const { readProtobuf } = await import('../../schemas/protobuf/schema.ts');
  const imports = new Map(referredSchemas(schema).map(({ name, schema: { text } }) => [name, text]));
  return readProtobuf(schema.subject ?? 'the schema', schema.text, (name) => imports.get(name) ?? resolve?.(name));
}

/** A message that data names; undefined where the schema has none of that place or name. */
function messageOf(protobuf: ProtobufSchema, choice: MessageChoice): CompiledSchema | undefined {
  const name = typeof choice === 'string' ? protobuf.messageNamed(choice) : protobuf.messageAt(choice);
  return name === undefined ? undefined : protobuf.compile(name);
}

/** Messages of a .proto file, or of a descriptor set. */
export interface ProtobufFile {
  /** The path, for errors. */
  readonly name: string;
  readonly content: string | Buffer;
  /** Reads what it imports. */
  readonly resolve: ResolveImport;
  /** The message of data that does not say which; undefined is the first. */
  readonly message: string | undefined;
}

/** @throws KtError `usage` for what is no .proto file, and a message that it has not */
export async function loadProtobufFile({ name, content, resolve, message }: ProtobufFile): Promise<LoadedSchema> {
  const { readProtobuf, readProtobufDescriptorSet } = await import('../../schemas/protobuf/schema.ts');
  const protobuf =
    typeof content === 'string'
      ? await readProtobuf(name, content, resolve)
      : await readProtobufDescriptorSet(name, content, resolve);
  const { type } = protobuf.compile(message);
  // What is asked for counts, whatever the data says.
  return loadedMessages(null, (choice) => messageOf(protobuf, message === undefined ? choice : type), type);
}

/** The texts of all schemas that one needs, each once. */
function referredTexts(schema: RegisteredSchema): string[] {
  return [...new Set(referredSchemas(schema).map(({ schema: { text } }) => text))];
}

/** All that a schema refers to, directly or not. */
function referredSchemas({ references }: RegisteredSchema): readonly SchemaReference[] {
  return references.flatMap((reference) => [...referredSchemas(reference.schema), reference]);
}
