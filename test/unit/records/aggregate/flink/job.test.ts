import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FlinkJob, flinkSql } from '../../../../../src/records/aggregate/flink/job.ts';
import { Sample } from '../../../../../src/records/aggregate/flink/sample.ts';
import { scriptText } from '../../../../../src/records/aggregate/flink/script.ts';
import type { AggregateSpec, Measure, Windows } from '../../../../../src/records/aggregate/spec.ts';
import { compileExpression } from '../../../../../src/records/expression/compile.ts';

const orders = [
  { id: 7, category: 'books', total: 12.5 },
  { id: 8, category: 'toys', total: 3 },
];
const minute: Windows = { kind: 'tumbling', sizeMs: 60_000 };

async function named(text: string) {
  return { text, compiled: await compileExpression('--sum', text) };
}

async function measure(kind: Measure['kind'], of?: string, name: string = kind): Promise<Measure> {
  return { name, kind, of: of === undefined ? undefined : await named(of) };
}

interface Asked {
  readonly spec?: Partial<AggregateSpec>;
  readonly job?: Partial<FlinkJob>;
}

async function jobOf({ spec = {}, job = {} }: Asked): Promise<FlinkJob> {
  return {
    spec: {
      topic: 'orders',
      where: [],
      by: await named('value.category'),
      measures: [await measure('count'), await measure('sum', 'value.total', 'revenue')],
      windows: minute,
      time: undefined,
      graceMs: 60_000,
      emit: 'final',
      value: undefined,
      ...spec,
    },
    sample: new Sample(orders),
    connection: [['properties.bootstrap.servers', 'localhost:9092']],
    reading: [['scan.startup.mode', 'earliest-offset']],
    hasEnd: false,
    into: 'revenue',
    name: 'revenue-flink',
    ...job,
  };
}

async function sqlOf(asked: Asked): Promise<string> {
  return flinkSql(await jobOf(asked)).statements.join('\n\n');
}

test('revenue a minute is one job: a table for orders, one for results, and a query in windows', async () => {
  assert.equal(
    await sqlOf({}),
    `SET 'pipeline.name' = 'revenue-flink';
SET 'execution.runtime-mode' = 'streaming';
SET 'execution.checkpointing.interval' = '10 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE \`records\` (
  \`category\` STRING,
  \`total\` DOUBLE,
  \`record_time\` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR \`record_time\` AS \`record_time\` - INTERVAL '0 00:01:00.001' DAY(3) TO SECOND(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'orders',
  'properties.bootstrap.servers' = 'localhost:9092',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'json',
  'value.json.ignore-parse-errors' = 'true'
);

CREATE TEMPORARY VIEW \`measured\` AS
SELECT
  \`category\` AS \`key\`,
  \`total\` AS \`revenue\`,
  \`record_time\`
FROM \`records\`
WHERE \`record_time\` >= TO_TIMESTAMP_LTZ(0, 3);

CREATE TEMPORARY TABLE \`results\` (
  \`record_key\` STRING,
  \`windowStart\` BIGINT,
  \`windowEnd\` BIGINT,
  \`key\` STRING,
  \`count\` BIGINT,
  \`revenue\` DOUBLE,
  \`record_time\` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'
) WITH (
  'connector' = 'kafka',
  'topic' = 'revenue',
  'properties.bootstrap.servers' = 'localhost:9092',
  'key.format' = 'raw',
  'key.fields' = 'record_key',
  'value.fields-include' = 'EXCEPT_KEY',
  'value.format' = 'json',
  'value.json.encode.decimal-as-plain-number' = 'true',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'revenue-flink',
  'properties.transaction.timeout.ms' = '900000'
);

INSERT INTO \`results\`
SELECT
  \`key\`,
  (UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')) * 1000) AS \`windowStart\`,
  (UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')) * 1000) AS \`windowEnd\`,
  \`key\`,
  COUNT(*) AS \`count\`,
  SUM(\`revenue\`) AS \`revenue\`,
  CAST(window_time AS TIMESTAMP_LTZ(3))
FROM TABLE(TUMBLE(TABLE \`measured\`, DESCRIPTOR(\`record_time\`), INTERVAL '1' MINUTE))
GROUP BY \`key\`, window_start, window_end, window_time;`,
  );
});

