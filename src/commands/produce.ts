/** `kt produce`: lines, JSON or messages from the command line to a topic. */

import { argument, flag, option, repeatable } from '../cli/define.ts';
import { choice, delimiter, keyValue, positiveNumber, rate, text, time, wholeNumber } from '../cli/options.ts';
import type { LinesShape } from '../cli/shape.ts';
import { command } from '../context.ts';
import { compressionNames } from '../kafka/compression/index.ts';
import { DeadLetter } from '../records/produce/dead-letter.ts';
import { loadInput } from '../records/produce/load.ts';
import type { Delivery } from '../records/produce/reports.ts';
import { compileTemplate } from '../records/produce/template.ts';
import { inputOf } from './produce/input.ts';
import { defaultValueTemplate, LoadAccount, loadOf } from './produce/load.ts';
import { deliveries, nothing, rehearsal } from './produce/outcome.ts';
import { acks, inputs, partitioners, requestOf } from './produce/request.ts';

const shows: LinesShape<Delivery> = {
  kind: 'lines',
  text: ({ topic, partition, offset }) => `Delivered to ${topic} [${partition}]${offset < 0n ? '' : ` at offset ${offset}`}`,
  json: (delivery) => delivery,
  fields: {
    line: 'line of the input, from 1; with -m the number of the message',
    topic: 'topic written to',
    partition: 'partition written to',
    offset: 'offset of the record; -1 when the broker was not asked (--acks 0)',
  },
};

export const produce = command({
  name: 'produce',
  summary: 'Write records to a topic',
  description: [
    'Reads records from stdin, one per line, until its end. Writing is idempotent with acks from all in-sync replicas unless told otherwise: what is sent again after a fault is stored once, in order.',
    'A line that was not acknowledged is named on stderr, and the exit code is 3. A line that cannot be read ends the input there: what stands before it is written, the exit code is 2.',
    'With --dead-letter the records that were not acknowledged are kept as JSON lines, also after Ctrl-C or a lost connection; those that may have been written are among them. The file is created only when there are any.',
    'With --transactional-id all of the input is one transaction: committed when every record was acknowledged, aborted when a line cannot be read, a record is refused or Ctrl-C comes; readers of committed records see all of it or nothing. Whoever starts with the same id takes over: it aborts what the other left open, and the other can write no more.',
    'For trials, --count makes records up. Templates are text with generators: {{seq}} counts from 1, {{time}} is now in epoch milliseconds, {{iso}} in ISO 8601, {{uuid}} a random UUID, {{choice a|b|c}} one of the texts, {{int 1 100}} a whole number from 1 to 100, {{text 40}} forty random letters; \\{{ stands for two braces. Latency is told as percentiles of all records, from when the first record of a batch was made to its acknowledgement.',
    'With -i json each line is an object as kt tail -o json writes it: key, value, headers, timestamp; null is null, *Encoding says how bytes are written.',
  ].join('\n\n'),
  args: { topic: argument('topic', 'topic to write to', { complete: 'topic' }) },
  options: {
    message: repeatable('-m, --message <value>', 'a record with this value, instead of reading stdin', String),
    key: option('-k, --key <key>', 'key of every record', String),
    keySeparator: option('-K, --key-separator <text>', 'each line is a key, this separator and a value', delimiter),
    header: repeatable('-H, --header <name=value>', 'a header of every record', (pair) => keyValue(pair, 'trace-id=42')),
    file: option('--file <file>', 'read from a file instead of stdin', text, { complete: 'file' }),
    input: option('-i, --input <format>', 'what the input holds', choice(inputs), { choices: inputs, defaultText: 'lines' }),
    recordSeparator: option('--record-separator <text>', 'what stands between records', delimiter, {
      defaultText: 'a newline',
    }),
    nullMarker: option('-Z, --null-marker <text>', 'a key or value of exactly this text is null', String),
    tombstone: flag('--tombstone', 'write one record with a null value; needs --key'),
    partition: option('--partition <partition>', 'partition of every record', wholeNumber),
    allowTopic: flag('--allow-topic', 'write each record of JSON input to the topic that it names'),
    partitionFromInput: flag('--partition-from-input', 'take the partition from JSON input'),
    timestamp: option('--timestamp <time>', 'timestamp of every record', time, { defaultText: 'now' }),
    partitioner: option('--partitioner <name>', 'how keys find their partition', choice(partitioners), {
      choices: partitioners,
      defaultText: 'java',
    }),
    acks: option('--acks <acks>', 'who must have a record before it counts as written', choice(acks), {
      choices: acks,
      defaultText: 'all',
    }),
    compression: option('--compression <codec>', 'how batches are compressed', choice(compressionNames), {
      choices: compressionNames,
      defaultText: 'none',
    }),
    retries: option('--retries <count>', 'how often a batch is sent again', wholeNumber, { defaultText: 'for 30s' }),
    transactionalId: option('--transactional-id <id>', 'write all of the input in one transaction, or nothing', text),
    transactionSize: option('--transaction-size <count>', 'commit after each so many records', positiveNumber, {
      defaultText: 'all of the input',
    }),
    deadLetter: option('--dead-letter <file>', 'keep the records that were not written in this new file', text, {
      complete: 'file',
    }),
    count: option(
      '--count <count>',
      'make up so many records instead of reading stdin, and tell throughput and latency',
      positiveNumber,
    ),
    valueTemplate: option('--value-template <text>', 'what made up records hold, with generators', compileTemplate, {
      defaultText: defaultValueTemplate,
    }),
    keyTemplate: option('--key-template <text>', 'their keys', compileTemplate, { defaultText: 'no key' }),
    rate: option('--rate <rate>', 'write this many records per second or minute, evenly: 100/s, 30/m', rate, {
      defaultText: 'as fast as it goes',
    }),
    dryRun: flag('--dry-run', 'read and check all of the input, say what would be written, and send nothing'),
    report: flag('--report', 'print where each record was written'),
  },
  shows,
  examples: [
    { line: 'kt produce orders --file orders.txt', does: 'one record per line of a file' },
    { line: 'kt produce orders -K : --compression snappy', does: 'lines of key:value' },
    { line: 'kt produce orders -k order-1 -m \'{"total":12}\' --report', does: 'one record, and where it was written' },
    { line: 'kt produce orders -i json', does: 'what kt tail -o json wrote' },
    { line: 'kt produce orders -k order-1 --tombstone', does: 'delete a key of a compacted topic' },
    {
      line: 'kt produce orders --file orders.txt --dead-letter failed.jsonl',
      does: 'keeps what could not be written, to be written later with -i json',
    },
    { line: 'kt produce orders --file orders.txt --transactional-id loader-1', does: 'all of the file, or nothing of it' },
    {
      line: `kt produce orders --count 10000 --rate 500/s --key-template 'user-{{int 1 50}}' --value-template '{"id":"{{uuid}}","total":{{int 1 900}}}'`,
      does: 'a trial load of 20 seconds, with throughput and latency',
    },
  ],
  async run(context, { topic }, options) {
    const load = loadOf(options);
    const request = requestOf(topic, options, load);
    const input = load ? loadInput(load) : inputOf(context, options);
    if (options.dryRun) {
      await rehearsal(context, request, input);
      return nothing();
    }
    const deadLetter = options.deadLetter === undefined ? undefined : new DeadLetter(options.deadLetter);
    return deliveries(context, request, input, options.report, deadLetter, load && new LoadAccount(context, load));
  },
});
