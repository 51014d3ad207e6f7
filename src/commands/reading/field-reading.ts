/** What the options on formats and schemas ask for together. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import { type SchemaSerdeName, schemaSerdeNames } from '../../records/schemas/formats.ts';
import type { RecordSchemas } from '../../records/schemas/record-schemas.ts';
import type { Field } from '../../records/serde/serde.ts';
import type { SerdeName } from '../../records/serde/table.ts';
import type { ReadingOptions } from './options.ts';
import { schemaFile } from './schema-file.ts';

/** What shows records, in which style. */
interface Reading {
  /** Whether the style shows what data means, not its bytes. */
  readonly showsMeaning: boolean;
  /** Whether a filter looks into keys and values. */
  readonly looksInside: boolean;
}

/** The fields' formats and what reads them with schemas: for filters and sinks alike. */
export interface FieldReading {
  readonly keyFormat: SerdeName | undefined;
  readonly valueFormat: SerdeName | undefined;
  /** Undefined where no field is read with a schema. */
  readonly schemas: RecordSchemas | undefined;
}

/**
 * Reads the files that are named, and finds the registry.
 * @throws KtError `usage` for options that contradict each other, files that cannot be read and schemas that are wrong
 */
export async function fieldReading(context: Context, options: ReadingOptions, reading: Reading): Promise<FieldReading> {
  const files = { key: schemaFile('key', options), value: schemaFile('value', options) };
  const keyFormat = options.keyFormat ?? files.key?.format;
  const valueFormat = options.valueFormat ?? files.value?.format;
  const isWanted = (format: SerdeName | undefined) =>
    format === undefined ? reading.showsMeaning || reading.looksInside : isSchemaName(format);
  if (!isWanted(keyFormat) && !isWanted(valueFormat)) return withoutSchemas(keyFormat, valueFormat, options);
  const registry = await context.registry();
  const fields: Partial<Record<Field, SchemaSerdeName>> = {};
  for (const [field, format] of [
    ['key', keyFormat],
    ['value', valueFormat],
  ] as const) {
    if (format === undefined) {
      if (registry && isWanted(format)) fields[field] = 'schema';
    } else if (isSchemaName(format)) {
      if (!registry && !files[field]) throw schemaless(field, format);
      fields[field] = format;
    }
  }
  if (!fields.key && !fields.value) return withoutSchemas(keyFormat, valueFormat, options);
  const { openSchemas } = await import('./open-schemas.ts');
  return { keyFormat, valueFormat, schemas: await openSchemas(context, registry, fields, files, options) };
}

/** @throws KtError `usage` for options that say how data with a schema is read */
function withoutSchemas(
  keyFormat: SerdeName | undefined,
  valueFormat: SerdeName | undefined,
  { readerSchema, rawLogical, avroJson, onDecodeError }: ReadingOptions,
): FieldReading {
  const options = {
    '--reader-schema': readerSchema !== undefined,
    '--raw-logical': rawLogical,
    '--avro-json': avroJson,
    '--on-decode-error': onDecodeError !== undefined,
  };
  const [idle] = Object.entries(options).find(([, isGiven]) => isGiven) ?? [];
  if (idle === undefined) return { keyFormat, valueFormat, schemas: undefined };
  throw usageError(
    `${idle} (nothing is read with a schema)`,
    '--value-format avro reads values with the schemas of --registry; --avro-schema FILE with the one of a file',
  );
}

function schemaless(field: Field, format: SchemaSerdeName) {
  return usageError(
    `--${field}-format ${format} (nothing says the schemas)`,
    `--registry URL, or KT_REGISTRY, says where they are; --${field === 'key' ? 'key-' : ''}avro-schema FILE and the like name one`,
  );
}

/** Prints what could not be read and was not told yet. */
export function tellUnread({ warn }: Context, { schemas }: FieldReading): void {
  if (schemas?.summary) warn(schemas.summary);
}

function isSchemaName(format: SerdeName): format is SchemaSerdeName {
  return (schemaSerdeNames as readonly SerdeName[]).includes(format);
}
