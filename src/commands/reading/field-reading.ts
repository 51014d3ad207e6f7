/** What the options on formats and schemas ask for together. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import type { SchemaFormat } from '../../records/schemas/loaded-schema.ts';
import { type RecordSchemas, type SchemaSerdeName, schemaSerdeNames } from '../../records/schemas/record-schemas.ts';
import type { Field } from '../../records/serde/serde.ts';
import type { SerdeName } from '../../records/serde/table.ts';
import type { ReadingOptions } from './options.ts';

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
  if (!isWanted(keyFormat) && !isWanted(valueFormat)) return { keyFormat, valueFormat, schemas: undefined };
  const registry = await context.registry();
  const fields: Partial<Record<Field, SchemaSerdeName>> = {};
  for (const [field, format] of [
    ['key', keyFormat],
    ['value', valueFormat],
  ] as const) {
    if (format === undefined) {
      if (registry && isWanted(format)) fields[field] = 'schema';
    } else if (isSchemaName(format)) fields[field] = format;
  }
  if (!fields.key && !fields.value) return { keyFormat, valueFormat, schemas: undefined };
  const { openSchemas } = await import('./open-schemas.ts');
  return { keyFormat, valueFormat, schemas: await openSchemas(context, registry, fields, files, options) };
}

/** Prints what could not be read and was not told yet. */
export function tellUnread({ warn }: Context, { schemas }: FieldReading): void {
  if (schemas?.summary) warn(schemas.summary);
}

function isSchemaName(format: SerdeName): format is SchemaSerdeName {
  return (schemaSerdeNames as readonly SerdeName[]).includes(format);
}

/** A schema that an option names. */
export interface SchemaFile {
  readonly format: SchemaFormat;
  readonly path: string;
  /** Whether it holds compiled descriptors instead of text. */
  readonly isDescriptorSet: boolean;
  /** The Protobuf message. */
  readonly message: string | undefined;
}

/** The file with the schema of one field. @throws KtError `usage` where several are given */
function schemaFile(field: Field, options: ReadingOptions): SchemaFile | undefined {
  const prefix = field === 'key' ? '--key-' : '--';
  const [avro, proto, descriptorSet, json, message] =
    field === 'key'
      ? [options.keyAvroSchema, options.keyProto, options.keyDescriptorSet, options.keyJsonSchema, options.keyMessage]
      : [options.avroSchema, options.proto, options.descriptorSet, options.jsonSchema, options.message];
  const kinds = [
    { word: 'avro-schema', path: avro, format: 'avro', isDescriptorSet: false },
    { word: 'proto', path: proto, format: 'protobuf', isDescriptorSet: false },
    { word: 'descriptor-set', path: descriptorSet, format: 'protobuf', isDescriptorSet: true },
    { word: 'json-schema', path: json, format: 'json-schema', isDescriptorSet: false },
  ] as const;
  const given = kinds.filter(({ path }) => path !== undefined);
  if (given.length > 1) {
    throw usageError(`${given.map(({ word }) => prefix + word).join(' and ')} (two schemas of ${field}s)`, 'give one of them');
  }
  const [found] = given;
  if (message !== undefined && found?.format !== 'protobuf') {
    throw usageError(`${prefix}message without a .proto file`, `name it: ${prefix}proto FILE, or ${prefix}descriptor-set FILE`);
  }
  const format = field === 'key' ? options.keyFormat : options.valueFormat;
  if (found && format !== undefined && format !== found.format && format !== 'schema') {
    throw usageError(`--${field}-format ${format} with ${prefix}${found.word}`, `leave one of them out`);
  }
  return found && { ...found, path: found.path!, message };
}
