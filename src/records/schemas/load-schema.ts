/** A schema of a registry, or from a file → what reads data with it. The code of a format is loaded when it is first needed. */
import type { JsonStyle } from '../../schemas/compiled-schema.ts';
import type { RegisteredSchema, SchemaType } from '../../schemas/registry/schema.ts';
import type { NamedSchema } from './framing/named-schema.ts';
import { type LoadedSchema, loadedSchema, type SchemaOrigin } from './loaded-schema.ts';
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
  PROTOBUF: () => Promise.reject(new Error('pending')),
  async JSON({ text, references }, schemaId) {
    const { compileJsonSchema } = await import('../../schemas/json-schema/compile.ts');
    const referred = references.map(({ name, schema }) => ({ name, text: schema.text }));
    return loadedSchema('json-schema', schemaId, await compileJsonSchema(text, referred, false));
  },
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
 * @throws Error that says what is wrong with the schema
 */
export async function loadWritable(schema: RegisteredSchema, message: string | undefined): Promise<WritableSchema> {
  if (message !== undefined && schema.type !== 'PROTOBUF') throw new Error('only .proto files have several messages');
  const indexes = Buffer.alloc(0);
  switch (schema.type) {
    case 'AVRO': {
      const { compileAvro, parseAvro } = await import('../../schemas/avro/index.ts');
      const parsed = parseAvro(schema.text, { references: referredTexts(schema), checksDefaults: true });
      return { format: 'avro', compiled: compileAvro(parsed, plainStyle, { bareBytes: true }), indexes };
    }
    case 'JSON': {
      const { compileJsonSchema } = await import('../../schemas/json-schema/compile.ts');
      const referred = schema.references.map(({ name, schema: { text } }) => ({ name, text }));
      return { format: 'json-schema', compiled: await compileJsonSchema(schema.text, referred, true), indexes };
    }
    case 'PROTOBUF':
      throw new Error('pending');
  }
}

/** The texts of all schemas that one needs, each once. */
function referredTexts({ references }: RegisteredSchema): string[] {
  return [...new Set(references.flatMap(({ schema }) => [...referredTexts(schema), schema.text]))];
}
