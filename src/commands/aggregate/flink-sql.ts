/** `kt aggregate --print flink-sql`: the same as a job for Apache Flink. */
import { usageError } from '../../base/errors.ts';
import type { Position } from '../../base/position.ts';
import { shellWord } from '../../base/shell-word.ts';
import { flagOf } from '../../cli/define.ts';
import type { Context } from '../../context.ts';
import { resolvePositions } from '../../core/offsets/resolve.ts';
import { selectPartitions } from '../../core/partitions/selection.ts';
import { blankIn, connectionOptions } from '../../records/aggregate/flink/connection.ts';
import { flinkSql, type TableOptions } from '../../records/aggregate/flink/job.ts';
import { Sample } from '../../records/aggregate/flink/sample.ts';
import { scriptText } from '../../records/aggregate/flink/script.ts';
import { StreamFields } from '../../records/expression/stream-fields.ts';
import { RecordSource } from '../../records/source/record-source.ts';
import { readEvents, selectionRequest, startOf } from '../reading/selection.ts';
import { refuseContradictions } from './checks.ts';
import { commandLine, shownOptions } from './command-line.ts';
import type { AggregateOptions } from './options.ts';
import { aggregateSpec } from './spec.ts';

/** So many of the newest records say which types fields have. */
const sampled = 1_000;

/** What a job can be made of. */
const translated: readonly string[] = [...shownOptions, 'keyFormat', 'valueFormat'];

/** Gives one text. @throws KtError `usage` for what Flink SQL cannot say */
export async function* printed(context: Context, topic: string, options: AggregateOptions): AsyncGenerator<readonly string[]> {
  refuseContradictions(topic, options);
  refuseOthers(topic, options);
  const spec = await aggregateSpec(topic, options);
  const connection = connectionOptions(await context.properties());
  const { into, group } = options;
  // Under a name of its own: it commits offsets, and ends open transactions of its name, which must not be those of kt.
  const name = `${group ?? into ?? topic}-flink`;
  const job = flinkSql({
    spec,
    sample: new Sample(await newestValues(context, topic, options)),
    connection,
    reading: [['properties.group.id', name], ...(await readingOptions(context, topic, options))],
    hasEnd: options.exit || options.to !== undefined,
    into,
    name,
  });
  yield [
    scriptText({
      ...job,
      command: commandLine(topic, options),
      creates: into === undefined ? undefined : `kt topics create ${shellWord(into)} --if-not-exists --retention forever`,
      blanks: connection.flatMap(([, value]) => blankIn(value)),
    }).trimEnd(),
  ];
}

/** @throws KtError `usage` */
function refuseOthers(topic: string, options: AggregateOptions): void {
  if (/:[\d,]+$/.test(topic)) throw usageError(`${topic} (Flink reads all partitions of a topic)`, 'name the topic alone');
  const { keyFormat, valueFormat } = options;
  if (keyFormat !== undefined && keyFormat !== 'string')
    throw usageError(`--key-format ${keyFormat} (--print flink-sql reads keys as text)`, 'leave it out');
  if (valueFormat !== undefined && valueFormat !== 'json')
    throw usageError(`--value-format ${valueFormat} (--print flink-sql reads values as JSON)`, 'leave it out');
  for (const [name, value] of Object.entries(options)) {
    const isGiven = value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
    if (isGiven && !translated.includes(name))
      throw usageError(`${flagOf(name)} (--print flink-sql has nothing for it)`, 'leave it out');
  }
}

async function newestValues(context: Context, topic: string, options: AggregateOptions): Promise<readonly unknown[]> {
  const schemaless = { keyFormat: 'string', valueFormat: 'json', schemas: undefined } as const;
  const whole = { fromBeginning: true, from: undefined, to: undefined, exit: true, partition: [], maxRecords: undefined };
  const unfiltered = { key: undefined, value: undefined, header: [], where: [], isolation: options.isolation };
  const request = { ...(await selectionRequest([topic], { ...whole, ...unfiltered }, schemaless)), last: sampled };
  const fields = new StreamFields(schemaless);
  const values: unknown[] = [];
  for await (const batch of new RecordSource(await context.cluster(), request, readEvents(context, true)).batches()) {
    await fields.prepare(batch);
    const scopeOf = fields.of(batch.topic);
    batch.each((record) => void values.push(scopeOf(record).value));
  }
  return values;
}

/** Where reading begins and ends, and of which transactions. */
async function readingOptions(context: Context, topic: string, options: AggregateOptions): Promise<TableOptions> {
  const { to, exit, isolation = 'read_committed' } = options;
  const start = startOf(options, { at: 'end' });
  if (exit && to) throw usageError('--to with -e (--print flink-sql knows one end)', 'give one of them');
  const end: Position | undefined = to ?? (exit ? { at: 'end' } : undefined);
  return [
    ['properties.isolation.level', isolation],
    ...(await positionOptions(context, topic, 'startup', start, isolation)),
    ...(end ? await positionOptions(context, topic, 'bounded', end, isolation) : []),
  ];
}

async function positionOptions(
  context: Context,
  topic: string,
  which: 'startup' | 'bounded',
  position: Position,
  isolation: NonNullable<AggregateOptions['isolation']>,
): Promise<TableOptions> {
  const mode = `scan.${which}.mode`;
  switch (position.at) {
    case 'beginning':
      if (which === 'startup') return [[mode, 'earliest-offset']];
      break;
    case 'end':
      return [[mode, 'latest-offset']];
    case 'time':
      return [
        [mode, 'timestamp'],
        [`scan.${which}.timestamp-millis`, String(position.timestampMs)],
      ];
    default:
  }
  const cluster = await context.cluster();
  const { partitions, problems } = await selectPartitions(cluster, [{ topic, partitions: undefined }]);
  if (problems[0]) throw problems[0];
  const offsets = await resolvePositions(cluster, partitions, position, isolation);
  return [
    [mode, 'specific-offsets'],
    [
      `scan.${which}.specific-offsets`,
      offsets.map(({ partition, offset }) => `partition:${partition},offset:${offset}`).join(';'),
    ],
  ];
}
