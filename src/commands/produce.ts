/** `kt produce`: lines, JSON or messages from the command line to a topic. */
import { usageError } from '../base/errors.ts';
import { argument } from '../cli/define.ts';
import type { LinesShape } from '../cli/shape.ts';
import { command } from '../context.ts';
import { DeadLetter } from '../records/produce/dead-letter.ts';
import { loadInput } from '../records/produce/load.ts';
import type { Delivery } from '../records/produce/reports.ts';
import { serdeMeanings, writableSerdeNames } from '../records/serde/table.ts';
import { inputOf } from './produce/input.ts';
import { LoadAccount, loadOf } from './produce/load.ts';
import { type ProduceOptions, produceOptions } from './produce/options.ts';
import { deliveries, nothing, rehearsal } from './produce/outcome.ts';
import { requestOf } from './produce/request.ts';
import { refuseSchemaless, schemaWriters } from './produce/schemas.ts';
import { selectionsOf } from './selections.ts';

const shows: LinesShape<Delivery> = {
  kind: 'lines',
  text: ({ topic, partition, offset }) => `Delivered to ${topic} [${partition}]${offset < 0n ? '' : ` at offset ${offset}`}`,
  json: (delivery) => delivery,
  fields: {
    line: 'line of the input, from 1; with -m the number of the message',
    topic: 'topic written to',
    partition: 'partition written to',
    offset: 'offset of the record; -1 if the broker does not report it (--acks 0)',
  },
};

export const produce = command({
  name: 'produce',
  summary: 'Write records to a topic',
  description: [
    'Reads records from stdin, one per line, to its end. By default writing is idempotent with acks from all in-sync replicas: a batch that is sent again after an error is stored once, in order.',
    'Lines that were not acknowledged are listed on stderr, and the exit code is 3. A line that cannot be read ends the input: everything before it is written, and the exit code is 2.',
    'With --dead-letter the records that were not acknowledged are saved as JSON lines, also after Ctrl-C or a lost connection, including those that may have been written. The file is created only if there are any.',
    'With --transactional-id all of the input is one transaction: it is committed when every record was acknowledged, and aborted when a line cannot be read, a record is refused or you press Ctrl-C; readers of committed records see all of it or nothing. A producer that starts with the same id takes over: it aborts the open transaction of the other, which can then write nothing more.',
    'For load tests, --count generates records. Templates are text with generators: {{seq}} counts from 1, {{time}} is now in epoch milliseconds, {{iso}} in ISO 8601, {{uuid}} a random UUID, {{choice a|b|c}} one of the texts, {{int 1 100}} a whole number from 1 to 100, {{text 40}} forty random letters; \\{{ stands for two braces. Latency is reported as percentiles of all records, from when the first record of a batch was made to its acknowledgement.',
    'With -i json each line is an object as kt tail -o json writes it: key, value, headers, timestamp; null is null, and keyEncoding and valueEncoding say how the field is encoded. Lines of kcat -J are taken too.',
    `--key-format and --value-format encode the text of keys and values, of lines, messages and -k alike: ${serdeMeanings(writableSerdeNames)}. Text that does not fit is refused, never rounded. Null markers and tombstones stay null. With -i json they apply to lines without keyEncoding or valueEncoding.`,
  ].join('\n\n'),
  args: { topic: argument('topic', 'topic to write to; orders:3 for one partition', { complete: 'topic' }) },
  options: produceOptions,
  shows,
  examples: [
    { line: 'kt produce orders --file orders.txt', does: 'one record per line of a file' },
    { line: 'kt produce orders -K : --compression snappy', does: 'lines of key:value' },
    { line: 'kt produce orders -k order-1 -m \'{"total":12}\' --report', does: 'one record, and where it was written' },
    { line: 'kt produce orders -i json', does: 'what kt tail -o json wrote' },
    { line: 'kt produce readings -K : --key-format int64 --value-format cbor', does: 'lines such as 7:{"celsius":21.5}' },
    { line: 'kt produce orders -k order-1 --tombstone', does: 'delete a key of a compacted topic' },
    {
      line: 'kt produce orders --file orders.txt --dead-letter failed.jsonl',
      does: 'save what could not be written, to write it later with -i json',
    },
    { line: 'kt produce orders --file orders.txt --transactional-id loader-1', does: 'the whole file, or nothing' },
    {
      line: `kt produce orders --count 10000 --rate 500/s --key-template 'user-{{int 1 50}}' --value-template '{"id":"{{uuid}}","total":{{int 1 900}}}'`,
      does: 'a load test of 20 seconds, with throughput and latency',
    },
  ],
  async run(context, { topic: given }, { partition, keyEncoding, valueEncoding, ...others }) {
    const [selection] = selectionsOf([given], partition === undefined ? [] : [partition]);
    const { topic, partitions = [] } = selection!;
    if (partitions.length > 1) throw usageError(`${given} (several partitions)`, 'a record goes to one: name it, or none');
    const options = {
      ...others,
      partition: partitions[0],
      keyFormat: formatOf('key', others.keyFormat, keyEncoding),
      valueFormat: formatOf('value', others.valueFormat, valueEncoding),
    };
    const load = loadOf(options);
    refuseTwoFormats(options);
    refuseSchemaless(options, [options.rawLogical && '--raw-logical', options.avroJson && '--avro-json']);
    const place = { topic, registry: context.registry, dryRun: options.dryRun };
    const schemas = await schemaWriters(context, place, options);
    const request = await requestOf(topic, options, load, schemas, context.note);
    const input = load ? loadInput(load) : inputOf(context, options, request.lines);
    if (options.dryRun) {
      await rehearsal(context, request, input);
      return nothing();
    }
    const deadLetter = options.deadLetter === undefined ? undefined : new DeadLetter(options.deadLetter);
    return deliveries(context, request, input, options.report, deadLetter, load && new LoadAccount(context, load));
  },
});

/** An encoding is a format by another name. @throws KtError `usage` for both */
function formatOf<F>(field: string, format: F | undefined, encoding: F | undefined): F | undefined {
  if (format !== undefined && encoding !== undefined)
    throw usageError(`--${field}-encoding and --${field}-format (both say how the ${field} is written)`, 'give one of them');
  return format ?? encoding;
}

/** @throws KtError `usage` for a schema and a format of the same field */
function refuseTwoFormats({ keySchema, keyFormat, valueSchema, valueFormat }: ProduceOptions): void {
  for (const [field, schema, format] of [
    ['key', keySchema, keyFormat],
    ['value', valueSchema, valueFormat],
  ] as const) {
    if (schema !== undefined && format !== undefined)
      throw usageError(`--${field}-schema and --${field}-format (two ways to write a ${field})`, 'give one of them');
  }
}