test('no setting that loses records is ever printed', async () => {
  for (const hasEnd of [true, false]) assert.doesNotMatch(await sqlOf({ job: { hasEnd } }), /idle-timeout/);
});

test('with an end nothing is late: the watermark stays where no record is', async () => {
  assert.match(await sqlOf({ job: { hasEnd: true } }), /WATERMARK FOR `record_time` AS TO_TIMESTAMP_LTZ\(-62135596800000, 3\)/);
});

test('one window for all is a batch', async () => {
  const sql = await sqlOf({ spec: { windows: { kind: 'none' }, time: await named('value.id') }, job: { hasEnd: true } });
  assert.match(sql, /'execution.runtime-mode' = 'batch'/);
  assert.doesNotMatch(sql, /WATERMARK|record_time/);
  assert.match(sql, /CAST\(NULL AS BIGINT\) AS `windowStart`[\s\S]*FROM `measured`\nGROUP BY `key`;/);
});

test('hopping windows and sessions; records exactly the gap apart are in two sessions', async () => {
  const hopping = await sqlOf({ spec: { windows: { kind: 'hopping', sizeMs: 3_000, hopMs: 1_500 } } });
  assert.match(
    hopping,
    /HOP\(TABLE `measured`, DESCRIPTOR\(`record_time`\), INTERVAL '0 00:00:01.500' DAY\(3\) TO SECOND\(3\), INTERVAL '3' SECOND\)/,
  );
  assert.match(hopping, /EXTRACT\(MILLISECOND FROM window_start\)/);
  const session = await sqlOf({ spec: { windows: { kind: 'session', gapMs: 30_001 } } });
  assert.match(session, /SESSION\(TABLE `measured` PARTITION BY `key`, DESCRIPTOR\(`record_time`\), INTERVAL '30' SECOND\)/);
  assert.match(session, /EXTRACT\(MILLISECOND FROM window_end\)\) \+ 1 AS `windowEnd`/);
  assert.match(session, /window_time \+ INTERVAL '0.001' SECOND/);
});

test('a time of its own is a column; records without one are in no window', async () => {
  const sql = await sqlOf({ spec: { time: await named('value.id * 1000') } });
  assert.match(
    sql,
    /`event_time` AS COALESCE\(TO_TIMESTAMP_LTZ\(CAST\(FLOOR\(\(`id` \* 1000\)\) AS BIGINT\), 3\), TO_TIMESTAMP_LTZ\(-62135596800000, 3\)\)/,
  );
  assert.match(sql, /WHERE `event_time` > TO_TIMESTAMP_LTZ\(-62135596800000, 3\)/);
});

test('a number as a key is an integer, in every expression that names it', async () => {
  const sql = await sqlOf({ spec: { where: [await named('value.id / 2 > 3')], by: await named('value.id') } });
  assert.match(sql, /`id` BIGINT/);
  assert.match(sql, /\(CAST\(`id` AS DOUBLE\) \/ 2E0\)/);
  assert.match(sql, /SELECT\n {2}CAST\(`key` AS STRING\),/);
  await assert.rejects(async () => sqlOf({ spec: { by: await named('value.total') } }), /value\.total has fractions/);
});

