/** `kt tail`: records as they come, or up to an end. */
import { usageError } from '../base/errors.ts';
import { shellWord } from '../base/shell-word.ts';
import { variadicArgument } from '../cli/define.ts';
import type { RecordsShape } from '../cli/shape.ts';
import { type Context, command } from '../context.ts';
import { KeySearch } from '../records/key-search.ts';
import { commitsAtOnce } from '../records/source/commits.ts';
import { RecordSource } from '../records/source/record-source.ts';
import type { ReadRequest } from '../records/source/request.ts';
import { showsMeaning } from '../records/stream.ts';
import { type FieldReading, fieldReading, tellUnread } from './reading/field-reading.ts';
import { recordFormatsHelp } from './reading/formats.ts';
import { chosenKeys } from './reading/keys.ts';
import { recordStyle } from './reading/record-style.ts';
import { hasFilter, looksInside, readEvents, selectionRequest, tellMatched } from './reading/selection.ts';
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
    keyEncoding: 'how the key is written if it is not plain text: base64, or the --key-format that reads it',
    valueEncoding:
      'how the value is written if it is not plain text: base64, or the --value-format that reads it; then json, cbor, msgpack and internal are embedded JSON',
    keyType:
      "type of the key, if it was read with a schema; of a key in one of Kafka's own topics that kt cannot decode, the record type",
    keySchemaId: 'id of the schema that the key was read with, if it comes from a registry',
    valueType: 'type of the value, if it was read with a schema: the full name of the record or message',
    valueSchemaId: 'id of the schema that the value was read with, if it comes from a registry',
    deliveryCount: 'with --share-group: how often the group has handed the record out, this time included',
  },
};

export const tail = command({
  name: 'tail',
  aliases: ['consume'],
  summary: 'Print records as they arrive, or up to an end',
  description: [
    'Without --group no group is created or joined, and nothing is left on the cluster. With --group --commit an offset is committed, and with --share-group a record acknowledged, only after it was written out.',
    'Positions: beginning, end, an offset, -N (the last N of each partition), @TIME or -1h (an hour ago). Values come as they are in a pipe; on a terminal each record is shown with its partition, offset, time, key and headers.',
    'Filters are applied before -n counts: --key, --value and --header take a regular expression (also as /error/i), --where a JavaScript expression over key, value (parsed where it is JSON), headers (an object), topic, partition, offset and timestamp. All that are given must hold. In expressions a missing field is undefined, never an error, and integers are exact to 64 bits; a record on which an expression fails is left out, and the number of those is printed at the end.',
    'While following, topics that appear and match a pattern, and partitions that are added, are read from their beginning; a deleted topic ends with a note.',
    `${recordFormatsHelp} Bytes that do not fit the format are shown in hex, or as base64 with -o json. Filters use the same formats: --key and --value see the text, --where sees the value (bytes that do not fit are undefined). Without a format, --where sees the key as text and the value parsed where it is JSON.`,
    'cbor and msgpack are shown as JSON: binary data as base64 text, timestamps of MessagePack as ISO 8601, NaN and Infinity as text, keys that are not text as their JSON text. With -o json a value is shown as JSON only if kt produce -i json would write the same bytes again, else as base64; -o value always prints the JSON.',
    "internal reads the groups, offsets and transactions that Kafka keeps in its own topics (__consumer_offsets, __transaction_state, __share_group_state, and copies of them) as objects with Kafka's field names. It is the default for these topics in filters, with -o json and with -o pretty; what kt cannot decode comes as base64 with the record type's number as keyType. Name an internal topic exactly: patterns do not match it.",
    'What -o json writes, kt produce -i json writes back byte for byte, except that --value-format json leaves out line breaks between tokens and white space around the value. Records read as internal cannot be written back: --key-format base64 --value-format base64 gives their bytes.',
  ].join('\n\n'),
  args: {
    topics: variadicArgument(
      'topic|pattern',
      'a topic name, a glob or a regular expression; orders:0,3 for some partitions',
      true,
      { complete: 'topic' },
    ),
  },
  options: tailOptions,
  shows,
  examples: [
    { line: 'kt tail orders --from-beginning', does: 'all existing records, then new ones' },
    { line: 'kt tail orders --last 10', does: 'the newest 10 records of all partitions' },
    {
      line: "kt tail orders --from -1h --where 'value.amount > 100'",
      does: 'the large orders of the last hour, then new ones',
    },
    { line: "kt tail 'orders-*' --from-beginning -e --merge -o json", does: 'several topics as one, in time order' },
    { line: 'kt tail orders -e --from -10 -o json', does: 'the last 10 records of each partition as JSON lines' },
    {
      line: 'kt tail orders --from-file offsets.json -e -o json',
      does: 'continue from offsets that you keep yourself',
    },
    { line: 'kt tail orders --group billing --commit', does: 'read as a consumer that commits after processing' },
    {
      line: `kt tail __consumer_offsets --from-beginning -e -o json | jq -c 'select(.key.group? == "billing") | [.key, .value]'`,
      does: 'what a group committed, decoded',
    },
    {
      line: 'kt tail orders --share-group packing -n 10 --ack release -o json',
      does: 'look at what a share group hands out, and give it back',
    },
    { line: "kt tail orders --from -1h -f '%p %o %k %v\\n'", does: 'the last hour in a format of your own' },
  ],
  async run(context, { topics }, options) {
    refuseContradictions(options);
    const style = recordStyle(context, options.format, 'value');
    const reading = await fieldReading(context, options, {
      showsMeaning: showsMeaning(style),
      looksInside: looksInside(options),
    });
    const request = await readRequest(context, topics, options, reading);
    const shared = options.shareGroup === undefined ? undefined : await sharing(options.shareGroup, options);
    const isSearch = hasFilter(options);
    const source = new RecordSource(
      await context.clusterOnDemand(),
      { ...request, ...shared?.request },
      tailEvents(context, topics, options, isSearch),
    );
    return {
      batches: source.batches(),
      format: { ...style, ...reading, maxBatchBytes: options.maxBatchBytes, ...shared?.format },
      isNextReady: () => source.isNextReady(),
      ended: () => {
        tellUnread(context, reading);
        if (isSearch) tellMatched(context, request.filter);
      },
    };
  },
});

