/** `kt table`: the newest value of each key, or the state that all its records make. */
import { KtError } from '../base/errors.ts';
import { argument } from '../cli/define.ts';
import type { RecordsShape } from '../cli/shape.ts';
import { type Context, command } from '../context.ts';
import { RecordFilter } from '../records/filter.ts';
import { showsMeaning } from '../records/stream.ts';
import type { Fold } from '../records/table/folded-states.ts';
import { TableReading, type TableRequest } from '../records/table/read-table.ts';
import { type FieldReading, fieldReading, tellUnread } from './reading/field-reading.ts';
import { chosenKeys } from './reading/keys.ts';
import { recordStyle } from './reading/record-style.ts';
import { expressions, readEvents, selectionRequest } from './reading/selection.ts';
import { selectionsOf } from './selections.ts';
import { refuseContradictions, type TableOptions, tableOptions } from './table/options.ts';

const shows: RecordsShape = {
  kind: 'records',
  fields: {
    key: 'key, as kt tail shows it',
    value: 'value of the newest record, or with --fold the state; null for a key that is gone',
    partition: 'partition of the newest record',
    offset: 'offset of the newest record',
    timestamp: 'epoch milliseconds of the newest record; -1 without one',
    change: 'with --diff: added, changed or removed',
    before: 'with --diff: {value, partition, offset, timestamp} of the key at that time; null for an added one',
    topic: 'the topic; headers, timestampType and the other fields of kt tail are there too',
  },
};

export const table = command({
  name: 'table',
  summary: 'Show a topic as a table: the newest value of each key',
  description: [
    'Reads the topic from its beginning to its end, and prints the newest record of each key, in the order of the keys’ bytes. Keys whose newest value is null (a tombstone) have no row. On a terminal rows look as records do in kt tail; in a pipe they are JSON lines that kt produce -i json writes back.',
    'Within a partition the highest offset is the newest record, as for compaction. A key that is in several partitions (because partitions were added, or producers choose partitions differently) has one row: the record with the latest timestamp. kt says how many such keys there were.',
    '--at shows the table as it was at a time, by the timestamps of records; --diff shows what has changed since a time, and with --at what changed between the two. Only what the topic still holds can be shown: where compaction or retention may have removed records, kt says so.',
    '--fold makes the state of a key from all its records, in the order of offsets, or of time where they come from several partitions. The function gets the state and the value, and can use key, headers, timestamp, topic, partition and offset too. null or undefined removes the key. A record on which it fails changes nothing; the number of those is printed.',
    "--key is read in the --key-format. kt reads the partition where Java's partitioner puts the key; where a record there shows that other producers choose differently, or the key is not there, it says so and reads the other partitions too.",
    'More keys than --max-memory holds go to a temporary file that nobody else can open and that is gone when kt ends. That needs the kt binary, or Node 22.13.',
  ].join('\n\n'),
  args: { topic: argument('topic', 'name of the topic; orders:0,3 for some partitions', { complete: 'topic' }) },
  options: tableOptions,
  shows,
  examples: [
    { line: 'kt table customers', does: 'the newest record of each customer' },
    { line: 'kt table customers --key 17 --key 18 -o value', does: 'two of them' },
    { line: 'kt table customers --where \'value.plan === "gold"\' -o json', does: 'those on one plan' },
    { line: 'kt table stock --at 2026-01-31T09:30:00Z', does: 'the stock as it was' },
    { line: 'kt table stock --diff -1d', does: 'what changed since yesterday, with both values' },
    {
      line: "kt table account-events --init 0 --fold '(state, value) => state + value.amount'",
      does: 'the balance of each account from its events',
    },
    { line: 'kt table prices --follow -o json', does: 'all prices, then each that changes' },
  ],
  async run(context, { topic: named }, typed) {
    const [selection] = selectionsOf([named], typed.partition);
    const { topic, partitions: partition = [] } = selection!;
    const options = { ...typed, partition };
    refuseContradictions(options);
    const style = rowStyle(context, options);
    const reading = await fieldReading(context, options, {
      showsMeaning: showsMeaning(style),
      looksInside: options.where.length > 0 || options.fold !== undefined,
    });
    const request = await tableRequest(topic, options, reading);
    const rows = new TableReading(await context.cluster(), request, readEvents(context, false));
    const formats = { ...rowFormats(reading, options), maxBatchBytes: options.maxBatchBytes };
    const { changeNotes } = options.diff === undefined ? {} : await import('./table/change-notes.ts');
    return {
      batches: rows.batches(),
      format: { ...style, ...formats, ...(changeNotes && { notes: await changeNotes(rows.rows, formats) }) },
      ended: () => tellUnread(context, reading),
    };
  },
});

/** How rows are shown: a state is JSON. */
function rowFormats(reading: FieldReading, { fold }: TableOptions): FieldReading {
  return fold === undefined ? reading : { ...reading, valueFormat: 'json' };
}

async function tableRequest(topic: string, options: TableOptions, reading: FieldReading): Promise<TableRequest> {
  const { at, diff, key, allPartitions, where, follow, maxMemory, partition, isolation, maxBatchBytes } = options;
  const all = { fromBeginning: true, from: undefined, to: undefined, exit: true, maxRecords: undefined, partition };
  const unfiltered = { key: undefined, value: undefined, header: [], where: [], isolation };
  const rows = new RecordFilter({
    key: undefined,
    value: undefined,
    headers: [],
    where: await expressions('--where', where),
    ...rowFormats(reading, options),
    isSound: options.fold === undefined ? reading.schemas?.isSound : undefined,
    maxBatchBytes,
  });
  return {
    topic,
    read: await selectionRequest([topic], { ...all, ...unfiltered, maxBatchBytes }, reading),
    keys: await chosenKeys(key, reading),
    allPartitions,
    fold: await foldOf(options),
    formats: { ...reading, maxBatchBytes },
    until: at,
    since: diff,
    rows,
    follow,
    memoryBytes: maxMemory,
  };
}

async function foldOf({ fold, init }: TableOptions): Promise<Fold | undefined> {
  if (fold === undefined) return undefined;
  const { compileFold } = await import('../records/expression/compile.ts');
  const [compiled] = init === undefined ? [] : await expressions('--init', [init]);
  return { next: await compileFold('--fold', fold), init: compiled };
}

/** @throws KtError `usage` for a style that cannot show changes */
function rowStyle(context: Context, { format, diff }: TableOptions): ReturnType<typeof recordStyle> {
  const style = recordStyle(context, format, 'json');
  if (diff !== undefined && style.style !== 'json' && style.style !== 'pretty') {
    const asked =
      format !== undefined ? '-f' : context.globals.output === undefined ? '--columns' : `-o ${context.globals.output}`;
    throw new KtError('usage', `--diff with ${asked} (it does not show what changed)`, {
      hint: '-o json and -o pretty show it',
    });
  }
  return style;
}
