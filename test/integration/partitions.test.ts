/** `kt partitions` on real clusters of three, beside Kafka's own kafka-reassign-partitions. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brokenCluster } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Outcome {
  readonly topic: string;
  readonly partition: number;
  readonly status: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

const versions = ['3.7.0', '4.3.1'];
test('partitions', { concurrency: versions.length }, async (both) => {
  await Promise.all(versions.map((version) => both.test(`of Kafka ${version}`, (suite) => onThree(suite, version))));
});

async function onThree(suite: TestContext, version: string): Promise<void> {
  const cluster = await brokenCluster(version);
  const { run, start, done, newTopic, values } = ktOn(cluster);
  const json = async (...args: string[]) => JSON.parse(await done([...args, '-o', 'json']));
  const kafka = (tool: string, ...args: string[]) =>
    javaTool(cluster.classpath!, tool, ['--bootstrap-server', cluster.bootstrapServers, ...args]);
  const reassignTool = (...args: string[]) => kafka('org.apache.kafka.tools.reassign.ReassignPartitionsCommand', ...args);
  const folder = mkdtempSync(join(tmpdir(), 'kt-reassign-'));
  suite.after(() => rmSync(folder, { recursive: true }));

  /** A topic of two partitions with 4 MB of records, on brokers 1 and 2. */
  async function filled(): Promise<string> {
    const topic = await newTopic('--replica-assignment', '1:2,2:1');
    for (const partition of ['0', '1'])
      await done(['produce', topic, '--partition', partition], `${'x'.repeat(999)}\n`.repeat(2_000));
    return topic;
  }
  const replicasOf = async (topic: string) =>
    (await json('topics', 'describe', topic))[0].partitions.map(({ replicas }: { replicas: number[] }) => replicas);
  /** Every throttle there is on brokers and on the topic. */
  async function throttles(topic: string): Promise<string[]> {
    const resources = [`topic ${topic}`, 'broker 1', 'broker 2', 'broker 3'];
    const found = await Promise.all(
      resources.map(async (resource) => {
        const [{ configs }] = [await json('configs', 'describe', ...resource.split(' '))].flat();
        const names = Object.keys(configs).filter((name) => name.includes('throttled'));
        return names.map((name) => `${resource} ${name}`);
      }),
    );
    return found.flat();
  }
  const ongoingOf = async (topic: string): Promise<Outcome[]> =>
    (await json('partitions', 'reassignments')).filter((each: Outcome) => each.topic === topic);
  const inSync = async (topic: string): Promise<number> =>
    (await json('topics', 'describe', topic))[0].partitions.flatMap(({ isr }: { isr: number[] }) => isr).length;

  await suite.test('a plan is shown, moves nothing without --yes, and with it becomes Kafka’s assignment', async () => {
    const topic = await filled();
    const plan: Outcome[] = await json('partitions', 'reassign', topic, '--replication-factor', '3', '--dry-run');
    assert.deepEqual(
      plan.map(({ partition, status, from, adding, removing }) => [partition, status, from, adding, removing]),
      [
        [0, 'valid', [1, 2], [3], []],
        [1, 'valid', [2, 1], [3], []],
      ],
    );
    const asked = await run(['partitions', 'reassign', topic, '--replication-factor', '3']);
    assert.deepEqual([asked.code, asked.stdout], [2, '']);
    assert.match(
      asked.stderr,
      /:0: 1,2 → .*\(1\.9MiB\)\n.*\nkt: Reassign 2 partitions, copying 3\.[89]MiB without a throttle\?/,
    );
    assert.deepEqual(await replicasOf(topic), [[1, 2], [2, 1]]); // biome-ignore format: rows

    const moved: Outcome[] = await json('partitions', 'reassign', topic, '--replication-factor', '3', '--yes', '--wait');
    assert.deepEqual(
      moved.map(({ status, to }) => [status, to]),
      plan.map(({ to }) => ['reassigned', to]),
    );
    assert.deepEqual(
      await replicasOf(topic),
      plan.map(({ to }) => to),
    );
    const file = join(folder, `${topic}.json`);
    const partitions = plan.map(({ partition, to }) => ({ topic, partition, replicas: to }));
    writeFileSync(file, JSON.stringify({ version: 1, partitions }));
    const verified = await reassignTool('--verify', '--preserve-throttles', '--reassignment-json-file', file);
    for (const partition of [0, 1]) assert.match(verified, new RegExp(`partition ${topic}-${partition} is completed`));
    assert.equal((await values(topic)).length, 4_000);
    const again: Outcome[] = await json('partitions', 'reassign', topic, '--yes');
    assert.ok(again.every(({ status }) => status === 'unchanged'));
  });

  await suite.test('brokers are emptied: all replicas are on the named brokers', async () => {
    const topic = await newTopic('--replica-assignment', '3,1,2,3');
    const moved: Outcome[] = await json('partitions', 'reassign', topic, '--brokers', '1,2', '--yes', '--wait');
    const on = moved.map(({ to }) => to[0]!);
    assert.deepEqual(on.filter((id) => id === 1).length, 2);
    assert.deepEqual(on.filter((id) => id === 2).length, 2);
    assert.deepEqual(
      moved.map(({ status }) => status),
      ['reassigned', 'unchanged', 'unchanged', 'reassigned'],
    );
    const unknown = await run(['partitions', 'reassign', topic, '--brokers', '1,9', '--yes']);
    assert.deepEqual([unknown.code, unknown.stdout], [3, '']);
    assert.match(unknown.stderr, /^kt: broker 9 is not in the cluster at the moment\nhint: the brokers are: 1, 2, 3/);
    const tooMany = await run(['partitions', 'reassign', topic, '--replication-factor', '4', '--yes']);
    assert.deepEqual([tooMany.code, /4 replicas on 3 brokers/.test(tooMany.stderr)], [2, true]);
  });

  await suite.test(
    'a throttled move is listed as Kafka lists it, leaves its throttle while it lasts, and can be cancelled',
    async () => {
      const topic = await filled();
      const begun = await run(['partitions', 'reassign', topic, '--replication-factor', '3', '--throttle', '10kB/s', '--yes']);
      assert.equal(begun.code, 0, begun.stderr);
      assert.match(begun.stderr, /the reassignment continues: kt partitions reassignments shows it, and removes the throttle/);
      const ongoing = await json('partitions', 'reassignments');
      const theirs = await reassignTool('--list');
      for (const { topic: its, partition, replicas, adding, bytesLeft } of ongoing) {
        assert.ok(
          theirs.includes(`${its}-${partition}: replicas: ${replicas.join(',')}. adding: ${adding.join(',')}.`),
          theirs,
        );
        // Of 2 MB; the follower's first fetch, of 1 MiB, may pass before the throttle counts.
        assert.ok(bytesLeft > 900_000, `${bytesLeft} bytes are left`);
      }
      assert.equal(ongoing.length, 2);
      assert.equal((await throttles(topic)).length, 8);
      const busy = await run(['partitions', 'reassign', topic, '--brokers', '1,2', '--yes']);
      assert.deepEqual([busy.code, /is already being reassigned/.test(busy.stderr)], [3, true]);

      const ended: Outcome[] = await json('partitions', 'reassign', topic, '--cancel', '--yes');
      assert.deepEqual(
        ended.map(({ status, to }) => [status, to]),
        [
          ['cancelled', [1, 2]],
          ['cancelled', [2, 1]],
        ],
      );
      assert.deepEqual(await throttles(topic), []);
      assert.match(await reassignTool('--list'), /No partition reassignments found/);
      assert.equal((await values(topic)).length, 4_000);
    },
  );

  await suite.test('a throttle is gone when kt has waited for the end', async () => {
    const topic = await filled();
    const moved: Outcome[] = await json(
      ...['partitions', 'reassign', topic, '--replication-factor', '3', '--throttle', '50MiB/s', '--yes', '--wait'],
    );
    assert.ok(moved.every(({ status }) => status === 'reassigned'));
    assert.deepEqual(await throttles(topic), []);
  });

  await suite.test('a killed kt leaves a throttle, which the next one removes once nothing moves', async (t) => {
    const topic = await filled();
    const args = ['partitions', 'reassign', topic, '--replication-factor', '3', '--throttle', '300kB/s', '--yes', '--wait'];
    const { child, ended } = start(t, args);
    await until(async () => (await replicasOf(topic)).flat().length >= 6, 'the reassignment has begun');
    child.kill('SIGKILL');
    await ended;
    await until(async () => (await inSync(topic)) >= 6, 'all replicas are in sync');
    assert.equal((await throttles(topic)).length, 8);
    const { stderr } = await run(['partitions', 'reassignments']);
    assert.match(stderr, new RegExp(`throttle of a finished reassignment removed from brokers 1, 2, 3 and topics ${topic}`));
    assert.deepEqual(await throttles(topic), []);
    assert.equal((await values(topic)).length, 4_000);
  });

  await suite.test('Ctrl-C ends the waiting, not the move', async (t) => {
    const topic = await filled();
    const args = ['partitions', 'reassign', topic, '--replication-factor', '3', '--throttle', '300kB/s', '--yes', '--wait'];
    const { child, ended } = start(t, args);
    await until(async () => (await replicasOf(topic)).flat().length >= 6, 'the reassignment has begun');
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /what was started continues: kt partitions reassignments shows it, and removes the throttle/);
    const others = ['broker 1 leader', 'broker 2 leader', 'broker 3 follower'].map(
      (each) => `${each}.replication.throttled.rate`,
    );
    await Promise.all(
      others.map((each) => done(['configs', 'alter', ...each.split(' ', 2), '--config', `${each.split(' ')[2]}=100000000`])),
    );
    await until(async () => (await ongoingOf(topic)).length === 0, 'the move is over');
    assert.deepEqual(
      (await replicasOf(topic)).map((replicas: number[]) => [...replicas].sort()),
      [[1, 2, 3], [1, 2, 3]], // biome-ignore format: rows
    );
    // Throttles that somebody else changed stay.
    assert.deepEqual(await throttles(topic), others);
    const foreign = await run(['partitions', 'reassign', topic, '--replication-factor', '2', '--throttle', '1MiB/s', '--yes']);
    assert.equal(foreign.code, 0, 'removing replicas copies nothing, so nothing is throttled');
    await until(
      async () => (await replicasOf(topic)).flat().length <= 4 && (await ongoingOf(topic)).length === 0,
      'two replicas are left',
    );
    const clash = await run(['partitions', 'reassign', topic, '--replication-factor', '3', '--throttle', '1MiB/s', '--yes']);
    assert.equal(clash.code, 3);
    assert.match(
      clash.stderr,
      /a throttle that kt did not set is on broker 1 \(leader\.replication\.throttled\.rate=100000000\)\nhint: /,
    );
    assert.deepEqual(await throttles(topic), others);
    for (const each of others) {
      const [type, broker, config] = each.split(' ') as [string, string, string];
      await done(['configs', 'alter', type, broker, '--delete-config', config]);
    }
  });
}
