/** The examples in examples/ do what they say: each is run as a reader runs it, and what it has left in Kafka is checked from outside. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type TestCluster, testClusters } from '../support/clusters.ts';
import { runScript } from '../support/examples.ts';
import { postgresUnavailable } from '../support/foreign-clients.ts';
import { ktOn, linesOf } from '../support/kt-on.ts';

const examples = join(import.meta.dirname, '../../examples');
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
