/** Brokers that are killed and started again under those who follow a topic. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { brokenCluster, ownCluster } from '../support/clusters.ts';
import { kt, startKt } from '../support/kt.ts';
import { until } from '../support/until.ts';

/** Three that follow a topic: on Node, as the binary, and as a group's member. */
function followers(topic: string, server: readonly string[]) {
  const tail = ['tail', topic, '-q', '--from-beginning', ...server];
  const children = [
    startKt(tail),
    startKt(tail, { program: 'binary' }),
    startKt([...tail, '--group', `${topic}-group`, '--commit'], { program: 'binary' }),
  ];
  const output = children.map((child) => {
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      text.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      text.stderr += chunk;
    });
    return text;
  });
  return {
    read: (expected: string) =>
      until(
        () => output.every(({ stdout }) => stdout === expected),
        () => JSON.stringify(output),
        60_000,
      ),
    /** Ctrl-C to each; resolves with exit codes and stderr, without what is said of a leader or coordinator that is waited for. */
    async interrupt() {
      const ends = children.map((child) => once(child, 'close'));
      for (const child of children) child.kill('SIGINT');
      return (await Promise.all(ends)).map(([code], index) => [
        code,
        output[index]!.stderr.replace(/^kt: (group \S+: )?waiting for (the leader of|its coordinator) .*\n/gm, ''),
      ]);
    },
    kill: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

const wellEnded = [130, 130, 130].map((code) => [code, '']);

test('a broker that is killed and started again is found again by who follows a topic', async (t) => {
  const cluster = await ownCluster(t, {});
  const server = ['-b', cluster.bootstrapServers];
  const topic = `followed-${randomUUID()}`;
  assert.equal((await kt(['topics', 'create', topic, ...server])).code, 0);
  const tails = followers(topic, server);
  t.after(tails.kill);
  let expected = '';
  for (const end of [undefined, 'killNode', 'stopNode'] as const) {
    if (end) {
      await cluster[end](1);
      await cluster.startNode(1);
    }
    const record = `after ${end}`;
    const { code, stderr } = await kt(['produce', topic, '-q', '-m', record, ...server]);
    assert.equal(code, 0, stderr);
    expected += `${record}\n`;
    await tails.read(expected);
  }
  assert.deepEqual(await tails.interrupt(), wellEnded);
});

test('each broker in turn can be killed under who follows a topic: leaders and coordinators are found again', async (t) => {
  const cluster = await brokenCluster();
  const server = ['-b', cluster.bootstrapServers];
  const topic = `moving-${randomUUID()}`;
  assert.equal((await kt(['topics', 'create', topic, '--partitions', '1', ...server])).code, 0);
  const tails = followers(topic, server);
  t.after(tails.kill);
  let expected = '';
  for (const { id } of cluster.nodes) {
    await cluster.killNode(id);
    const record = `without ${id}`;
    const { code, stderr } = await kt(['produce', topic, '-q', '-m', record, ...server, '--timeout', '30s']);
    assert.equal(code, 0, stderr);
    expected += `${record}\n`;
    await tails.read(expected);
    await cluster.startNode(id);
  }
  assert.deepEqual(await tails.interrupt(), wellEnded);
});