test('each measure, and which values it takes', async () => {
  const kinds = ['avg', 'min', 'max', 'distinct', 'p50', 'p95', 'p99'] as const;
  const sql = await sqlOf({ spec: { measures: await Promise.all(kinds.map((kind) => measure(kind, 'value.total'))) } });
  for (const part of [
    'AVG(`avg`)',
    'MIN(`min`)',
    'MAX(`max`)',
    'COUNT(DISTINCT `distinct`)',
    'PERCENTILE(`p50`, 0.5)',
    'PERCENTILE(`p95`, 0.95)',
    'PERCENTILE(`p99`, 0.99)',
  ])
    assert.ok(sql.includes(part), part);
  const ratio = await sqlOf({ spec: { measures: [await measure('avg', 'value.total / value.id')] } });
  assert.match(ratio, /CASE WHEN ABS\(\(`total` \/ `id`\)\) < CAST\('Infinity' AS DOUBLE\) THEN/);
  await assert.rejects(async () => sqlOf({ spec: { measures: [await measure('sum', 'value.category')] } }), /--sum of a text/);
});

test('integers beyond 2^53 are added without rounding', async () => {
  const sql = await sqlOf({
    spec: { measures: [await measure('sum', 'value.id')] },
    job: { sample: new Sample([{ id: 9007199254740993n, category: 'a' }]) },
  });
  assert.match(sql, /CAST\(`id` AS DECIMAL\(38, 0\)\) AS `sum`[\s\S]*`sum` DECIMAL\(38, 0\)/);
});

test('columns of the record keep out of the way of fields', async () => {
  const sql = await sqlOf({
    spec: { by: await named('value.record_time + key') },
    job: { sample: new Sample([{ record_time: 'x', total: 1 }]) },
  });
  assert.match(sql, /`record_time` STRING/);
  assert.match(sql, /`record_time_` TIMESTAMP_LTZ\(3\) METADATA/);
});

test('records are counted whatever their values are where no field is read', async () => {
  const sql = await sqlOf({ spec: { by: undefined, measures: [await measure('count')] }, job: { sample: new Sample([]) } });
  assert.match(sql, /`record_value` BYTES/);
  assert.match(sql, /'value.format' = 'raw'/);
  assert.match(sql, /CAST\(NULL AS STRING\) AS `key`/);
});

test('without a topic for results the SQL client shows them', async () => {
  const sql = await sqlOf({ job: { into: undefined } });
  assert.match(sql, /'sql-client.execution.result-mode' = 'tableau'/);
  assert.doesNotMatch(sql, /INSERT INTO|exactly-once/);
});

test('what a job cannot do is refused by its name', async () => {
  const refused: readonly (readonly [Asked, RegExp])[] = [
    [{ spec: { emit: 'updates' } }, /--emit updates/],
    [{ spec: { value: (await named('value')) as never } }, /--value/],
    [{ spec: { windows: { kind: 'none' } } }, /without an end/],
    [{ spec: { windows: { kind: 'hopping', sizeMs: 5_000, hopMs: 2_000 } } }, /--hop that does not divide --window/],
    [{ spec: { windows: { kind: 'session', gapMs: 1 } } }, /--session/],
    [{ spec: { graceMs: 100_000 * 86_400_000 } }, /--grace/],
    [{ spec: { measures: [await measure('sum', 'value.total', 'record_time')] } }, /a measure called record_time/],
    [{ spec: { measures: [await measure('max', 'value.total', 'window_end')] } }, /a measure called window_end/],
  ];
  for (const [asked, why] of refused) await assert.rejects(() => sqlOf(asked), why);
});

test('the text says how to run it, what to fill in, and where results can differ', async () => {
  const { statements, notes } = flinkSql(await jobOf({ job: { sample: new Sample([...orders, 'no object', null]) } }));
  assert.ok(notes.some((note) => note.startsWith('2 of these have no JSON object as their value')));
  const text = scriptText({
    statements,
    notes,
    command: "kt aggregate orders --by 'a;\n'",
    creates: undefined,
    blanks: ['<sasl.password>'],
  });
  for (const line of text.slice(0, text.indexOf('SET')).trimEnd().split('\n')) assert.match(line, /^--( .*[^;])?$/);
  assert.match(text, /^-- Fill in: <sasl\.password>$/m);
});
