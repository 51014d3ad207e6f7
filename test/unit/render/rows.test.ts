/** Rows as `--columns`, `--sort` and `--no-headers` ask for them, in every format. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../../src/cli/define.ts';
import type { GlobalOptions } from '../../../src/cli/options.ts';
import { checkRowOptions } from '../../../src/cli/row-options.ts';
import { type Block, type Column, rows, type TableShape } from '../../../src/cli/shape.ts';
import { clusterRows, clusterShape } from '../../../src/commands/local/shape.ts';
import { localUp } from '../../../src/commands/local/up.ts';
import { topicsList } from '../../../src/commands/topics/list.ts';
import type { Context } from '../../../src/context.ts';
import { render } from '../../../src/render/value.ts';

type Asked = Pick<GlobalOptions, 'columns' | 'sort' | 'noHeaders'>;

async function printed(shows: Command['shows'], value: unknown, format: string | undefined, asked: Asked): Promise<string> {
  let text = '';
  const out = {
    async write(data: Uint8Array | string) {
      text += data.toString();
    },
  };
  checkRowOptions(shows, asked, format);
  await render(shows, value, format, out, { stdout: false, columns: 0, color: false }, asked);
  return text;
}

interface Topic {
  readonly topic: string;
  readonly endOffset: bigint | null;
  readonly replicas: readonly number[];
}

const columns: readonly Column<Topic>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'END-OFFSET', get: ({ endOffset }) => endOffset },
  { header: 'REPLICAS', get: ({ replicas }) => replicas.join(','), wide: true },
];
const list = rows<Topic>({ columns, name: ({ topic }) => topic, fields: { topic: '', endOffset: '', replicas: '' } });
const topics: readonly Topic[] = [
  { topic: 'a-10', endOffset: 9n, replicas: [1, 2] },
  { topic: 'a-9', endOffset: 10n, replicas: [2] },
  { topic: 'b', endOffset: null, replicas: [] },
];

test('a user picks columns, wide ones too, by the name in the table or in JSON', async () => {
  const table = await printed(list, topics, undefined, { columns: ['endOffset', 'replicas', 'topic'] });
  assert.equal(
    table,
    'END-OFFSET  REPLICAS  TOPIC\n         9  1,2       a-10\n        10  2         a-9\n         -  -         b\n',
  );
  assert.equal(
    await printed(list, topics, 'csv', { columns: ['end-offset', 'TOPIC'] }),
    'END-OFFSET,TOPIC\r\n9,a-10\r\n10,a-9\r\n,b\r\n',
  );
});

test('with JSON and YAML each row is an object of the fields, with their own values', async () => {
  const asked = { columns: ['topic', 'replicas', 'end-offset'] };
  assert.equal(
    await printed(list, topics, 'jsonl', asked),
    '{"topic":"a-10","replicas":[1,2],"endOffset":9}\n{"topic":"a-9","replicas":[2],"endOffset":10}\n{"topic":"b","replicas":[],"endOffset":null}\n',
  );
  assert.deepEqual(JSON.parse(await printed(list, topics, 'json', asked))[1], { topic: 'a-9', replicas: [2], endOffset: 10 });
  assert.equal(await printed(list, topics, 'yaml', { columns: ['topic'] }), '- topic: a-10\n- topic: a-9\n- topic: b\n');
});

test('-o jsonl prints an item of the list on each line, and a single object on one', async () => {
  const lines = await printed(list, topics, 'jsonl', {});
  assert.deepEqual(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).topic),
    ['a-10', 'a-9', 'b'],
  );
  const one: TableShape<object> = { kind: 'table', blocks: () => [], names: () => [], fields: {} };
  assert.equal(await printed(one, { id: 1 }, 'jsonl', {}), '{"id":1}\n');
});

test('rows are sorted by number, text by the numbers in it; what is missing comes last both ways', async () => {
  const order = async (text: string, format: string | undefined = 'name') =>
    printed(list, topics, format, { sort: { column: text.replace('-', ''), descending: text.startsWith('-') } });
  assert.equal(await order('endoffset'), 'a-10\na-9\nb\n');
  assert.equal(await order('-endoffset'), 'a-9\na-10\nb\n');
  assert.equal(await order('topic'), 'a-9\na-10\nb\n');
  assert.equal(await order('-topic'), 'b\na-10\na-9\n');
  assert.deepEqual(
    JSON.parse(await order('topic', 'json')).map(({ topic }: Topic) => topic),
    ['a-9', 'a-10', 'b'],
  );
  assert.match((await order('topic', 'csv')).replaceAll('\r\n', ' '), /^TOPIC,END-OFFSET,REPLICAS a-9,10,2 a-10/);
});

test('--no-headers leaves rows alone: no names, no heading, no closing line', async () => {
  const block: Block = { heading: [['group', 'g']], columns, rows: topics.slice(0, 1), footer: 'that is all' };
  const shape: TableShape<unknown> = { kind: 'table', blocks: () => [block, block], names: () => [], fields: {} };
  assert.equal(await printed(shape, {}, undefined, { noHeaders: true }), 'a-10  9\na-10  9\n');
  assert.equal(await printed(shape, {}, 'csv', { noHeaders: true, columns: ['topic'] }), 'a-10\r\na-10\r\n');
  assert.match(await printed(shape, {}, undefined, { columns: ['topic'] }), /^group: {2}g\n\nTOPIC\na-10\nthat is all\n/);
});

test('of several tables those are shown that have all the columns', async () => {
  const settings: Block = { columns: [{ header: 'CONFIG', get: () => 'x' }], rows: [{}] };
  const shape: TableShape<unknown> = {
    kind: 'table',
    blocks: () => [{ columns, rows: topics }, settings],
    names: () => [],
    fields: {},
  };
  assert.equal(await printed(shape, {}, 'csv', { columns: ['config'] }), 'CONFIG\r\nx\r\n');
  assert.equal(await printed(shape, {}, 'jsonl', { columns: ['config'] }), '{"config":"x"}\n');
  await assert.rejects(printed(shape, {}, 'csv', { columns: ['config', 'topic'] }), {
    kind: 'usage',
    message: 'config, topic (no table has all of these columns)',
  });
  await assert.rejects(printed(shape, {}, 'csv', { columns: ['nope'] }), {
    kind: 'usage',
    message: 'unknown column nope',
    hint: 'columns are topic, end-offset, replicas, config',
  });
  await assert.rejects(printed(shape, topics, 'json', { sort: { column: 'topic', descending: false } }), {
    kind: 'usage',
    message: '--sort with -o json (its rows are nested)',
  });
});

test('what an output does not have is refused before the command runs', () => {
  const unknown = { kind: 'usage', message: 'unknown column size', hint: 'columns are topic, end-offset, replicas' };
  assert.throws(() => checkRowOptions(list, { columns: ['topic', 'size'] }, undefined), unknown);
  assert.throws(() => checkRowOptions(list, { sort: { column: 'size', descending: true } }, 'json'), unknown);
  const bySize = { sort: { column: 'size', descending: false } };
  const column = (header: string): Column<unknown> => ({ header, get: () => 1 });
  const nested: Command['shows'] = {
    kind: 'table',
    tables: [[column('TOPIC'), column('SIZE')], [column('RULE')]],
    blocks: () => [],
    names: () => [],
    fields: {},
  };
  const refused: [Command['shows'], Asked, string | undefined, RegExp][] = [
    [{ kind: 'text', fields: {} }, { columns: ['a'] }, undefined, /^--columns \(this command shows no rows\)$/],
    [{ kind: 'text', fields: {} }, { noHeaders: true }, undefined, /^--no-headers \(this command shows no rows\)$/],
    [
      { kind: 'records', fields: {} },
      { sort: { column: 'key', descending: false } },
      undefined,
      /^--sort \(rows are printed as they come\)$/,
    ],
    [{ kind: 'records', fields: {} }, { columns: ['key'] }, 'pretty', /^--columns with -o pretty/],
    [list, { columns: ['topic'] }, 'name', /^--columns with -o name/],
    [nested, bySize, 'json', /^--sort with -o json \(its rows are nested\)$/],
    [nested, bySize, 'jsonl', /^--sort with -o jsonl \(its rows are nested\)$/],
    [nested, bySize, 'yaml', /^--sort with -o yaml \(its rows are nested\)$/],
    [nested, bySize, 'name', /^--sort with -o name \(it has no columns\)$/],
    [nested, { columns: ['size', 'rule'] }, undefined, /^size, rule \(no table has all of these columns\)$/],
  ];
  for (const [shows, asked, format, message] of refused)
    assert.throws(() => checkRowOptions(shows, asked, format), { kind: 'usage', message });
  checkRowOptions(nested, { ...bySize, columns: ['topic'] }, 'json');
  checkRowOptions(nested, bySize, 'csv');
  assert.throws(() => checkRowOptions(nested, bySize, 'name'), { hint: 'use -o table or csv' });
});

test('a name of a table that this value does not have is no error once the command has run', async () => {
  const shape: TableShape<unknown> = {
    kind: 'table',
    tables: [columns, [{ header: 'RULE', get: () => 1 }]],
    blocks: () => [{ columns, rows: topics }],
    names: () => [],
    fields: {},
  };
  assert.equal(await printed(shape, {}, 'jsonl', { columns: ['rule'] }), '');
});

test('sorting looks each value up once, however many rows are compared with it', async () => {
  let looks = 0;
  const counted = rows<{ readonly n: number }>({
    columns: [
      { header: 'N', get: ({ n }) => n },
      { header: 'TWICE', get: ({ n }) => ++looks && 2 * n },
    ],
    name: ({ n }) => String(n),
    fields: {},
  });
  const many = Array.from({ length: 100 }, (_, n) => ({ n: (n * 37) % 100 }));
  const text = await printed(counted, many, 'name', { sort: { column: 'twice', descending: false } });
  assert.equal(text, `${many.map((_, n) => n).join('\n')}\n`);
  assert.equal(looks, 100);
});

test('a live view has a key for the order, and its JSON lines are whole samples', async () => {
  const live = { live: async function* () {}, json: () => ({}) };
  await assert.rejects(printed(list, live, undefined, { columns: ['topic'] }), {
    message: '--columns with JSON lines (each is one sample)',
  });
  await assert.rejects(printed(list, live, 'json', { sort: { column: 'topic', descending: false } }), {
    message: '--sort with JSON lines (each is one sample)',
  });
});

interface Line {
  readonly key: string;
  readonly value: unknown;
}

async function* lines(...batches: readonly (readonly Line[])[]): AsyncGenerator<readonly Line[]> {
  yield* batches;
}

test('rows that come one by one are CSV or objects of the chosen fields, at any depth', async () => {
  const shape: Command['shows'] = {
    kind: 'lines',
    fields: { key: '', 'value.a': '', 'value.b[]': '' },
    text: () => '',
    json: (row: Line) => row,
  };
  const all = () => lines([{ key: 'x,y', value: { a: { deep: 2n ** 60n }, b: [1] } }], [{ key: '', value: null }]);
  assert.equal(
    await printed(shape, all(), undefined, { columns: ['value.a.deep', 'key', 'value.b'] }),
    'value.a.deep,key,value.b\r\n1152921504606846976,"x,y",[1]\r\n,"",\r\n',
  );
  assert.equal(
    await printed(shape, all(), 'csv', { noHeaders: true }),
    '"x,y","{""a"":{""deep"":1152921504606846976},""b"":[1]}"\r\n"",\r\n',
  );
  assert.equal(
    await printed(shape, all(), 'json', { columns: ['value.a.deep'] }),
    '{"value.a.deep":1152921504606846976}\n{"value.a.deep":null}\n',
  );
  assert.throws(() => checkRowOptions(shape, { columns: ['valeu'] }, 'csv'), { kind: 'usage', hint: 'columns are key, value' });
});

test('where the command line names the fields, the first row says what there is', async () => {
  const shape: Command['shows'] = { kind: 'lines', fields: {}, text: () => '', json: (row) => row, hasOtherFields: true };
  const row = (name: string) => ({ key: 'k', [name]: 1 }) as unknown as Line;
  assert.equal(await printed(shape, lines([]), 'csv', { columns: ['key'] }), 'key\r\n', 'without a row');
  assert.equal(await printed(shape, lines([]), undefined, { columns: ['key'] }), 'key\r\n');
  assert.equal(await printed(shape, lines([]), 'json', { columns: ['key'] }), '');
  assert.equal(await printed(shape, lines([]), 'csv', { columns: ['key'], noHeaders: true }), '');
  assert.equal(await printed(shape, lines([row('sum'), row('sum')]), 'csv', {}), 'key,sum\r\nk,1\r\nk,1\r\n');
  await assert.rejects(printed(shape, lines([row('sum'), row('max')]), 'csv', {}), {
    kind: 'usage',
    message: '-o csv (a row has the field max, which the first one did not have)',
  });
  await assert.rejects(printed(shape, lines([row('sum')]), undefined, { columns: ['max'] }), { hint: 'columns are key, sum' });
});

test('the registry of a local cluster is a known column, which takes room only where there is one', async () => {
  const cluster = { name: 'default', status: 'running' } as const;
  const shape = clusterShape({});
  assert.equal(await printed(shape, cluster, 'csv', { columns: ['name', 'registry'] }), 'NAME,REGISTRY\r\ndefault,\r\n');
  assert.doesNotMatch(await printed(shape, cluster, undefined, {}), /REGISTRY/);
  const registry = { url: 'http://localhost:8081', running: true, pid: 1, logFile: '' };
  assert.match(await printed(shape, { ...cluster, registry }, undefined, {}), /BOOTSTRAP-SERVERS {2}REGISTRY .*8081/s);
  const sorted = { sort: { column: 'registry', descending: false } };
  const names = await printed(clusterRows({}), [cluster, { ...cluster, name: 'other', registry }], 'name', sorted);
  assert.equal(names, 'other\ndefault\n');
});

test('export lines are no rows: options on rows are refused before a cluster is started', async () => {
  const up = (globals: Asked) => {
    // Whatever is started begins with this.
    const progress = () => assert.fail('it is started');
    return localUp.run({ globals, progress, env: {} } as unknown as Context, {}, { env: true } as never);
  };
  for (const asked of [{ noHeaders: true }, { columns: ['name'] }, { sort: { column: 'name', descending: false } }])
    await assert.rejects(async () => up(asked), { kind: 'usage', message: /^--env with options on rows/ });
});

test('a list beside what failed is sorted too, in JSON and by name', async () => {
  const shape: TableShape<{ topics: readonly Topic[]; problems: readonly never[] }> = {
    kind: 'table',
    isList: true,
    blocks: ({ topics }) => [{ columns, rows: topics }],
    names: ({ topics }) => topics.map(({ topic }) => topic),
    json: ({ topics }) => topics.map(({ topic }) => topic),
    fields: {},
  };
  const sort = { column: 'end-offset', descending: true };
  const value = { topics, problems: [] };
  assert.equal(await printed(shape, value, 'jsonl', { sort }), '"a-9"\n"a-10"\n"b"\n');
  assert.equal(await printed(shape, value, 'name', { sort }), 'a-9\na-10\nb\n');
});

test('a column of text for people is sorted by what it stands for', async () => {
  const rows = [{ retentionMs: '604800000' }, { retentionMs: '-1' }, { retentionMs: '43200000' }, { retentionMs: null }];
  const { shows } = topicsList;
  assert.equal(
    await printed(shows, rows, 'csv', { columns: ['retention'], sort: { column: 'retention', descending: true } }),
    'RETENTION\r\nforever\r\n7d\r\n12h\r\n\r\n',
  );
});
