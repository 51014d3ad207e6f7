/** `kt lag` over time: verdicts, waiting, watching, serving, each with groups that really read or do not. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn, linesOf } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

for (const { version, bootstrapServers, program } of await testClusters()) {
  describe(`lag over time on Kafka ${version}`, { concurrency: true }, () => {
    const { run, done, start, newTopic } = ktOn({ bootstrapServers, program });
    let cluster: Cluster;
    before(async () => {
      cluster = await opener(bootstrapServers)();
    });
    after(() => cluster.close());

    /** A topic with ten records, of which a new group has committed four. */
    async function behind(): Promise<{ topic: string; group: string }> {
      const topic = await newTopic();
      await done(['produce', topic], 'x\n'.repeat(10));
      return { topic, group: await commitOffsets(cluster, `group-${randomUUID()}`, topic, { 0: 4 }) };
    }

    /** Writes a record every 50 ms for as long as the test runs. */
    function writes(during: TestContext, topic: string): void {
      const producer = start(during, ['produce', topic]);
      const timer = setInterval(() => producer.child.stdin.write('x\n'), 50);
      producer.child.stdin.on('error', () => {});
      during.after(() => clearInterval(timer));
    }

    test('a group that has no members while records are written fails as stopped', async (t) => {
      const { topic, group } = await behind();
      writes(t, topic);
      const { code, stdout, stderr } = await run(['lag', group, '--fail-if-growing', '--for', '3s', '-o', 'json']);
      assert.equal(code, 1, stderr);
      assert.equal(JSON.parse(stdout)[0].partitions[0].verdict, 'stopped');
      const { error } = JSON.parse(stderr);
      assert.deepEqual([error.kind, error.code], ['check', 'LAG_GROWING']);
      assert.match(error.message, new RegExp(`^group ${group} falls behind \\(${topic}:0: stopped, lag \\d+\\)$`));
    });

    test('neither a quiet topic with unread records nor a group that keeps up is an alarm', async (t) => {
      const quiet = await behind();
      const calm = await run(['lag', quiet.group, '--fail-if-growing', '--for', '2s']);
      assert.deepEqual([calm.code, calm.stderr], [0, '']);
      assert.match(calm.stdout, /VERDICT/);

      const { topic, group } = await behind();
      start(t, ['tail', topic, '--group', group, '--commit']);
      writes(t, topic);
      await until(
        async () => JSON.parse(await done(['lag', group, '-o', 'json']))[0].partitions[0].committedOffset > 12,
        'it reads',
      );
      const { code, stderr } = await run(['lag', group, '--fail-if-growing', '--for', '4s']);
      assert.equal(code, 0, stderr);
    });

    test('--wait ends with 0 as soon as the check holds, and with 1 when its time is over', async (t) => {
      const { topic, group } = await behind();
      const late = await run(['lag', group, '--max-lag', '0', '--wait', '--for', '1s', '--interval', '300ms']);
      assert.equal(late.code, 1);
      assert.match(late.stderr, /lags more than 0/);
      const waiting = start(t, ['lag', group, '--max-lag', '0', '--wait', '--interval', '200ms', '-v']);
      let requests = '';
      waiting.child.stderr.on('data', (text) => {
        requests += text;
      });
      await until(() => (requests.match(/OffsetFetch/g) ?? []).length >= 2, 'it looks again');
      assert.equal(waiting.child.exitCode, null);
      await commitOffsets(cluster, group, topic, { 0: 10 });
      assert.equal((await waiting.ended).code, 0);
    });

    test('--wait does not wait for a group or topic that does not exist', async () => {
      assert.equal((await run(['lag', `no-${randomUUID()}`, '--max-lag', '0', '--wait'])).code, 3);
      const { group } = await behind();
      assert.equal((await run(['lag', group, '--topic', `no-${randomUUID()}`, '--max-lag', '0', '--wait'])).code, 3);
    });

    test('--watch in a pipe prints a JSON object per sample, until Ctrl-C', async (t) => {
      const { topic, group } = await behind();
      const watch = start(t, ['lag', '--watch', '300ms', group]);
      const printed: Buffer[] = [];
      watch.child.stdout.on('data', (chunk) => printed.push(chunk));
      const samples = () => linesOf(Buffer.concat(printed)).map((line) => JSON.parse(line));
      await until(() => samples().length >= 2, 'two samples');
      await commitOffsets(cluster, group, topic, { 0: 10 });
      await until(() => samples().at(-1)?.groups[0].lag === 0, 'the commit is seen');
      const row = samples().find(({ groups }) => groups[0].lag === 0).groups[0].partitions[0];
      assert.ok(row.outPerSecond > 0, JSON.stringify(row));
      assert.deepEqual([row.inPerSecond, row.catchUpSeconds], [0, 0]);
      assert.deepEqual(samples()[0].errors, []);
      watch.child.kill('SIGINT');
      assert.equal((await watch.ended).code, 130);
    });

    test('--watch of a group that does not exist is exit code 3', async () => {
      assert.equal((await run(['lag', '--watch', '1s', `no-${randomUUID()}`])).code, 3);
    });

    test('--serve gives Prometheus the present lag, and ends cleanly', async (t) => {
      const { topic, group } = await behind();
      const server = start(t, ['lag', group, '--seconds', '--serve', '0']);
      let said = '';
      server.child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      await until(() => /http:\S+/.test(said), 'it serves');
      const url = /http:\S+/.exec(said)![0];
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
      const scraped = await fetch(url);
      assert.match(scraped.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
      const text = await scraped.text();
      assert.match(
        text,
        new RegExp(`kafka_consumergroup_group_lag\\{.*group="${group}",topic="${topic}",partition="0".*\\} 6\n`),
      );
      assert.match(text, new RegExp(`kafka_partition_latest_offset\\{.*topic="${topic}",partition="0"\\} 10\n`));
      assert.match(text, /kafka_consumergroup_group_max_lag_seconds\{.*\} \d/);
      assert.match(text, /kt_up 1\n/);
      await commitOffsets(cluster, group, topic, { 0: 10 });
      assert.match(await (await fetch(url)).text(), /kafka_consumergroup_group_sum_lag\{.*\} 0\n/);
      const root = url.replace('metrics', '');
      assert.equal((await fetch(`${root}other`)).status, 404);
      assert.equal((await fetch(url, { method: 'POST' })).status, 405);
      const taken = await run(['lag', '--serve', new URL(url).host]);
      assert.equal(taken.code, 2);
      assert.match(taken.stderr, /\(the port is in use\)/);
      server.child.kill('SIGTERM');
      assert.equal((await server.ended).code, 143);
    });
  });
}

test('--serve with a cluster that does not answer says so, without old lag and without ending', async (t) => {
  const { start } = ktOn({ bootstrapServers: '127.0.0.1:1' });
  const server = start(t, ['lag', '--serve', '0', '--timeout', '10s']);
  let said = '';
  server.child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await until(() => /http:\S+/.test(said), 'it serves');
  const url = /http:\S+/.exec(said)![0];
  for (const count of [1, 2]) {
    const text = await (await fetch(url)).text();
    assert.match(text, /^kt_up 0$/m);
    assert.match(text, new RegExp(`^kt_scrape_errors_total\\{code="ECONNREFUSED"\\} ${count}$`, 'm'));
    assert.doesNotMatch(text, /kafka_/);
  }
  server.child.kill('SIGINT');
  assert.equal((await server.ended).code, 130);
});
