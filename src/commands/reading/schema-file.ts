/** The file with the schema of keys, or of values. */
import { usageError } from '../../base/errors.ts';
import type { SchemaFormat } from '../../records/schemas/formats.ts';
import type { Field } from '../../records/serde/serde.ts';
import type { ReadingOptions } from './options.ts';

export interface SchemaFile {
  readonly format: SchemaFormat;
  readonly path: string;
  /** Whether it holds compiled descriptors instead of text. */
  readonly isDescriptorSet: boolean;
  /** The Protobuf message. */
  readonly message: string | undefined;
}

/** The file with the schema of one field. @throws KtError `usage` where several are given */
export function schemaFile(field: Field, options: ReadingOptions): SchemaFile | undefined {
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
