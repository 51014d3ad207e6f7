/** `kt groups delete`, `delete-offsets`, `export` and `copy`, looked at from kafka-consumer-groups. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { javaTools } from '../support/group-readers.ts';
import { asLines, ktOn, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const newName = (prefix = 'change') => `${prefix}-${randomUUID()}`;

for (const cluster of await testClusters()) {
  const { version, bootstrapServers, classpath } = cluster;
  const java = javaTools(version, classpath);
  describe(`changing groups on Kafka ${version}`, () => {
    const kt = ktOn(cluster);
    // biome-ignore lint/suspicious/noExplicitAny: a report as JSON.
    const json = async (...args: readonly string[]): Promise<any> => JSON.parse(await kt.done([...args, '-o', 'json']));
    const exists = async (group: string) => (await json('groups', 'list', group)).length === 1;
    const offsets = async (group: string) =>
      (await json('groups', 'export', group)).map(({ topic, partition, offset }: Record<string, unknown>) => [
        topic,
        partition,
        offset,
      ]);

    /** A topic of two partitions with ten records each; a group has committed 4 on both. */
    async function fixture(group = newName()): Promise<{ topic: string; group: string }> {
      const topic = await kt.newTopic('--partitions', '2');
      for (const partition of ['0', '1']) await kt.done(['produce', topic, '--partition', partition], asLines(numbers(1, 10)));
      await kt.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', '4', '--execute']);
      return { topic, group };
    }

    async function read(during: TestContext, group: string, topic: string): Promise<void> {
      const reader = kt.start(during, ['tail', topic, '--group', group, '--commit', '-o', 'value']);
      reader.child.stdout.resume();
      await until(async () => (await json('groups', 'describe', group))[0]?.lag === 0, 'the group has caught up');
    }

    test('a deleted group is gone; without --yes and without a terminal it is kept', async () => {
      const { group } = await fixture();
      const asked = await kt.run(['groups', 'delete', group]);
      assert.equal(asked.code, 2);
      assert.match(asked.stderr, new RegExp(`${group}: classic, Empty, 2 committed offsets\n`));
      assert.match(asked.stderr, new RegExp(`Delete group ${group} and 2 committed offsets on .*\\? \\(nobody to ask`));
      assert.ok(await exists(group));
      const [outcome] = await json('groups', 'delete', group, '--yes');
      assert.deepEqual(outcome, { group, status: 'deleted', state: 'Empty', type: 'classic', partitions: 2 });
      assert.equal(await exists(group), false);
    });

    test('a pattern is shown with --dry-run; groups that are live or not there do not keep others from being deleted', async (t) => {
      const prefix = newName();
      const { group } = await fixture(`${prefix}-1`);
      const live = await fixture(`${prefix}-2`);
      await read(t, live.group, live.topic);
      const planned = await kt.run(['groups', 'delete', `${prefix}-*`, '--dry-run', '-o', 'json']);
      assert.equal(planned.code, 3);
      assert.deepEqual(
        JSON.parse(planned.stdout).map((each: { group: string; status: string }) => [each.group, each.status]),
        [
          [group, 'valid'],
          [live.group, 'failed'],
        ],
      );
      const missing = newName();
      const done = await kt.run(['groups', 'delete', `${prefix}-*`, missing, '--yes', '-o', 'json']);
      assert.equal(done.code, 3);
      assert.deepEqual(
        JSON.parse(done.stdout).map((each: { group: string; status: string }) => [each.group, each.status]),
        [
          [group, 'deleted'],
          [live.group, 'failed'],
          [missing, 'failed'],
        ],
      );
      assert.match(done.stderr, new RegExp(`group ${live.group} is active \\(it is Stable with 1 member`));
      assert.match(done.stderr, new RegExp(`unknown group ${missing}`));
      assert.deepEqual([await exists(group), await exists(live.group)], [false, true]);
    });

    test('deleted offsets of a partition are gone, of a topic too, and the rest stays', async () => {
      const { topic, group } = await fixture();
      const planned = await json('groups', 'delete-offsets', group, '--topic', `${topic}:1`, '--dry-run');
      assert.deepEqual(planned, [{ group, topic, partition: 1, committedOffset: 4, status: 'valid' }]);
      assert.equal((await offsets(group)).length, 2);
      const [deleted] = await json('groups', 'delete-offsets', group, '--topic', `${topic}:1`, '--yes');
      assert.equal(deleted.status, 'deleted');
      assert.deepEqual(await offsets(group), [[topic, 0, 4]]);
      assert.equal((await java.committed(bootstrapServers, group))[`${topic}-0`], '4');
      const again = await kt.run(['groups', 'delete-offsets', group, '--topic', `${topic}:1`, '--topic', newName(), '--yes']);
      assert.equal(again.code, 3);
      assert.match(again.stderr, /has no offset of .+:1\n.*has no offset of change-/s);
      assert.equal((await kt.run(['groups', 'delete-offsets', group, '--yes'])).code, 2);
    });

    test('offsets of a topic that a live member reads are not deleted', async (t) => {
      const { topic, group } = await fixture();
      await read(t, group, topic);
      const { code, stdout, stderr } = await kt.run([
        'groups',
        'delete-offsets',
        group,
        '--topic',
        topic,
        '--yes',
        '-o',
        'json',
      ]);
      assert.equal(code, 3);
      assert.deepEqual(
        JSON.parse(stdout).map(({ status }: { status: string }) => status),
        ['failed', 'failed'],
      );
      assert.match(stderr, /not deleted \(a member of the group reads the topic\)/);
    });

    test('what export prints in any format can be read back, for this group and for another', async () => {
      const { topic, group } = await fixture();
      const printed = await Promise.all(
        ['table', 'json', 'csv'].map((format) => kt.done(['groups', 'export', group, '-o', format])),
      );
      await kt.done(['groups', 'reset-offsets', group, '--to', 'end', '--execute']);
      for (const text of printed) {
        for (const target of [group, newName()]) {
          await kt.done(['groups', 'reset-offsets', target, '--from-file', '-', '--execute'], text);
          assert.deepEqual(await offsets(target), [
            [topic, 0, 4],
            [topic, 1, 4],
          ]);
        }
      }
    });

    test('a copied group continues where the other group stands', async (t) => {
      const { topic, group } = await fixture();
      const target = newName();
      const plan = await json('groups', 'copy', group, target, '--dry-run');
      assert.deepEqual([plan.state, plan.executed, plan.partitions.length], [null, false, 2]);
      assert.equal(await exists(target), false);
      const made = await kt.run(['groups', 'copy', group, target]);
      assert.equal(made.code, 2);
      assert.match(made.stderr, new RegExp(`${topic}:1: - → 4\n[^]*Create group ${target} with 2 offsets\\?`));
      await kt.done(['groups', 'copy', group, target, '--yes']);
      assert.deepEqual(await java.committed(bootstrapServers, target), { [`${topic}-0`]: '4', [`${topic}-1`]: '4' });
      // The other way round, to a group with other offsets, one partition only.
      await kt.done(['groups', 'reset-offsets', target, '--to', '9', '--execute']);
      const asked = await kt.run(['groups', 'copy', group, target, '--topic', `${topic}:0`]);
      assert.match(asked.stderr, new RegExp(`:0: 9 → 4\n[^]*Set 1 offset of group ${target}, which re-reads 5 and skips 0`));
      await kt.done(['groups', 'copy', group, target, '--topic', `${topic}:0`, '--yes']);
      assert.deepEqual(await offsets(target), [
        [topic, 0, 4],
        [topic, 1, 9],
      ]);
      // A live source may be copied, a live target not.
      await read(t, target, topic);
      const refused = await kt.run(['groups', 'copy', group, target, '--yes']);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /is active \(it is Stable with 1 member/);
      await kt.done(['groups', 'copy', target, group, '--yes']);
      assert.deepEqual(await offsets(group), [
        [topic, 0, 10],
        [topic, 1, 10],
      ]);
    });

    test('a group that is not there cannot be exported or copied', async () => {
      const group = newName();
      for (const args of [
        ['export', group],
        ['copy', group, newName()],
        ['delete-offsets', group, '--topic', 'x'],
      ]) {
        const { code, stderr } = await kt.run(['groups', ...args]);
        assert.equal(code, 3);
        assert.match(stderr, /^kt: unknown group /);
      }
    });
  });
}
