/** Share groups (KIP-932): described, reset, forgotten and deleted, beside kafka-share-groups. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { JavaRun } from '../support/java-shared.ts';
import { asLines, ktOn, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const newName = () => `share-${randomUUID()}`;

for (const cluster of await testClusters()) {
  const { version, bootstrapServers, classpath } = cluster;
  const old = version.startsWith('3.');
  describe(`share groups on Kafka ${version}`, { skip: old && 'new in Kafka 4.2' }, () => {
    const kt = ktOn(cluster);
    // biome-ignore lint/suspicious/noExplicitAny: a report as JSON.
    const json = async (...args: readonly string[]): Promise<any> => JSON.parse(await kt.done([...args, '-o', 'json']));
    const offsets = async (group: string) =>
      (await json('groups', 'export', group)).map(({ topic, partition, offset }: Record<string, unknown>) => [
        topic,
        partition,
        offset,
      ]);

    /** Lines of kafka-share-groups about a group, as words. */
    async function shareGroups(group: string, ...args: readonly string[]): Promise<string[][]> {
      const tool = 'org.apache.kafka.tools.consumer.group.ShareGroupCommand';
      const words = ['--bootstrap-server', bootstrapServers, '--group', group, ...args];
      return (await javaTool(classpath, tool, words))
        .split('\n')
        .flatMap((line) => (line.startsWith(group) ? [line.trim().split(/\s+/)] : []));
    }

    function consume(during: TestContext, group: string, topic: string): JavaRun {
      const tool = 'org.apache.kafka.tools.consumer.ConsoleShareConsumer';
      const args = ['--bootstrap-server', bootstrapServers, '--group', group, '--topic', topic];
      const run = new JavaRun(classpath, tool, args);
      during.after(() => run.stop());
      return run;
    }

    test('a live share group is described and refuses a reset; without members it is reset as kafka-share-groups would', async (t) => {
      const topic = await kt.newTopic('--partitions', '2');
      const group = newName();
      const consumer = consume(t, group, topic);
      await until(async () => {
        const { stdout } = await kt.run(['groups', 'describe', group, '-o', 'json']);
        return JSON.parse(stdout)[0]?.members[0]?.partitionCount === 2;
      }, 'the share group has partitions');
      const [described] = await json('groups', 'describe', group);
      assert.deepEqual([described.type, described.state, described.skew], ['share', 'Stable', 0]);
      assert.deepEqual(described.members[0].assignment, [{ topic, partitions: [0, 1] }]);
      const refused = await kt.run(['groups', 'reset-offsets', group, '--topic', topic, '--to', 'beginning', '--execute']);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /is active \(it is Stable with 1 member: console-share-consumer at 127\.0\.0\.1\)/);
      await consumer.stop();

      for (const partition of ['0', '1']) await kt.done(['produce', topic, '--partition', partition], asLines(numbers(1, 10)));
      // Without --topic: the topics the group reads, begun or not.
      const plan = await json('groups', 'reset-offsets', group, '--to', 'end');
      const javaPlan = await shareGroups(group, '--reset-offsets', '--all-topics', '--to-latest', '--dry-run');
      const planned = ({ partition, targetOffset }: Record<string, unknown>) => [
        group,
        topic,
        String(partition),
        String(targetOffset),
      ];
      assert.deepEqual(plan.partitions.map(planned), javaPlan.map((words) => words.slice(0, 4)).sort());
      assert.deepEqual(
        plan.partitions.map(({ targetOffset }: { targetOffset: number }) => targetOffset),
        [10, 10],
      );

      const done = await json('groups', 'reset-offsets', group, '--topic', `${topic}:0`, '--to', '4', '--execute');
      assert.deepEqual([done.type, done.partitions[0].status], ['share', 'reset']);
      assert.deepEqual(
        (await offsets(group)).find(([, partition]: [string, number]) => partition === 0),
        [topic, 0, 4],
      );
      const rows = await shareGroups(group, '--describe');
      assert.deepEqual(rows.find(([, , partition]) => partition === '0')?.slice(0, 5), [group, topic, '0', '4', '6']);
      const shifted = await json('groups', 'reset-offsets', group, '--topic', `${topic}:0`, '--shift', '-1', '--execute');
      assert.deepEqual([shifted.reread, shifted.partitions[0].targetOffset], [1, 3]);
      const [lag] = await json('lag', group);
      assert.equal(lag.partitions[0].lag, 7);
    });

    test('a share group forgets whole topics, is given the offsets of another group, and is deleted', async (t) => {
      const topic = await kt.newTopic('--partitions', '2');
      const group = newName();
      const consumer = consume(t, group, topic);
      await until(async () => (await json('groups', 'list', group))[0]?.members === 1, 'the share group has a member');
      await consumer.stop();
      await kt.done(['produce', topic, '--partition', '1'], asLines(numbers(1, 10)));
      const source = newName();
      await kt.done(['groups', 'reset-offsets', source, '--topic', topic, '--to', '6', '--execute']);
      await kt.done(['groups', 'copy', source, group, '--yes']);
      assert.deepEqual(await offsets(group), [
        [topic, 0, 0],
        [topic, 1, 6],
      ]);
      const partial = await kt.run(['groups', 'delete-offsets', group, '--topic', `${topic}:1`, '--yes']);
      assert.equal(partial.code, 3);
      assert.match(partial.stderr, /share group .+ can only delete those of whole topics/);
      await kt.done(['groups', 'delete-offsets', group, '--topic', topic, '--yes']);
      assert.deepEqual(await offsets(group), []);
      const [deleted] = await json('groups', 'delete', group, '--yes');
      assert.deepEqual([deleted.type, deleted.status], ['share', 'deleted']);
      assert.deepEqual(await json('groups', 'list', group), []);
    });
  });

  test(`share and streams groups on Kafka ${version} that has none`, { skip: !old && 'it has them' }, async () => {
    for (const type of ['share', 'streams']) {
      const { code, stdout, stderr } = await ktOn(cluster).run(['groups', 'list', '--type', type]);
      assert.deepEqual([code, stdout], [3, '']);
      assert.equal(stderr, `kt: groups of type ${type} (this Kafka does not have them)\nhint: it came with Kafka 4.1\n`);
    }
  });
}
