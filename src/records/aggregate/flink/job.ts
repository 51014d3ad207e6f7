/** An aggregation as a job for Apache Flink, in SQL. */
import { usageError } from '../../../base/errors.ts';
import { sqlName, sqlText } from '../../expression/sql/literal.ts';
import type { AggregateSpec } from '../spec.ts';
import type { Sample } from './sample.ts';
import { interval, noTime } from './time.ts';
import { type Translation, translation } from './translation.ts';
import { type WindowsSql, windowsSql } from './windows.ts';

/** Options of a table. */
export type TableOptions = readonly (readonly [name: string, value: string])[];

export interface FlinkJob {
  readonly spec: AggregateSpec;
  /** What the columns' types are taken from. */
  readonly sample: Sample;
  /** How both tables reach the cluster. */
  readonly connection: TableOptions;
  /** Where reading begins and ends. */
  readonly reading: TableOptions;
  /** Whether reading has an end: then nothing is late, and everything closes there. */
  readonly hasEnd: boolean;
  /** The topic of results; undefined shows them in the SQL client. */
  readonly into: string | undefined;
  /** Of the job, and of its transactions. */
  readonly name: string;
}

export interface FlinkSql {
  /** Each ended with a semicolon. */
  readonly statements: readonly string[];
  /** Where its results can differ from kt's, each a sentence without a full stop. */
  readonly notes: readonly string[];
}

/** Names of columns that no measure can have. */
const ownNames = ['record_key', 'record_time', 'event_time', 'window_start', 'window_end', 'window_time'];
const checkpointInterval = '10 s';
/** No more than a broker's default of transaction.max.timeout.ms. */
const transactionTimeoutMs = 900_000;

/** @throws KtError `usage` for what Flink SQL cannot say, with its name and, in an expression, its place */
export function flinkSql(job: FlinkJob): FlinkSql {
  const { spec, sample } = job;
  checkJob(job);
  const parts = translation(spec, sample);
  const windows = windowsSql(spec.windows, 'measured', parts.time?.column ?? '', parts.by !== undefined);
  return {
    statements: [
      ...settings(job),
      sourceTable(job, parts),
      measuredView(parts),
      ...(job.into === undefined ? [] : [sinkTable(job, job.into, parts, windows)]),
      query(job, parts, windows),
    ],
    notes: notesOf(job, parts),
  };
}

function checkJob({ spec: { emit, value, windows, measures }, hasEnd }: FlinkJob): void {
  if (windows.kind === 'none' && !hasEnd) {
    throw usageError('one window for all, without an end (its result would never be final)', 'add -e, or --window 1m');
  }
  if (emit === 'updates')
    throw usageError('--emit updates (windows of Flink SQL give a result once, when they close)', 'leave it out');
  if (value) throw usageError('--value (--print flink-sql writes rows as they are)', 'leave it out');
  const taken = measures.find(({ name }) => ownNames.includes(name));
  if (taken) throw usageError(`a measure called ${taken.name} (the job has such a column)`, 'give it another name');
}

function settings({ spec, hasEnd, into, name }: FlinkJob): readonly string[] {
  // Without windows only a batch has results that are final.
  const isBatch = hasEnd && spec.windows.kind === 'none';
  const all: TableOptions = [
    ['pipeline.name', name],
    ['execution.runtime-mode', isBatch ? 'batch' : 'streaming'],
    ['execution.checkpointing.interval', checkpointInterval],
    ['table.local-time-zone', 'UTC'],
    ...(into === undefined ? [['sql-client.execution.result-mode', 'tableau'] as const] : []),
  ];
  return [all.map(([key, value]) => `SET ${sqlText(key)} = ${sqlText(value)};`).join('\n')];
}

function sourceTable({ spec, connection, reading, hasEnd }: FlinkJob, { columns, time }: Translation): string {
  const { columns: lines, options } = columns.definition();
  // A window takes late records until the watermark has passed its last millisecond.
  const mark = hasEnd ? noTime : `${time?.column} - ${interval(spec.graceMs + 1, '--grace')}`;
  const timed = time
    ? [...(time.sql === undefined ? [] : [`${time.column} AS ${time.sql}`]), `WATERMARK FOR ${time.column} AS ${mark}`]
    : [];
  return table(
    'records',
    [...lines, ...timed],
    [['connector', 'kafka'], ['topic', spec.topic], ...connection, ...reading, ...options],
  );
}