async function sharing(group: string, { ack }: TailOptions) {
  const { sharedReading } = await import('./tail/shared-reading.ts');
  return sharedReading(group, ack);
}

/** What a tail tells; one that waits for -n new records says how to see the newest there are. */
function tailEvents(
  context: Context,
  topics: readonly string[],
  { maxRecords, from, fromBeginning, fromFile, group, shareGroup }: TailOptions,
  isSearch: boolean,
) {
  // Few records may show how far a search has come.
  const events = readEvents(context, !isSearch);
  const hasOwnStart = fromBeginning || fromFile !== undefined || group !== undefined || shareGroup !== undefined;
  const startsAtEnd = !hasOwnStart && (from ?? { at: 'end' }).at === 'end';
  if (maxRecords === undefined || !startsAtEnd) return events;
  const newest = `kt tail ${topics.map(shellWord).join(' ')} --last ${maxRecords}`;
  return {
    ...events,
    waiting: () => context.note(`waiting for ${maxRecords} new records; ${newest} shows the newest there are`),
  };
}

async function readRequest(
  context: Context,
  topics: readonly string[],
  options: TailOptions,
  reading: FieldReading,
): Promise<ReadRequest> {
  const { fromFile, last, merge, group, shareGroup, commit, idleTimeout, keyIs, allPartitions } = options;
  const [key] = await chosenKeys(keyIs === undefined ? [] : [keyIs], reading, '--key-is');
  const search = key && new KeySearch(key, allPartitions || (group ?? shareGroup) !== undefined);
  const selected = await selectionRequest(
    topics,
    options,
    reading,
    { at: fromFile === undefined ? 'end' : 'beginning' },
    false,
    search,
  );
  if ((group ?? shareGroup) !== undefined && (selected.partitions.length > 0 || selected.partitionsOf)) {
    const option = group === undefined ? '--share-group' : '--group';
    throw usageError(`${option} and partitions (a group divides the partitions itself)`, 'name the topics alone');
  }
  const starts = fromFile === undefined ? undefined : await startsIn(context, fromFile);
  return {
    ...selected,
    ...starts,
    last,
    idleTimeoutMs: idleTimeout,
    merge,
    group: group === undefined ? undefined : { id: group, commits: commit ? commitsAtOnce : undefined },
  };
}

/** The offsets in a file. @throws KtError `usage` naming what is wrong in it */
async function startsIn(context: Context, file: string): Promise<Pick<ReadRequest, 'starts' | 'startsFile'>> {
  const { offsetsFrom } = await import('./groups/reset-target.ts');
  return { starts: await offsetsFrom(context, file), startsFile: file === '-' ? 'stdin' : file };
}
