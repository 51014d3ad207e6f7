/** `kt tail --share-group`: a member of a share group (KIP-932), beside Java's and beside itself. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { testClusters } from '../support/clusters.ts';
import { quickJava } from '../support/java.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Shown {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
  readonly deliveryCount: number;
}

const shown = (text: string): Shown[] => linesOf(text).map((line) => JSON.parse(line));

for (const cluster of await testClusters()) {
  const { version, bootstrapServers, classpath } = cluster;
  const old = version.startsWith('3.');
  const kt = ktOn(cluster);

  describe(`a share group on Kafka ${version}`, { skip: old && 'new in Kafka 4.1' }, () => {
    /** A group that begins at the beginning. */
    async function newGroup(): Promise<string> {
      const group = `share-${randomUUID()}`;
      await kt.done(['configs', 'alter', 'group', group, '--config', 'share.auto.offset.reset=earliest']);
      return group;
    }
    const share = async (topic: string, group: string, ...options: readonly string[]): Promise<Shown[]> =>
      shown(await kt.done(['tail', topic, '--share-group', group, '-o', 'json', ...options]));
    const counts = (records: readonly Shown[]) => records.map(({ offset, deliveryCount }) => [offset, deliveryCount]);

    function member(during: TestContext, topic: string, group: string) {
      const { child, ended } = kt.start(during, ['tail', topic, '--share-group', group, '-o', 'json']);
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      return { child, ended, read: () => shown(text) };
    }

    test('two members share the records, and what they wrote out is acknowledged when they are stopped', async (t) => {
      const topic = await kt.newTopic('--partitions', '2');
      const group = await newGroup();
      const members = [member(t, topic, group), member(t, topic, group)];
      await until(async () => {
        const { code, stdout } = await kt.run(['groups', 'describe', group, '-o', 'json']);
        const found: { partitionCount: number }[] = code === 0 ? JSON.parse(stdout)[0].members : [];
        return found.length === 2 && found.every(({ partitionCount }) => partitionCount === 1);
      }, 'each member has a partition');
      // The end of a transaction has an offset, and is never shown.
      const produce = ['produce', topic, '--transactional-id', randomUUID(), '--partition'];
      await kt.done([...produce, '0'], asLines(numbers(1, 700)));
      await kt.done([...produce, '1'], asLines(numbers(701, 1400)));
      const all = () => members.flatMap(({ read }) => read());
      await until(() => all().length >= 1400, 'all records are written out');
      assert.deepEqual(
        all()
          .map(({ value }) => Number(value))
          .sort((one, other) => one - other),
        numbers(1, 1400).map(Number),
      );
      assert.ok(members.every(({ read }) => read().length > 0));
      for (const { child } of members) child.kill('SIGTERM');
      for (const { ended } of members) assert.equal((await ended).code, 143);
      const [lag] = JSON.parse(await kt.done(['lag', group, '-o', 'json']));
      assert.deepEqual([lag.type, lag.lag], ['share', 0]);
      assert.deepEqual(await share(topic, group, '-e'), []);
    });

    test('what is given back comes again, what is refused never does, and what a filter leaves out is done', async () => {
      const topic = await kt.newTopic();
      const group = await newGroup();
      await kt.done(['produce', topic], asLines(numbers(0, 9)));
      const given = ['-n', '3', '--ack', 'release'];
      assert.deepEqual(counts(await share(topic, group, ...given)), [
        [0, 1],
        [1, 1],
        [2, 1],
      ]);
      assert.deepEqual(counts(await share(topic, group, '-n', '1', '--ack', 'reject')), [[0, 2]]);
      const tool = 'org.apache.kafka.tools.consumer.ConsoleShareConsumer';
      const words = ['--bootstrap-server', bootstrapServers, '--group', group, '--topic', topic, '--max-messages', '9'];
      const prints = ['offset', 'delivery'].flatMap((what) => ['--formatter-property', `print.${what}=true`]);
      // Its own way to look and give back.
      const java = [...quickJava(classpath), tool, ...words, ...prints, '--release'];
      const { stdout } = await promisify(execFile)('java', java);
      const seen = linesOf(stdout).map((line) => line.match(/\d+/g)!.map(Number));
      assert.deepEqual(
        seen.slice(0, 3).map((each) => each.slice(0, 2).sort()),
        [
          [1, 2],
          [2, 2],
          [1, 3],
        ],
      );
      const rest = await share(topic, group, '-e', '--where', 'value % 2 == 0');
      assert.deepEqual(counts(rest), [
        [2, 3],
        [4, 2],
        [6, 2],
        [8, 2],
      ]);
      assert.deepEqual(await share(topic, group, '-e'), []);
    });

    test('a member that is killed before it acknowledged leaves its records to the next one', async (t) => {
      const topic = await kt.newTopic();
      const group = await newGroup();
      // More than a pipe holds: kt cannot be done with writing.
      await kt.done(['produce', topic], asLines(numbers(100, 399).map((number) => `${number}${'0'.repeat(1000)}`)));
      const { child } = kt.start(t, ['tail', topic, '--share-group', group, '-o', 'json']);
      await once(child.stdout, 'readable');
      child.kill('SIGKILL');
      const again = await share(topic, group, '-e');
      assert.deepEqual([again.length, again[0]!.deliveryCount, again[299]!.deliveryCount], [300, 2, 2]);
    });

    test('a quiet group ends when nothing came for a time; partitions are for the group to choose', async () => {
      const topic = await kt.newTopic();
      const group = await newGroup();
      assert.deepEqual(await share(topic, group, '--idle-timeout', '1s'), []);
      const { code, stderr } = await kt.run(['tail', `${topic}:0`, '--share-group', group]);
      assert.equal(code, 2);
      assert.match(stderr, /^kt: --share-group and partitions \(a group divides the partitions itself\)$/m);
    });

    test('a group of another type is refused', async () => {
      const topic = await kt.newTopic();
      const group = `group-${randomUUID()}`;
      await kt.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', 'beginning', '--execute']);
      const { code, stderr } = await kt.run(['tail', topic, '--share-group', group, '-e']);
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`kt: cannot join share group ${group} \\(`));
    });
  });

  test(`Kafka ${version} has no share groups`, { skip: !old && 'it has them' }, async () => {
    const { code, stdout, stderr } = await kt.run(['tail', await kt.newTopic(), '--share-group', 'billing']);
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(
      stderr,
      /^kt: share groups \(this Kafka does not have them\)\nhint: it came with Kafka 4\.1, behind the feature share\.version/,
    );
  });
}
