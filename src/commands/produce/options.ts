/** The options of `kt produce`. */
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, delimiter, keyValue, positiveNumber, text, time, wholeNumber } from '../../cli/options.ts';
import { compileTemplate } from '../../records/produce/template.ts';
import { writableSerdeNames } from '../../records/serde/table.ts';
import { deliveryOptions, rateOption } from './delivery.ts';
import { avroStyleOptions, schemaOptions } from './schema-options.ts';

const encodings = ['hex', 'base64'] as const;
const inputs = ['lines', 'json', 'raw'] as const;
const partitioners = ['java', 'librdkafka', 'round-robin'] as const;
export const defaultValueTemplate = '{"seq":{{seq}},"time":{{time}},"user":"user-{{int 1 1000}}","text":"{{text 40}}"}';
const formats = { defaultText: 'string: the bytes as they are' };

export const produceOptions = {
  message: repeatable('-m, --message <value>', 'a record with this value, instead of reading stdin', String),
  key: option('-k, --key <key>', 'key of every record', String),
  keySeparator: option('-K, --key-separator <text>', 'each line is a key, this separator and a value', delimiter),
  header: repeatable('-H, --header <name=value>', 'a header of every record', (pair) => keyValue(pair, 'trace-id=42')),
  file: option('--file <file>', 'read from a file instead of stdin', text, { complete: 'file' }),
  input: option('-i, --input <format>', 'what the input holds', choice(inputs), { defaultText: 'lines' }),
  keyFormat: option('--key-format <format>', 'how the text of keys is encoded', choice(writableSerdeNames), formats),
  valueFormat: option('--value-format <format>', 'how the text of values is encoded', choice(writableSerdeNames), formats),
  keyEncoding: option(
    '--key-encoding <encoding>',
    'how the bytes of keys are written: the same as --key-format hex or base64',
    choice(encodings),
  ),
  valueEncoding: option('--value-encoding <encoding>', 'the same for values', choice(encodings)),
  ...schemaOptions,
  ...avroStyleOptions,
  recordSeparator: option('--record-separator <text>', 'what separates records', delimiter, {
    defaultText: 'a newline',
  }),
  nullMarker: option('-Z, --null-marker <text>', 'a key or value that is exactly this text is null', String),
  tombstone: flag('--tombstone', 'write one record with a null value; needs --key'),
  partition: option('--partition <partition>', 'partition of every record', wholeNumber),
  allowTopic: flag('--allow-topic', 'write each record of JSON input to the topic that it names'),
  partitionFromInput: flag('--partition-from-input', 'take the partition from JSON input'),
  timestamp: option('--timestamp <time>', 'timestamp of every record', time, { defaultText: 'now' }),
  partitioner: option('--partitioner <name>', 'how keys are mapped to partitions', choice(partitioners), {
    defaultText: 'java',
  }),
  acks: deliveryOptions.acks,
  compression: deliveryOptions.compression,
  retries: option('--retries <count>', 'how many times a batch is sent again', wholeNumber, {
    defaultText: 'until --delivery-timeout',
  }),
  deliveryTimeout: deliveryOptions.deliveryTimeout,
  transactionalId: option('--transactional-id <id>', 'write all of the input in one transaction, or nothing', text),
  transactionSize: option('--transaction-size <count>', 'commit after this many records', positiveNumber, {
    defaultText: 'all of the input',
  }),
  deadLetter: option('--dead-letter <file>', 'save records that were not written to this new file', text, {
    complete: 'file',
  }),
  count: option(
    '--count <count>',
    'generate this many records instead of reading stdin; reports throughput and latency',
    positiveNumber,
  ),
  valueTemplate: option('--value-template <text>', 'value of generated records, with generators', compileTemplate, {
    defaultText: defaultValueTemplate,
  }),
  keyTemplate: option('--key-template <text>', 'key of generated records', compileTemplate, { defaultText: 'no key' }),
  rate: rateOption,
  dryRun: flag('--dry-run', 'read and check all of the input and report what would be written, but send nothing'),
  report: flag('--report', 'print where each record was written'),
};

export type ProduceOptions = Omit<OptionValues<typeof produceOptions>, 'keyEncoding' | 'valueEncoding'>;
