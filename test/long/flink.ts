/**
 * The jobs that `kt aggregate --print flink-sql` prints, run by Apache Flink: their results are those of kt itself, row by row, and those of a
 * program that keeps all values.
 *
 *   npm run test:flink [count]
 *
 * Installs Flink (350 MB) under node_modules/.cache the first time; takes up to 3 GB of memory, since every window is open until the end.
 */
import assert from 'node:assert/strict';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { runFlinkSql } from '../support/flink.ts';
import { type KtOn, ktOn, linesOf } from '../support/kt-on.ts';
import { expectedRows, type Measured, type Row, type Span } from '../support/windowed.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const chunk = 50_000;
const firstMs = 1_790_000_040_000;
const stepMs = 100;
const categories = ['books', 'games', 'garden', 'music', 'toys'];

interface Order {
  readonly id: number;
  readonly user: { readonly id: number; readonly name: string };
  readonly category?: string;
  /** Quarters: sums are exact in any order. */
  readonly total?: number;
  readonly at: string;
  readonly paid: boolean;
}

/** Always the same ones; some without a category, some without a total. */
function* orders(): Generator<Order> {
  let random = 12_345;
  for (let id = 0; id < count; id++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield {
      id,
      user: { id: 1000 + ((random >> 8) % 500), name: `Zoë ${random % 7}` },
      ...(id % 97 !== 0 && { category: categories[(random >> 16) % 5]! }),
      ...(id % 89 !== 0 && { total: ((random >> 4) % 4000) / 4 }),
      at: new Date(firstMs + id * stepMs).toISOString(),
      paid: random % 3 === 0,
    };
  }
}

function* measured(keyOf: (order: Order) => Measured['key']): Generator<Measured> {
  for (const order of orders())
    yield { timeMs: firstMs + order.id * stepMs, key: keyOf(order), value: order.total, counted: order.user.id };
}

const everyMeasure = ['--count', '--distinct', 'value.user.id'].concat(
  ['sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'].flatMap((kind) => [`--${kind}`, 'value.total']),
);
const byCategory = ['--by', 'value.category'];

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  /** Undefined: only kt's own result is compared. */
  readonly expected?: { readonly span: Span; readonly key: (order: Order) => Measured['key'] };
}

const cases: readonly Case[] = [
  {
    name: 'tumbling',
    words: [...byCategory, '--window', '1m', ...everyMeasure],
    expected: { span: { sizeMs: 60_000, hopMs: 60_000 }, key: ({ category = null }) => category },
  },
  {
    name: 'hopping',
    words: [...byCategory, '--window', '2m', '--hop', '30s', ...everyMeasure],
    expected: { span: { sizeMs: 120_000, hopMs: 30_000 }, key: ({ category = null }) => category },
  },
  {
    name: 'session',
    words: ['--by', 'value.user.id', '--session', '45s', ...everyMeasure],
    expected: { span: { gapMs: 45_000 }, key: ({ user }) => user.id },
  },
  { name: 'one-window', words: [...byCategory, ...everyMeasure.slice(0, 11)] },
  {
    name: 'expressions',
    words: [
      ...['--window', '1500ms', '--time', 'time(value.at) + 250'],
      ...['--where', 'value.paid && value.total !== 12.5', '--where', '!/^zoë [0-2]$/.test(lower(value.user.name))'],
      ...['--by', `\`\${value.category ?? 'none'}/\${value.user.id % 3}\``],
      ...['--sum', 'net=Math.round(value.total / 1.25 * 100) / 100', '--avg', 'ratio=value.total / (value.user.id - 1003)'],
      ...[
        '--max',
        'name=value.user.name.slice(0, 3) + date(timestamp)',
        '--distinct',
        "kind=value.total > 500 ? 'large' : key",
      ],
      ...['--sum', 'ids=value.id', '--min', 'offset=offset', '--max', 'day=hash(value.at.slice(0, 10))'],
    ],
  },
];

/** Between two scripts in one session of the SQL client. */
const dropped = '\nDROP TEMPORARY VIEW `measured`;\nDROP TEMPORARY TABLE `records`;\nDROP TEMPORARY TABLE `results`;\n';

const { during, end } = endings();
try {
  const cluster = await ownCluster(during, {});
  const kt = ktOn(cluster, 'binary');
  await kt.done(['topics', 'create', 'orders', '-p', '3', '--retention', '-1']);
  await writeOrders(kt);
  const scripts: string[] = [];
  for (const { name, words } of cases) {
    await kt.done(['topics', 'create', `${name}-results`, '-p', '1', '--retention', '-1']);
    scripts.push(await kt.done([...command(words), '--into', `${name}-results`, '--print', 'flink-sql']));
  }
  const began = performance.now();
  await runFlinkSql(scripts.join(dropped));
  console.log(`Flink ran ${cases.length} jobs over ${count} orders in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  for (const each of cases) {
    try {
      await compare(kt, each);
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      console.log(error.message);
      process.exitCode = 1;
    }
  }
} finally {
  await end();
}

function command(words: readonly string[]): readonly string[] {
  return ['aggregate', 'orders', '--from-beginning', '-e', ...words];
}

async function writeOrders(kt: KtOn): Promise<void> {
  let lines: string[] = [];
  const write = async () => {
    await kt.done(['produce', 'orders', '-i', 'json'], lines.join(''));
    lines = [];
  };
  for (const order of orders()) {
    const record = { key: String(order.user.id), value: JSON.stringify(order), timestamp: firstMs + order.id * stepMs };
    if (lines.push(`${JSON.stringify(record)}\n`) === chunk) await write();
  }
  await write();
}

async function compare(kt: KtOn, { name, words, expected }: Case): Promise<void> {
  const own = rowsOf(await kt.done([...command(words), '-o', 'json']));
  const flink = rowsOf(await kt.done(['tail', `${name}-results`, '--from-beginning', '-e', '-o', 'value']));
  assert.ok(own.length > 0);
  assertSame(flink, own, `${name}: Flink and kt`);
  if (expected) {
    assertSame(flink, inOrder(expectedRows(measured(expected.key), expected.span)), `${name}: Flink and the reference`);
  }
  console.log(`${name}: ${flink.length} rows are the same`);
}

function rowsOf(text: string): readonly Row[] {
  return inOrder(linesOf(text).map((line) => JSON.parse(line)));
}

function inOrder(rows: readonly Row[]): readonly Row[] {
  const place = ({ windowStart, key }: Row) => `${windowStart} ${key === null ? '' : `=${key}`}`;
  return rows
    .map((row) => [place(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}

function assertSame(actual: readonly Row[], wanted: readonly Row[], what: string): void {
  assert.equal(actual.length, wanted.length, `${what}: rows`);
  for (const [index, row] of wanted.entries()) {
    const other = actual[index]!;
    assert.deepEqual(Object.keys(other).sort(), Object.keys(row).sort(), what);
    for (const [name, value] of Object.entries(row)) {
      const found = other[name];
      const isSame = found === value || (typeof found === 'number' && typeof value === 'number' && isNear(found, value));
      assert.ok(isSame, `${what}: ${name} is ${found}, not ${value}, in ${JSON.stringify(row)}`);
    }
  }
}

/** What is computed in another order may differ in its last digits: means, percentiles, sums of fractions; never two integers. */
function isNear(a: number, b: number): boolean {
  return !(Number.isInteger(a) && Number.isInteger(b)) && Math.abs(a - b) <= Math.abs(b) * 1e-9;
}
