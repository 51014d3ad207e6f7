/** `kt tail`: records as they come, or up to an end. */
import { usageError } from '../base/errors.ts';
import { variadicArgument } from '../cli/define.ts';
import type { RecordsShape } from '../cli/shape.ts';
import { type Context, command } from '../context.ts';
import type { RecordFormat } from '../kafka/batch/record.ts';
import { RecordFilter } from '../records/filter.ts';
import { RecordSource } from '../records/source/record-source.ts';
import type { ReadEvents, ReadRequest } from '../records/source/request.ts';
import { refuseContradictions } from './tail/checks.ts';
import { type TailOptions, tailOptions } from './tail/options.ts';

const shows: RecordsShape = {
  kind: 'records',
  fields: {
    topic: 'topic of the record',
    partition: 'partition of the record',
    offset: 'offset of the record',
    timestamp: 'epoch milliseconds; -1 without one',
    timestampType: 'CreateTime (set by the producer) or LogAppendTime (set by the broker)',
    headers: 'list of {key, value} in the order written; a value can be null',
    key: 'key as text; null without one',
    value: 'value as text; null for a tombstone',
    keyEncoding: 'how key is written when it is no text: base64, or the --key-format asked for; internal for a decoded object',
    valueEncoding:
      'how value is written when it is no text: base64, or the --value-format asked for; json for embedded JSON, internal for a decoded object',
    keyType: "record type of a key in one of Kafka's own topics that kt cannot decode",
  },
};

export const tail = command({
  name: 'tail',
  aliases: ['consume'],
  summary: 'Print records as they come, or up to an end',
  description: [
    'Without --group no group is created or joined, and nothing is left on the cluster. With --group --commit an offset is committed only after its record was written out.',
    'Positions: beginning, end, an offset, -N (the last N of each partition), @TIME or -1h (an hour ago). Values come as they are in a pipe; on a terminal each record is shown with its partition, offset, time, key and headers.',
    'Filters are applied before -n counts: --key, --value and --header take a regular expression (also as /error/i), --where a JavaScript expression over key, value (parsed where it is JSON), headers (an object), topic, partition, offset and timestamp. All that are given must hold. A record on which the expression fails, such as value.amount of a tombstone, is left out, and said at the end.',
    'While following, topics that appear and match a pattern, and partitions that are added, are read from their beginning; a deleted topic ends with a note.',
    "Key and value are shown as text unless --key-format and --value-format say otherwise: json embeds values that are JSON, hex and base64 show any bytes, int32, int64, double and uuid what Kafka's serializers of these types write.",
    "internal decodes what Kafka keeps of groups, offsets and transactions in its own topics (__consumer_offsets, __transaction_state, __share_group_state, and copies of them) into objects with Kafka's field names. It is the default for these topics with -o json and -o pretty; what kt cannot decode comes as base64 with the record type's number as keyType. Name an internal topic exactly: patterns do not find it.",
    'What -o json writes, kt produce -i json writes back byte for byte; keys and values that are decoded are a view and cannot be written back: --key-format base64 --value-format base64 gives their bytes.',
  ].join('\n\n'),
  args: {
    topics: variadicArgument('topic|pattern', 'a topic name, a glob or a regular expression', true, { complete: 'topic' }),
  },
  options: tailOptions,
  shows,
  examples: [
    { line: 'kt tail orders --from-beginning', does: 'everything there is, then what comes' },
    { line: 'kt tail orders --last 10', does: 'the newest 10 records of all partitions' },
    {
      line: "kt tail orders --from -1h --where 'value.amount > 100'",
      does: 'the large orders of the last hour, and what comes',
    },
    { line: "kt tail 'orders-*' --from-beginning -e --merge -o json", does: 'several topics as one, in time order' },
    { line: 'kt tail orders -e --from -10 -o json', does: 'the last 10 records of each partition as JSON lines' },
    { line: 'kt tail orders --group billing --commit', does: 'read as a consumer that commits after processing' },
    {
      line: `kt tail __consumer_offsets --from-beginning -e -o json | jq -c 'select(.key.group? == "billing") | [.key, .value]'`,
      does: 'what a group committed, decoded',
    },
    { line: "kt tail orders --from -1h -f '%p %o %k %v\\n'", does: 'the last hour in a format of your own' },
  ],
  async run(context, { topics }, options) {
    const format = await recordFormat(context, options);
    refuseContradictions(options);
    const request = readRequest(topics, options);
    const { timeoutMs } = await context.settings();
    const { signal, terminal } = context;
    const events: ReadEvents = {
      signal,
      note: context.note,
      warn: context.warn,
      // Records on the screen show by themselves how far the reading has come.
      bar: (offsets) => (terminal.stdout ? undefined : context.bar(offsets, 'records')),
      waiting: (text) => {
        if (terminal.stderr) context.note(text);
      },
    };
    const source = new RecordSource(await context.cluster(), { ...request, timeoutMs }, events);
    return { batches: source.batches(), format, isNextReady: () => source.isNextReady() };
  },
});

function readRequest(topics: readonly string[], options: TailOptions): Omit<ReadRequest, 'timeoutMs'> {
  return {
    topics,
    partitions: options.partition,
    from: options.from ?? { at: options.fromBeginning ? 'beginning' : 'end' },
    to: options.to,
    exitAtEnd: options.exit,
    maxRecords: options.maxRecords,
    last: options.last,
    merge: options.merge,
    filter: new RecordFilter({ ...options, headers: options.header }),
    isolation: options.isolation ?? 'read_committed',
    group: options.group === undefined ? undefined : { id: options.group, commit: options.commit },
  };
}

/** What `-o`, `-f` and the terminal ask for. */
async function recordFormat({ globals, terminal }: Context, options: TailOptions): Promise<RecordFormat> {
  const { keyFormat, valueFormat } = options;
  if (options.format !== undefined) {
    if (globals.output !== undefined) throw usageError('-f and -o (two formats)', 'give one of them');
    return { style: 'template', template: options.format, keyFormat, valueFormat };
  }
  const style = (globals.output ?? (terminal.stdout ? 'pretty' : 'value')) as Exclude<RecordFormat['style'], 'template'>;
  return { style, keyFormat, valueFormat };
}
