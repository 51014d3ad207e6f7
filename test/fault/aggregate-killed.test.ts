/** `kt aggregate --into` killed with SIGKILL: whoever goes on, the same process started again or one that stood by, each result is written once. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { followed } from '../support/followed.ts';
import { aggregatedUnderKills } from '../support/killed-aggregation.ts';
import { keptForever, ktOn } from '../support/kt-on.ts';
import { orderLines, orders, revenueOf, revenueOptions } from '../support/orders.ts';
import { until } from '../support/until.ts';

const clusters = await testClusters();

// Most of the time they wait for sessions of killed members to end.
describe('killed', { concurrency: true }, () => {
  for (const [index, cluster] of clusters.entries()) {
    const kt = ktOn(cluster, index === 0 ? 'node' : 'binary');

    test(`Kafka ${cluster.version}: killed twice while records flow, it comes to what an undisturbed run comes to`, async (t) => {
      await aggregatedUnderKills(t, kt, { records: 9_000, kills: 2, stepMs: 50, grace: '200s' });
    });

    test(`Kafka ${cluster.version}: a second process stands by, and takes over when the first is killed`, async (t) => {
      const topic = await kt.newTopic('-p', '1', ...keptForever);
      const name = `revenue-${randomUUID()}`;
      const options = [...revenueOptions, '--window', '30s', '--grace', '0ms', '--into', name, '--group', name];
      const command = ['aggregate', topic, '--from-beginning', ...options];
      const all = orders(9_000, 10);
      const first = kt.start(t, command);
      await kt.done(['produce', topic, '-i', 'json'], orderLines(all.slice(0, 4_000)));
      await until(async () => (await kt.run(['tail', name, '--from-beginning', '-e'])).stdout !== '', 'results');
      const second = kt.start(t, command);
      const processes = [first, second];
      const said = processes.map((each) => followed('aggregate', each).stderr);
      const standsBy = () => processes.findIndex((_, at) => said[at]!().includes('another process is active'));
      await until(
        () => standsBy() >= 0,
        () => `one stands by: ${said.map((each) => each())}`,
      );
      // The group may have given the work to the newcomer.
      const left = processes[standsBy()]!;
      processes.find((each) => each !== left)!.child.kill('SIGKILL');
      await kt.done(['produce', topic, '-i', 'json'], orderLines(all.slice(4_000)));
      const expected = revenueOf(all, 30_000).slice(0, -5);
      await until(async () => (await kt.values(name)).length >= expected.length, 'the one that stood by goes on');
      assert.deepEqual(
        (await kt.values(name, '--from-beginning', '-e', '--merge')).map((line) => JSON.parse(line)),
        expected,
      );
      left.child.kill('SIGINT');
      assert.equal((await left.ended).code, 130);
    });
  }
});
