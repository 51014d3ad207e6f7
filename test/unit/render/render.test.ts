/** A value on stdout in every format that its shape has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { KtError } from '../../../src/base/errors.ts';
import type { Command } from '../../../src/cli/define.ts';
import { rows } from '../../../src/cli/shape.ts';
import { plainData } from '../../../src/render/json.ts';
import { unwrittenNames } from '../../../src/render/names.ts';
import { render } from '../../../src/render/value.ts';

interface Row {
  readonly topic: string;
  readonly offset: bigint | null;
  readonly host: string;
  readonly error?: KtError;
}

const shape = rows<Row>({
  columns: [
    { header: 'TOPIC', get: (row) => row.topic, tone: (row) => (row.error ? 'bad' : undefined) },
    { header: 'OFFSET', get: (row) => row.offset },
    { header: 'HOST', get: (row) => row.host, wide: true },
  ],
  name: (row) => row.topic,
  fields: {},
});
const values: readonly Row[] = [
  { topic: 'orders', offset: 9_007_199_254_740_993n, host: 'a' },
  { topic: 'évil\x1b[2J', offset: 7n, host: 'b,"c"', error: new KtError('refused', 'no', { code: 'INVALID_TOPIC' }) },
  { topic: '日本', offset: null, host: 'd' },
];

async function printed(format: string | undefined, terminal = {}, what: Command['shows'] = shape, value: unknown = values) {
  let text = '';
  const out = {
    async write(data: Uint8Array | string) {
      text += data.toString();
    },
  };
  await render(what, value, format, out, { stdout: false, columns: 80, color: false, ...terminal });
  return text;
}

test('a name with a line end is no line of -o name, where it would be two other names', async () => {
  const odd = ['fine', 'two\nlines', 'a b'].map((topic) => ({ topic, offset: 1n, host: 'a' }));
  assert.equal(await printed('name', {}, shape, odd), 'fine\na b\n');
  assert.deepEqual(
    unwrittenNames(shape.names(odd)).map(({ kind, message }) => [kind, message]),
    [['usage', 'two\nlines (a name with a line end is more than one line, so -o name leaves it out)']],
  );
});

test('a table in a pipe is aligned text: numbers end together, absent ones are a dash, nothing acts', async () => {
  assert.equal(
    await printed(undefined),
    [
      'TOPIC                  OFFSET',
      'orders       9007199254740993',
      'évil\\x1b[2J                 7',
      '日本                        -',
      '',
    ].join('\n'),
  );
});

test('wide adds its columns, csv has them too and follows RFC 4180', async () => {
  assert.equal((await printed('wide')).split('\n')[0], 'TOPIC                  OFFSET  HOST');
  assert.equal(
    await printed('csv'),
    'TOPIC,OFFSET,HOST\r\norders,9007199254740993,a\r\névil\x1b[2J,7,"b,""c"""\r\n日本,,d\r\n',
  );
});

test('csv has no lines for what is only a title', async () => {
  const untitled = { heading: [], columns: [], rows: [] };
  const titled = { ...shape, blocks: (given: readonly Row[]) => [untitled, ...shape.blocks(given), untitled] };
  assert.equal(await printed('csv', {}, titled), await printed('csv'));
});

test('csv without a row has the names of its columns, unless they are not wanted', async () => {
  assert.equal(await printed('csv', {}, shape, []), 'TOPIC,OFFSET,HOST\r\n');
  const none = { ...shape, blocks: () => [] };
  assert.equal(await printed('csv', {}, none), 'TOPIC,OFFSET,HOST\r\n', 'a value without any table');
  const { tables: _, ...untold } = none;
  const told = { ...untold, columnsOfNone: () => shape.tables![0]!.slice(0, 1) };
  assert.equal(await printed('csv', {}, told), 'TOPIC\r\n');
  const hidden = { ...shape, blocks: () => [{ columns: shape.tables![0]!, rows: [], hidesEmpty: true as const }] };
  assert.equal(await printed('csv', {}, hidden), 'TOPIC,OFFSET,HOST\r\n');
  assert.equal(await printed('table', {}, hidden), '', 'people are told by other means');
});

test('JSON is one document with exact numbers, errors as plain objects, and nothing that acts', async () => {
  const text = await printed('json');
  assert.ok(text.includes('"offset": 9007199254740993'));
  assert.ok(text.endsWith(']\n') && !text.includes('\x1b'));
  assert.deepEqual(JSON.parse(text)[1], {
    topic: 'évil\x1b[2J',
    offset: 7,
    host: 'b,"c"',
    error: { kind: 'refused', code: 'INVALID_TOPIC', message: 'no' },
  });
  assert.equal(await printed('json', {}, shape, []), '[]\n');
});

test('YAML and names are exact in a pipe and harmless on a terminal', async () => {
  assert.equal(await printed('name'), 'orders\névil\x1b[2J\n日本\n');
  assert.equal(await printed('name', { stdout: true }), 'orders\névil\\x1b[2J\n日本\n');
  assert.ok((await printed('yaml')).includes('offset: 9007199254740993\n'));
  assert.ok(!(await printed('csv', { stdout: true })).includes('\x1b'));
});

test('YAML written item by item is what one document of all items would be', async () => {
  const items = [
    { text: 'a\n\n', map: new Map([['k', null]]), none: [], empty: {} },
    { text: ' - x: "y" # z', error: new KtError('refused', 'no: way', { code: 'X' }) },
    { text: '', nested: [['1', 1n], [{ a: { b: 'c\r\nd' } }]] },
    'null',
    null,
    [],
    ['~', '---', '...'],
  ];
  const whole = stringify(plainData(items), { lineWidth: 0, aliasDuplicateObjects: false });
  assert.equal(await printed('yaml', {}, shape, items), whole);
  assert.equal(await printed('yaml', {}, shape, []), '[]\n');
});

test('only a coloured stream has colour, and only the colours are added', async () => {
  const colored = await printed(undefined, { color: true });
  assert.ok(colored.includes('\x1b[31m'), 'the failed row is red');
  const bare = colored.replaceAll(/\x1b\[\d+m/g, '');
  assert.equal(bare.replaceAll(/ +$/gm, ''), await printed(undefined));
});

test('a table wider than the terminal is cut, with wide or in a pipe never', async () => {
  const long = [{ topic: 'x'.repeat(100), offset: 1n, host: '' }];
  const cut = await printed('table', { stdout: true, columns: 40 }, shape, long);
  for (const line of cut.trimEnd().split('\n')) assert.ok(line.length <= 40, line);
  assert.ok(cut.includes('…'));
  assert.ok((await printed('wide', { stdout: true, columns: 40 }, shape, long)).includes('x'.repeat(100)));
  assert.ok((await printed('table', {}, shape, long)).includes('x'.repeat(100)));
});

test('a table that fits is on a terminal, drawn by cli-table3, what it is in a pipe', async () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ topic: `日本-${index}`, offset: BigInt(index ** 3), host: '' }));
  for (const rows of [values, many]) {
    assert.equal(await printed('table', { stdout: true }, shape, rows), await printed('table', {}, shape, rows));
  }
});

test('a table of 10,000 rows takes no time that is felt', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({ topic: `topic-${index}`, offset: BigInt(index), host: '' }));
  const start = process.cpuUsage().user;
  const lines = (await printed('table', {}, shape, many)).split('\n');
  assert.equal(lines.length, 10_002);
  assert.equal(lines[10_000], 'topic-9999    9999');
  assert.ok(process.cpuUsage().user - start < 5_000_000, 'a quadratic table takes minutes');
});

test('headings stand above their table, blocks apart, a footer below', async () => {
  const blocks: Command['shows'] = {
    kind: 'table',
    fields: {},
    names: () => [],
    blocks: () => [
      {
        heading: [
          ['Topic', 'a\nb'],
          ['Partitions', 3],
        ],
        columns: [{ header: 'P', get: (row: number) => row }],
        rows: [0, 1],
      },
      { heading: [['Topic', 'c']], columns: [], rows: [], footer: 'nothing more' },
    ],
  };
  assert.equal(
    await printed('table', {}, blocks),
    'Topic:       a\\nb\nPartitions:  3\n\nP\n0\n1\n\nTopic:  c\nnothing more\n',
  );
});

test('rows that come one by one are lines, and objects on lines with json', async () => {
  const lines: Command['shows'] = {
    kind: 'lines',
    fields: {},
    text: (row: { a: string }) => `a is ${row.a}`,
    json: (row: { a: string }) => ({ a: row.a, big: 2n ** 60n }),
  };
  async function* stream() {
    yield [{ a: '1' }, { a: '\x07' }];
    yield [{ a: '3' }];
  }
  assert.equal(await printed('text', {}, lines, stream()), 'a is 1\na is \x07\na is 3\n');
  assert.equal(await printed('text', { stdout: true }, lines, stream()), 'a is 1\na is \\x07\na is 3\n');
  const cut = { ...lines, isCut: true };
  async function* wide() {
    yield [{ a: '日本' }, { a: 'b' }, { a: 'longer' }];
  }
  assert.equal(await printed('text', { stdout: true, columns: 8 }, cut, wide()), 'a is 日…\na is b\na is lo…\n');
  assert.equal(await printed('text', { columns: 8 }, cut, wide()), 'a is 日本\na is b\na is longer\n', 'a pipe gets all of it');
  const json = await printed('json', {}, lines, stream());
  assert.equal(json.split('\n')[0], '{"a":"1","big":1152921504606846976}');
});

test('rows that are one array are written as other arrays are, each when it comes; a mark before a line is coloured', async () => {
  const marked: Command['shows'] = {
    kind: 'lines',
    isArray: true,
    fields: {},
    mark: () => ['ok ', 'good'],
    text: (row: { a: string }) => row.a,
    json: (row: { a: string }) => row,
  };
  async function* stream(...batches: readonly (readonly { a: string }[])[]) {
    yield* batches;
  }
  const rows = [{ a: '1' }, { a: '2' }, { a: '3' }];
  const json = await printed('json', {}, marked, stream(rows.slice(0, 2), rows.slice(2)));
  assert.equal(json, `${JSON.stringify(rows, null, 2)}\n`);
  assert.equal(await printed('json', {}, marked, stream()), '[]\n');
  assert.equal(await printed('text', {}, marked, stream(rows.slice(0, 1))), 'ok 1\n');
  assert.equal(await printed('text', { color: true }, marked, stream(rows.slice(0, 1))), '\x1b[32mok \x1b[39m1\n');
});

test('counts, sizes and durations are written for people on a terminal, and in digits everywhere else', async () => {
  interface Log {
    readonly records: bigint;
    readonly bytes: number;
    readonly seconds: number | null;
  }
  const logs = rows<Log>({
    columns: [
      { header: 'RECORDS', get: ({ records }) => records, unit: 'count' },
      { header: 'BYTES', get: ({ bytes }) => bytes, unit: 'bytes' },
      { header: 'LAG-SECONDS', get: ({ seconds }) => seconds, unit: 'seconds' },
    ],
    name: () => '',
    fields: {},
  });
  const value: readonly Log[] = [
    { records: 252_038n, bytes: 19_519_566, seconds: 125 },
    { records: 7n, bytes: 0, seconds: null },
  ];
  const shown = 'RECORDS    BYTES  LAG-SECONDS\n252,038  18.6MiB         2m5s\n      7       0B            -\n';
  assert.equal(await printed(undefined, { stdout: true, columns: 80 }, logs, value), shown);
  const digits = 'RECORDS     BYTES  LAG-SECONDS\n 252038  19519566          125\n      7         0            -\n';
  assert.equal(await printed(undefined, {}, logs, value), digits);
  assert.equal(await printed('csv', { stdout: true }, logs, value), 'RECORDS,BYTES,LAG-SECONDS\n252038,19519566,125\n7,0,\n');
});
