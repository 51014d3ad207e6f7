/** Schemas for reading: from the files that options name, and from the registry. */
import { KtError, usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import { type LoadOptions, loadProtobufFile, loadSchema } from '../../records/schemas/load-schema.ts';
import type { LoadedSchema } from '../../records/schemas/loaded-schema.ts';
import { lookUpWith } from '../../records/schemas/look-up.ts';
import { RecordSchemas, type RecordSchemasOptions } from '../../records/schemas/record-schemas.ts';
import type { Field } from '../../records/serde/serde.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';
import { namedBytes, namedText } from '../named-text.ts';
import { importsIn } from './imports.ts';
import { findSchema, schemaName } from './named-schema.ts';
import type { ReadingOptions } from './options.ts';
import type { SchemaFile } from './schema-file.ts';

const types = { avro: 'AVRO', protobuf: 'PROTOBUF', 'json-schema': 'JSON' } as const;

/** @throws KtError `usage` for files that cannot be read, and for schemas that are wrong */
export async function openSchemas(
  context: Context,
  registry: SchemaRegistry | undefined,
  fields: RecordSchemasOptions['fields'],
  files: Readonly<Record<Field, SchemaFile | undefined>>,
  { rawLogical, avroJson, protoPath, readerSchema: reader, maxBatchBytes, onDecodeError = 'raw' }: ReadingOptions,
): Promise<RecordSchemas> {
  const { note } = context;
  const readerSchema =
    reader === undefined
      ? undefined
      : await findSchema(context, registry, '--reader-schema', schemaName('--reader-schema', reader));
  const options: LoadOptions = { style: { rawLogical, avroJson }, readerSchema };
  const given: Partial<Record<Field, LoadedSchema>> = {};
  for (const field of ['key', 'value'] as const) {
    const file = files[field];
    if (file) given[field] = await loadFile(context, file, protoPath, options);
  }
  const lookUp = registry && lookUpWith({ source: registry.source, note, ...options });
  return new RecordSchemas({ fields, lookUp, given, onDecodeError, maxBatchBytes, note });
}

async function loadFile(
  context: Context,
  { path, format, message, isDescriptorSet }: SchemaFile,
  protoPath: readonly string[],
  options: LoadOptions,
): Promise<LoadedSchema> {
  const content = isDescriptorSet ? await namedBytes(context, path) : await namedText(context, path);
  try {
    if (format === 'protobuf') {
      return await loadProtobufFile({ name: path, content, resolve: importsIn(context, path, protoPath), message });
    }
    return await loadSchema({ type: types[format], text: content.toString(), references: [] }, undefined, options);
  } catch (error) {
    // Messages about .proto files begin with the name of the file that is meant, which may be an imported one.
    if (error instanceof KtError) throw format === 'avro' ? usageError(`${path}: ${error.message}`, error.hint) : error;
    throw usageError(`${path} is no schema that kt can read (${(error as Error).message})`, 'check the file');
  }
}
