/** The Prometheus and Grafana examples in `examples/`: promtool accepts them, and kt serves the metrics they use. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { output, promtool, promtoolUnavailable } from '../support/foreign-clients.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const examples = join(import.meta.dirname, '../../examples');
const { bootstrapServers } = (await testClusters()).at(-1)!;
const skip = promtoolUnavailable();
if (skip) process.stderr.write(`promtool ${skip}\n`);
const { done, run, start, newTopic } = ktOn({ bootstrapServers });

describe('examples for metrics', () => {
  let metrics: string;
  let group: string;
  before(async () => {
    const topic = await newTopic();
    await done(['produce', topic], 'x\n');
    const cluster = await opener(bootstrapServers)();
    group = await commitOffsets(cluster, `group "${randomUUID()}"\\`, topic, { 0: 0 });
    await cluster.close();
    metrics = await done(['lag', group, '--seconds', '-o', 'prometheus']);
  });

  test('promtool finds nothing wrong with what kt prints and serves', { skip }, async (t) => {
    assert.equal((await output(promtool, ['check', 'metrics'], metrics)).toString(), '');
    const server = start(t, ['lag', group, '--serve', '0']);
    let said = '';
    server.child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => /http:\S+/.test(said), 'it serves');
    const served = await (await fetch(/http:\S+/.exec(said)![0])).text();
    assert.equal((await output(promtool, ['check', 'metrics'], served)).toString(), '');
  });

  test('the alert rules are right, and fire when they should', { skip }, async () => {
    await output(promtool, ['check', 'rules', join(examples, 'prometheus/lag-alerts.yml')]);
    await output(promtool, ['check', 'config', join(examples, 'prometheus/scrape.yml')]);
    await output(promtool, ['test', 'rules', join(examples, 'prometheus/lag-alerts.test.yml')]);
  });

  test('rules and dashboard ask for nothing that kt does not tell', async () => {
    const known = new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    for (const name of ['kt_up', 'kt_scrape_duration_seconds', 'kt_scrape_errors_total', 'kt_consumergroup_lost_offsets'])
      known.add(name);
    const texts = ['prometheus/lag-alerts.yml', 'grafana/lag.json'].map((file) => readFileSync(join(examples, file), 'utf8'));
    for (const text of texts) {
      const asked = [...text.matchAll(/\b(?:kafka|kt)_[a-z_]+/g)].map(([name]) => name);
      assert.ok(asked.length > 5);
      assert.deepEqual(
        asked.filter((name) => !known.has(name)),
        [],
      );
    }
    const { panels } = JSON.parse(texts[1]!);
    assert.equal(new Set(panels.map(({ id }: { id: number }) => id)).size, panels.length);
  });

  test('each exit code stands for one situation', async () => {
    assert.equal((await run(['lag', group, '--max-lag', '1'])).code, 0);
    assert.equal((await run(['lag', group, '--max-lag', '0'])).code, 1);
    assert.equal((await run(['lag', group, '--max-lag', 'few'])).code, 2);
    assert.equal((await run(['lag', `${group}x`, '--max-lag', '1'])).code, 3);
    assert.equal((await run(['lag', group, '-b', '127.0.0.1:1', '--max-lag', '1'])).code, 4);
  });
});
