/** The only broker dies and comes back while kt watches, serves and waits on lag: nothing old is shown meanwhile, and all continue. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { ownCluster } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn, linesOf } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

for (const [kafkaVersion, program] of [
  ['4.3.1', 'node'],
  ['3.7.0', 'binary'],
] as const) {
  test(`${kafkaVersion}, ${program}: an outage is reported as an error, which ends with the outage`, {
    timeout: 400_000,
  }, async (t) => {
    const local = await ownCluster(t, { kafkaVersion });
    const { done, start, newTopic } = ktOn(local, program);
    const topic = await newTopic();
    await done(['produce', topic], 'x\n'.repeat(10));
    const group = `group-${randomUUID()}`;
    const before = await opener(local.bootstrapServers)();
    await commitOffsets(before, group, topic, { 0: 4 });
    await before.close();

    const watch = start(t, ['lag', group, '--watch', '300ms', '--timeout', '20s']);
    const watched: Buffer[] = [];
    watch.child.stdout.on('data', (chunk) => watched.push(chunk));
    const last = (): { groups: { lag: number }[]; errors: { kind: string }[] } | undefined => {
      const line = linesOf(Buffer.concat(watched)).at(-1);
      return line === undefined ? undefined : JSON.parse(line);
    };
    const waiter = start(t, ['lag', group, '--max-lag', '0', '--wait', '--interval', '200ms', '--timeout', '20s', '-v']);
    let asked = '';
    waiter.child.stderr.on('data', (chunk) => {
      asked += chunk;
    });
    const server = start(t, ['lag', group, '--serve', '0', '--timeout', '20s']);
    let said = '';
    server.child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => /http:\S+/.test(said), 'it serves');
    const url = /http:\S+/.exec(said)![0];
    const scrape = async () => (await fetch(url)).text();
    await until(async () => /sum_lag\{.*\} 6$/m.test(await scrape()) && last()?.groups[0]?.lag === 6, 'the lag is told');

    // Who cannot reach the cluster at first does not wait for it.
    await until(() => asked.split('ListOffsets v').length > 2, 'the waiter has looked, and looks again');

    await local.killNode(1);
    const gone = await scrape();
    assert.match(gone, /^kt_up 0$/m);
    assert.match(gone, /^kt_scrape_errors_total\{code="\w+"\} [1-9]/m);
    assert.doesNotMatch(gone, /kafka_/);
    await until(() => last()?.errors.length === 1, 'the error is watched');
    assert.deepEqual([last()!.groups, last()!.errors[0]!.kind], [[], 'connection']);

    await local.startNode(1);
    await until(async () => /^kt_up 1$/m.test(await scrape()) && last()?.groups[0]?.lag === 6, 'it is over');
    assert.match(await scrape(), /sum_lag\{.*\} 6$/m);
    assert.equal(waiter.child.exitCode, null);
    const after = await opener(local.bootstrapServers)();
    await commitOffsets(after, group, topic, { 0: 10 });
    await after.close();
    assert.equal((await waiter.ended).code, 0);
    for (const { child, ended } of [watch, server]) {
      child.kill('SIGINT');
      assert.equal((await ended).code, 130);
    }
  });
}
