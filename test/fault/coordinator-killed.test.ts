/** A transaction coordinator that dies in the middle: readers of committed records see all of a transaction or nothing, and kt says which. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brokenCluster } from '../support/clusters.ts';
import { kcatUnavailable, output } from '../support/foreign-clients.ts';
import { asLines, type KtOn, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const cluster = await brokenCluster();
const kcat = kcatUnavailable();
const lines = 60_000;

/** As Kafka chooses it: the leader of the __transaction_state partition given by the id's Java hash. */
async function coordinatorOf({ done }: KtOn, transactionalId: string): Promise<number> {
  const [{ partitions }] = JSON.parse(await done(['topics', 'describe', '__transaction_state', '-o', 'json']));
  let hash = 0;
  for (const character of transactionalId) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return partitions[(hash & 0x7fffffff) % partitions.length].leader;
}

async function replicatedTopic({ newTopic, run }: KtOn): Promise<string> {
  const topic = await newTopic('--partitions', '3', '--replication-factor', '3', '--config', 'min.insync.replicas=2');
  // A broker killed earlier must follow again before another one may be killed.
  await until(async () => {
    const { stdout, code } = await run(['topics', 'describe', topic, '__transaction_state', '-o', 'json']);
    const topics: { partitions: { isr: number[] }[] }[] = code === 0 ? JSON.parse(stdout) : [];
    const whole = topics.every(({ partitions }) => partitions.every(({ isr }) => isr.length === 3));
    if (code !== 0) await run(['produce', topic, '-m', 'first', '--transactional-id', `first-${topic}`]);
    return whole && topics.length === 2;
  }, `${topic} and the transactions are whole again`);
  return topic;
}

/** Writes half of the lines, kills the coordinator while the producer works, and writes the rest. */
async function producedWithoutCoordinator(t: TestContext, kt: KtOn, topic: string, options: readonly string[]) {
  const coordinator = await coordinatorOf(kt, topic);
  const { child, ended } = kt.start(t, ['produce', topic, '--transactional-id', topic, ...options]);
  const follower = kt.start(t, ['tail', topic, '--from-beginning', '--isolation', 'read_uncommitted', '-o', 'value']);
  let arrived = 0;
  follower.child.stdout.on('data', (chunk: Buffer) => {
    arrived += chunk.length;
  });
  child.stdin.write(asLines(numbers(1, lines / 2)));
  await until(() => arrived > 0, 'the first record arrives');
  await cluster.killNode(coordinator);
  child.stdin.end(asLines(numbers(lines / 2 + 1, lines)));
  const result = await ended;
  await cluster.startNode(coordinator);
  follower.child.kill('SIGKILL');
  return result;
}

/** The committed numbers, as kt and kcat read them, which is the same. */
async function committed(t: TestContext, kt: KtOn, topic: string): Promise<number[]> {
  const read = async (lines: string[]) =>
    lines
      .filter((line) => line !== 'first')
      .map(Number)
      .sort((a, b) => a - b);
  const seen = await read(await kt.values(topic));
  await t.test('kcat reads the same', { skip: kcat }, async () => {
    const args = ['-C', '-b', cluster.bootstrapServers, '-t', topic, '-o', 'beginning', '-e', '-q'];
    const theirs = await output('kcat', [...args, '-X', 'isolation.level=read_committed']);
    assert.deepEqual(await read(linesOf(theirs)), seen);
  });
  return seen;
}

// This test comes first, while the brokers still have the processes they were started with.
test('a commit without an answer may have succeeded: exit code 4 says so, and all lines are there or none', async (t) => {
  const kt = ktOn(cluster, 'binary');
  const topic = await replicatedTopic(kt);
  const { child, ended } = kt.start(t, ['produce', topic, '--transactional-id', topic, '--delivery-timeout', '30s']);
  child.stdin.write(asLines(numbers(1, 1000)));
  const uncommitted = ['--from-beginning', '-e', '--isolation', 'read_uncommitted'];
  const written = async () => (await kt.values(topic, ...uncommitted)).filter((value) => value !== 'first').length;
  await until(async () => (await written()) >= 1000, 'all lines are written');
  const brokers = cluster.nodes.map(({ pid }) => pid);
  for (const broker of brokers) process.kill(broker, 'SIGSTOP');
  try {
    child.stdin.end();
    const { code, stderr } = await ended;
    assert.match(stderr, /; no answer to the commit: lines 1-1000 may have been written, all or none$/m);
    assert.equal(code, 4);
  } finally {
    for (const broker of brokers) process.kill(broker, 'SIGCONT');
  }
  await replicatedTopic(kt);
  const isDecided = async () => {
    const { code, stdout } = await kt.run(['transactions', 'describe', topic, '-o', 'json']);
    return code === 0 && JSON.parse(stdout).every(({ state }: { state: string }) => !/^(Ongoing|Prepare)/.test(state));
  };
  await until(isDecided, 'the transaction is committed or aborted', 180_000);
  assert.ok([0, 1000].includes((await committed(t, kt, topic)).length));
});

test('a transaction continues at the next coordinator: all of it is committed, once', async (t) => {
  const kt = ktOn(cluster, 'binary');
  const topic = await replicatedTopic(kt);
  const { code, stderr } = await producedWithoutCoordinator(t, kt, topic, []);
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`^${lines} records written to `));
  assert.deepEqual(await committed(t, kt, topic), numbers(1, lines).map(Number));
});

test('several transactions go on with the next coordinator: all of them are committed, once', async (t) => {
  const kt = ktOn(cluster);
  const topic = await replicatedTopic(kt);
  const { code, stderr } = await producedWithoutCoordinator(t, kt, topic, ['--transaction-size', '2000']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`^${lines} records written to `));
  assert.deepEqual(await committed(t, kt, topic), numbers(1, lines).map(Number));
});
