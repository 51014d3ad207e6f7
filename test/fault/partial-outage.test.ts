/** Partitions without a leader, and clusters without a broker: what can be read is read, the rest is waited for, and each record comes once. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenCluster } from '../support/clusters.ts';
import { followed } from '../support/followed.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { isLong } from '../support/long.ts';
import { until } from '../support/until.ts';

const cluster = await brokenCluster();
const brokers = [1, 2, 3];
/** How long no broker runs. */
const outageMs = isLong ? 60_000 : 6_000;

function inOrder(values: readonly string[]): readonly string[] {
  return values.toSorted((a, b) => Number(a) - Number(b));
}

test('a broker that alone has a partition is killed: every way of reading gives the others, and the partition when it is back', async (t) => {
  const kt = ktOn(cluster, 'binary');
  const topic = await kt.newTopic('--replica-assignment', '1,2,3');
  for (const partition of [0, 1, 2]) {
    await kt.done(
      ['produce', topic, '--partition', `${partition}`],
      asLines(numbers(partition * 100 + 1, partition * 100 + 100)),
    );
  }
  const [all, rest] = [numbers(1, 300), [...numbers(1, 100), ...numbers(201, 300)]];
  await cluster.killNode(2);
  await until(async () => {
    const { code, stdout } = await kt.run(['topics', 'describe', topic, '-o', 'json']);
    return code === 0 && JSON.parse(stdout)[0].partitions[1].leader === null;
  }, 'the partition has no leader');
  const ways = [
    ['--from-beginning'],
    ['--from-beginning', '--merge'],
    ['--from-beginning', '--group', `group-${randomUUID()}`, '--commit'],
  ].map((options) => ({
    options,
    reader: followed(options.join(' '), kt.start(t, ['tail', topic, '-o', 'value', ...options])),
  }));
  await Promise.all(ways.map(({ reader }) => reader.has(rest.length)));
  for (const { options, reader } of ways) assert.deepEqual(inOrder(reader.values()), rest, options.join(' '));

  const problem = new RegExp(`kt: ${topic}:1 could not be read to the end \\(`);
  const [last, exit] = await Promise.all([
    kt.run(['tail', topic, '--last', '1000', '-o', 'value']),
    kt.run(['tail', topic, '--from-beginning', '-e', '-o', 'value']),
  ]);
  for (const { code, stdout, stderr } of [last, exit]) {
    assert.deepEqual([code, inOrder(linesOf(stdout))], [4, rest], stderr);
    assert.match(stderr, problem);
  }

  await cluster.startNode(2);
  await Promise.all(ways.map(({ reader }) => reader.has(all.length)));
  for (const { options, reader } of ways) {
    assert.equal(await reader.end(), 130, reader.stderr());
    assert.deepEqual(inOrder(reader.values()), all, options.join(' '));
    assert.equal(reader.stderr().split(`waiting for the leader of ${topic}:1 (`).length, 2, reader.stderr());
    assert.equal(reader.stderr().split(`${topic}:1: the leader answers again`).length, 2, reader.stderr());
  }
  await kt.done(['topics', 'delete', topic, '--yes']);
});

test(`no broker runs for ${outageMs / 1000} s: followers wait, say so, and print each record once`, async (t) => {
  const kt = ktOn(cluster, 'binary');
  const topic = await kt.newTopic('--partitions', '3', '--replication-factor', '3', '--config', 'min.insync.replicas=2');
  const group = `group-${randomUUID()}`;
  const tail = ['tail', topic, '-o', 'value', '--from-beginning'];
  const readers = [
    followed('plain', kt.start(t, tail)),
    followed('merged', kt.start(t, [...tail, '--merge'])),
    followed('in a group', kt.start(t, [...tail, '--group', group, '--commit'])),
  ];
  const write = (from: number, to: number) =>
    kt.done(['produce', topic, '--partitioner', 'round-robin'], asLines(numbers(from, to)));
  await write(1, 1_000);
  await Promise.all(readers.map((reader) => reader.has(1_000)));
  await Promise.all(brokers.map((id) => cluster.killNode(id)));
  await delay(outageMs);
  await Promise.all(brokers.map((id) => cluster.startNode(id)));
  await until(async () => (await kt.run(['topics', 'describe', topic])).code === 0, 'the cluster serves');
  await write(1_001, 2_000);
  await Promise.all(readers.map((reader) => reader.has(2_000)));
  for (const reader of readers) {
    assert.equal(await reader.end(), 130, reader.stderr());
    assert.deepEqual(inOrder(reader.values()), numbers(1, 2_000), reader.stderr());
    assert.match(reader.stderr(), new RegExp(`waiting for the leader of ${topic}:`));
    // A member of a group may be assigned its partitions anew, which says the same.
    assert.match(reader.stderr(), /waiting for the leader[\s\S]*(answers? again|: assigned )/);
  }
  const { stdout } = await kt.run(['lag', group, '-o', 'json']);
  assert.match(stdout, /"lag": ?0/);
  await kt.done(['topics', 'delete', topic, '--yes']);
});
