/** How commands that print records read keys and values: formats, and schemas. */
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, text } from '../../cli/options.ts';
import { onDecodeErrors } from '../../records/schemas/formats.ts';
import { maxBatchBytesOption } from '../batch-size.ts';
import { recordFormatOptions } from './formats.ts';

const file = { complete: 'file' } as const;

/** How keys and values are read. */
export const fieldOptions = {
  ...recordFormatOptions,
  avroSchema: option('--avro-schema <file>', 'Avro schema of values that name none', text, file),
  proto: option('--proto <file>', '.proto file of values that name no schema', text, file),
  protoPath: repeatable('--proto-path <directory>', 'where imports of .proto files are', text, file),
  descriptorSet: option('--descriptor-set <file>', 'compiled .proto files of values that name no schema', text, file),
  message: option('--message <name>', 'message of --proto or --descriptor-set', text, { defaultText: 'the first' }),
  jsonSchema: option('--json-schema <file>', 'JSON Schema of values that name none', text, file),
  keyAvroSchema: option('--key-avro-schema <file>', 'the same for keys', text, file),
  keyProto: option('--key-proto <file>', 'the same for keys', text, file),
  keyDescriptorSet: option('--key-descriptor-set <file>', 'the same for keys', text, file),
  keyMessage: option('--key-message <name>', 'the same for keys', text),
  keyJsonSchema: option('--key-json-schema <file>', 'the same for keys', text, file),
  readerSchema: option(
    '--reader-schema <schema>',
    'read Avro values with this reader schema: a file, or SUBJECT@VERSION',
    text,
  ),
  rawLogical: flag('--raw-logical', 'show the numbers and bytes of dates, times and decimals of Avro'),
  maxBatchBytes: maxBatchBytesOption,
  avroJson: flag('--avro-json', "show Avro as Confluent's console tools do: every union tagged, bytes as characters"),
};

/** Also what becomes of records that cannot be read. */
export const readingOptions = {
  ...fieldOptions,
  onDecodeError: option(
    '--on-decode-error <what>',
    'what happens to data that does not fit its schema',
    choice(onDecodeErrors),
    {
      defaultText: 'raw',
    },
  ),
};

export type ReadingOptions = OptionValues<typeof fieldOptions> & Partial<OptionValues<typeof readingOptions>>;