/** What is measured of each record. */
function measuredView({ where, by, measures, time }: Translation): string {
  const columns = [
    ...(by ? [`${by.sql} AS ${sqlName('key')}`] : []),
    ...measures.flatMap(({ name, measured }) => (measured === undefined ? [] : [`${measured} AS ${sqlName(name)}`])),
    ...(time ? [time.column] : []),
  ];
  const conditions = [...(time ? [time.isKnown] : []), ...where];
  return `CREATE TEMPORARY VIEW ${sqlName('measured')} AS
SELECT
  ${(columns.length > 0 ? columns : ['TRUE AS `counted`']).join(',\n  ')}
FROM ${sqlName('records')}${conditions.length > 0 ? `\nWHERE ${conditions.join('\n  AND ')}` : ''};`;
}

function sinkTable({ connection, name }: FlinkJob, into: string, { by, measures }: Translation, { time }: WindowsSql): string {
  const columns = [
    ...(by ? [`${sqlName('record_key')} STRING`] : []),
    '`windowStart` BIGINT',
    '`windowEnd` BIGINT',
    `${sqlName('key')} ${by?.type ?? 'STRING'}`,
    ...measures.map((each) => `${sqlName(each.name)} ${each.type}`),
    ...(time === undefined ? [] : ["`record_time` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'"]),
  ];
  return table('results', columns, [
    ['connector', 'kafka'],
    ['topic', into],
    ...connection,
    ...(by
      ? ([
          ['key.format', 'raw'],
          ['key.fields', 'record_key'],
          ['value.fields-include', 'EXCEPT_KEY'],
        ] as const)
      : []),
    ['value.format', 'json'],
    ['value.json.encode.decimal-as-plain-number', 'true'],
    ['sink.delivery-guarantee', 'exactly-once'],
    ['sink.transactional-id-prefix', name],
    ['properties.transaction.timeout.ms', String(transactionTimeoutMs)],
  ]);
}

function query({ into }: FlinkJob, { by, measures }: Translation, windows: WindowsSql): string {
  const key = sqlName('key');
  const isWritten = into !== undefined;
  const columns = [
    ...(by && isWritten ? [by.textOfColumn] : []),
    `${windows.start} AS \`windowStart\``,
    `${windows.end} AS \`windowEnd\``,
    by ? key : `CAST(NULL AS STRING) AS ${key}`,
    ...measures.map(({ name, result }) => `${result} AS ${sqlName(name)}`),
    ...(isWritten && windows.time !== undefined ? [windows.time] : []),
  ];
  const groups = [...(by ? [key] : []), ...windows.groups];
  return `${isWritten ? `INSERT INTO ${sqlName('results')}\n` : ''}SELECT
  ${columns.join(',\n  ')}
FROM ${windows.from}${groups.length > 0 ? `\nGROUP BY ${groups.join(', ')}` : ''};`;
}

function table(name: string, columns: readonly string[], options: TableOptions): string {
  return `CREATE TEMPORARY TABLE ${sqlName(name)} (
  ${columns.join(',\n  ')}
) WITH (
  ${options.map(([key, value]) => `${sqlText(key)} = ${sqlText(value)}`).join(',\n  ')}
);`;
}

function notesOf({ spec, sample, hasEnd }: FlinkJob, { columns }: Translation): readonly string[] {
  const { measures, windows } = spec;
  const { withoutFields, values } = sample;
  const notes = [...columns.notes];
  if (columns.hasFields) {
    if (values.length === 0)
      notes.push('the topic has no records to take the types of fields from: they are guessed from their use');
    else
      notes.push(
        `fields have the types that they have in the newest ${values.length} records; values of other types count as missing or are converted`,
      );
    if (withoutFields > 0)
      notes.push(`${withoutFields} of these have no JSON object as their value: Flink leaves them out, kt counts them`);
  }
  const has = (...kinds: readonly string[]) => measures.some(({ kind }) => kinds.includes(kind));
  if (has('sum', 'avg'))
    notes.push('sums of fractions can differ in their last digits: Flink does not carry rounding errors along');
  if (has('distinct', 'p50', 'p95', 'p99'))
    notes.push('distinct and percentiles are exact, where kt estimates them beyond 1,000 values a window');
  if (!hasEnd) notes.push('a partition that gets no records holds all windows open, in kt only until it was read to its end');
  if (windows.kind === 'none') notes.push('results have the time at which they are written as their timestamps');
  return notes;
}
