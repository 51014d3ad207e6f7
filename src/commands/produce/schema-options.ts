/** With which schemas keys and values are written, and where these are found. */
import { flag, type OptionValues, option } from '../../cli/define.ts';
import { choice, text } from '../../cli/options.ts';
import { framings } from '../../records/schemas/formats.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';
import { subjectStrategies } from './subject-strategy.ts';

export const schemaOptions = {
  valueSchema: option(
    '--value-schema <schema>',
    'write values, given as JSON, with this schema: SUBJECT[@VERSION], id:N or FILE; #MESSAGE behind it for Protobuf',
    text,
  ),
  keySchema: option('--key-schema <schema>', 'the same for keys', text),
  register: flag('--register', 'register the schemas of files'),
  subjectStrategy: option(
    '--subject-strategy <strategy>',
    'how the subject of a schema from a file is named',
    choice(subjectStrategies),
    {
      defaultText: 'topic',
    },
  ),
  framing: option('--framing <framing>', 'where the id of the schema stands in a record', choice(framings), {
    defaultText: 'v0: before the data',
  }),
};

/** How Avro is given as JSON. Where Avro is read too the options of reading say it, for both. */
export const avroStyleOptions = {
  rawLogical: flag(
    '--raw-logical',
    'Avro is given with the numbers and bytes under dates, times and decimals, as kt tail --raw-logical shows it',
  ),
  avroJson: flag(
    '--avro-json',
    "Avro is given as Confluent's console tools take it and kt tail --avro-json shows it: bytes as characters",
  ),
};

export type SchemaOptions = OptionValues<typeof schemaOptions & typeof avroStyleOptions>;

/** Where records with schemas go. */
export interface SchemaPlace {
  /** Undefined where each record says its topic. */
  readonly topic: string | undefined;
  readonly registry: () => Promise<SchemaRegistry | undefined>;
  /** Whether nothing is to be registered. */
  readonly dryRun: boolean;
}
