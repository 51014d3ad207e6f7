/** The examples in examples/ do what they say: each is run as a reader runs it, and what it has left in Kafka is checked from outside. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type TestCluster, testClusters } from '../support/clusters.ts';
import { runScript } from '../support/examples.ts';
import { output as outputOf, postgresUnavailable } from '../support/foreign-clients.ts';
import { type KtOn, keptForever, ktOn, linesOf } from '../support/kt-on.ts';

const examples = join(import.meta.dirname, '../../examples');
const clients = join(import.meta.dirname, '../support/clients');
const [old, newest] = await testClusters();
const skip = postgresUnavailable();
if (skip) process.stderr.write(`PostgreSQL ${skip}\n`);

/** Runs an example, which must end with 0. */
async function runs(t: TestContext, example: string, cluster: TestCluster, env: Record<string, string> = {}) {
  const run = randomUUID().slice(0, 8);
  const program = cluster === newest ? 'binary' : 'node';
  const { code, output } = await runScript(t, [join(examples, example)], { cluster, program, env: { RUN: run, ...env } });
  assert.equal(code, 0, output);
  return { output, run, kt: ktOn(cluster, program) };
}

interface Window {
  readonly windowStart: number;
  readonly key: string;
}

function sorted(windows: readonly Window[]): readonly Window[] {
  return [...windows].sort((a, b) => a.windowStart - b.windowStart || (a.key < b.key ? -1 : 1));
}

/** What the guide's two agents must make of a topic's orders, by a Python program. */
async function reference(kt: KtOn, orders: string): Promise<{ processed: unknown[]; revenue: Window[] }> {
  const lines = await kt.done(['tail', orders, '--from-beginning', '-e', '-o', 'json']);
  return JSON.parse((await outputOf('python3', [join(clients, 'shop.py')], lines)).toString());
}

// They mostly wait: for commands to start, for the log cleaner, for groups.
describe('examples', { concurrency: 2 }, () => {
  test('a consumer that commits after processing repeats a batch when it crashes in between, and loses nothing', async (t) => {
    const { output, run, kt } = await runs(t, 'producer-consumer.sh', newest!);
    assert.match(output, /400 orders processed, 300 different ones: 100 came twice, none was lost/);
    assert.match(await kt.done(['lag', `billing-${run}`]), /^lag: +0$/m);
  });

  test('two services read the same topic, and the lag of the slow one is an exit code', async (t) => {
    const { output } = await runs(t, 'group-per-service.sh', newest!);
    assert.match(output, /billing has read 100 orders, mailer 40\n/);
    assert.match(output, /group mailer-\S+ lags more than 15/);
    assert.match(output, /group mailer-\S+ falls behind/);
  });

  test('a relay from an outbox in PostgreSQL loses no committed event and sends none that was rolled back', {
    skip,
  }, async (t) => {
    const { output, run, kt } = await runs(t, 'outbox/run.sh', newest!, { ROWS: '2000', KILLS: '4' });
    assert.match(output, /1720 events committed, 280 rolled back/);
    const lines = linesOf(await kt.done(['tail', `order-events-${run}`, '--from-beginning', '-e', '-o', 'json']));
    const orders = new Set(lines.map((line): number => JSON.parse(JSON.parse(line).value).id));
    assert.equal(orders.size, 1720);
    const rolledBack = [...orders].filter((order) => Math.floor((order - 1) / 10) % 7 === 6);
    assert.deepEqual(rolledBack, []);
  });

  for (const cluster of [old!, newest!]) {
    test(`the first agent makes the processed orders that a Python program makes, on Kafka ${cluster.version}`, async (t) => {
      const { output, run, kt } = await runs(t, 'enrichment.sh', cluster);
      assert.match(output, /601 records read, 600 written, 1 kept in the dead-letter topic/);
      assert.match(output, /x-error-message=a text has no toFixed\(\),x-original-topic=orders-\S+,x-original-partition=\d/);
      const mended = `mended-${run}`;
      await kt.done(['topics', 'create', mended, '--partitions', '3', ...keptForever]);
      const isNumber = 'typeof value.total === "number"';
      await kt.done(['pipe', `orders-${run}`, mended, '--from-beginning', '-e', '--where', isNumber]);
      const processed = (await kt.values(`processed-orders-${run}`)).map((value) => JSON.parse(value));
      assert.equal(processed.length, 601);
      assert.deepEqual(
        processed.sort((a, b) => a.id - b.id),
        (await reference(kt, mended)).processed,
      );
    });

    test(`the second agent sums the revenue that a Python program sums, on Kafka ${cluster.version}`, async (t) => {
      const { run, kt } = await runs(t, 'revenue.sh', cluster);
      const { revenue } = await reference(kt, `orders-${run}`);
      assert.equal(revenue.length, 51);
      const words = [
        '--by',
        'value.category',
        '--window',
        '1m',
        '--count',
        '--sum',
        'revenue=value.total',
        '--from-beginning',
        '-e',
      ];
      const rows = linesOf(await kt.done(['aggregate', `orders-${run}`, ...words, '-o', 'json'])).map((line) =>
        JSON.parse(line),
      );
      assert.deepEqual(sorted(rows), sorted(revenue));
      // The windows of the last minutes are still open.
      const results = (await kt.values(`revenue-${run}`)).map((value) => JSON.parse(value));
      assert.deepEqual(sorted(results), sorted(revenue.slice(0, 45)));
    });
  }

  test('a projection into SQLite, killed again and again, equals a rebuild', async (t) => {
    const { output } = await runs(t, 'cqrs/run.sh', newest!, { KILLS: '4' });
    assert.match(output, /Equal, row for row and offset for offset, after 4 kills/);
    // 2,000 orders of 20 users.
    assert.match(output, /^user-0,100,\d+$/m);
  });

  test('the state of accounts follows from their events, now and as of a time', async (t) => {
    const { output } = await runs(t, 'event-sourcing.sh', newest!);
    assert.match(output, /A-1 \{"owner":"Ann","cents":7000\}/);
    assert.match(output, /A-2 \{"owner":"Ben","cents":2000\}/);
    assert.match(output, /A-1 \{"owner":"Ann","cents":10000\}/);
    assert.match(output, /A-2 \{"owner":"Ben","cents":2500\}/);
  });

  test('a saga whose compensator is stopped is found by the step that is missing', async (t) => {
    const { output, run, kt } = await runs(t, 'saga/run.sh', newest!);
    assert.match(output, /OrderCancelled[\s\S]*exit code 1/);
    const events = [...(await kt.values(`orders-${run}`)), ...(await kt.values(`payments-${run}`))].map((value) =>
      JSON.parse(value),
    );
    const of = (type: string) =>
      events
        .filter((event) => event.type === type)
        .map(({ order }) => order)
        .sort((a, b) => a - b);
    assert.deepEqual(of('PaymentFailed'), [5, 10, 15, 20, 25]);
    assert.deepEqual(of('OrderCancelled'), [5, 10, 15, 20, 25]);
    assert.equal(of('PaymentCompleted').length, 16);
  });

  test('a compacted topic loses what was overwritten, and its table stays the same', async (t) => {
    const { run, kt } = await runs(t, 'compaction.sh', newest!);
    assert.ok((await kt.values(`users-${run}`)).length < 51);
  });
});
