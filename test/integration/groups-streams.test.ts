/** Groups of Kafka Streams applications, of their own protocol (KIP-1071) and of the classic one, beside Kafka's tools. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { ktOn, numbers } from '../support/kt-on.ts';
import { fetchStreams, startStreams } from '../support/streams-application.ts';
import { until } from '../support/until.ts';

interface Described {
  readonly state: string;
  readonly type: string;
  readonly protocolType: string;
  readonly lag: number;
  readonly skew: number;
  readonly members: readonly {
    readonly memberId: string;
    readonly assignment: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
    readonly tasks?: readonly { readonly subtopology: string; readonly partition: number; readonly role: string }[];
  }[];
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly committedOffset: number | null;
    readonly endOffset: number;
    readonly memberId: string;
  }[];
}

fetchStreams();
const clusters = await testClusters();
const { classpath } = clusters.at(-1)!;

for (const cluster of clusters) {
  const { version, bootstrapServers } = cluster;
  const groupProtocol = version.startsWith('3.') ? 'classic' : 'streams';
  describe(`Kafka Streams applications of the ${groupProtocol} protocol on Kafka ${version}`, () => {
    const kt = ktOn(cluster);
    // biome-ignore lint/suspicious/noExplicitAny: a report as JSON.
    const json = async (...args: readonly string[]): Promise<any> => JSON.parse((await kt.run([...args, '-o', 'json'])).stdout);

    /** What Kafka's own tool prints about the group: the words of each line, sorted. */
    async function kafkaTool(group: string, ...args: readonly string[]): Promise<string[][]> {
      const tool =
        groupProtocol === 'streams'
          ? 'org.apache.kafka.tools.streams.StreamsGroupCommand'
          : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
      const stdout = await javaTool(classpath, tool, ['--bootstrap-server', bootstrapServers, '--group', group, ...args]);
      const lines = stdout.split('\n').filter((line) => line.startsWith(group));
      return lines.map((line) => line.trim().split(/\s+/).slice(1)).sort();
    }

    test('is described with its members, reset by its input, and deleted; what it leaves behind is named', async (t) => {
      const topic = await kt.newTopic('--partitions', '3');
      const group = `app-${randomUUID()}`;
      const repartition = `${group}-spread-repartition`;
      const produce = () =>
        kt.done(
          ['produce', topic, '--key-separator', ':'],
          numbers(1, 30)
            .map((n) => `k${n}:${n}\n`)
            .join(''),
        );
      const start = () => startStreams(t, { bootstrapServers, classpath, groupProtocol, group, topic });
      const describeGroup = async (): Promise<Described> =>
        (await json('groups', 'describe', group))[0] ?? { state: 'Dead', partitions: [] };
      const caughtUp = (records: number) =>
        until(async () => {
          const { lag, partitions } = await describeGroup();
          return lag === 0 && partitions.reduce((sum, { committedOffset }) => sum + (committedOffset ?? 0), 0) === records;
        }, `the application has read ${records} records`);
      const empty = () => until(async () => (await describeGroup()).state === 'Empty', 'nobody is in the group');

      await produce();
      let application = start();
      await caughtUp(60);
      await until(async () => {
        const { state, skew } = await describeGroup();
        return state === 'Stable' && skew === 1;
      }, 'its two members share five partitions');
      const { type, protocolType, members, partitions } = await describeGroup();
      assert.deepEqual([type, protocolType], groupProtocol === 'streams' ? ['streams', 'streams'] : ['classic', 'consumer']);
      const assigned = members.flatMap(({ memberId, assignment }) =>
        assignment.flatMap((each) => each.partitions.map((partition) => `${memberId} ${each.topic} ${partition}`)),
      );
      assert.deepEqual(partitions.map((row) => `${row.memberId} ${row.topic} ${row.partition}`).sort(), assigned.sort());
      if (groupProtocol === 'streams') {
        const tasks = members.flatMap((member) => member.tasks!);
        const names = tasks.map(({ subtopology, partition, role }) => `${role} ${subtopology}_${partition}`);
        assert.deepEqual(names.sort(), ['active 0_0', 'active 0_1', 'active 0_2', 'active 1_0', 'active 1_1']);
        const theirs = await kafkaTool(group, '--describe', '--offsets', '--verbose');
        // TOPIC PARTITION CURRENT-OFFSET LEADER-EPOCH LOG-END-OFFSET OFFSET-LAG
        assert.deepEqual(
          theirs.map(([name, partition, current, , end, lag]) => [name, partition, current, end, lag].join(' ')),
          partitions.map((row) => [row.topic, row.partition, row.committedOffset, row.endOffset, 0].join(' ')).sort(),
        );
      }
      const refused = await kt.run(['groups', 'reset-offsets', group, '--to', 'beginning', '--execute']);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, new RegExp(`is active \\(it is Stable with 2 members: ${group}-.+ at 127\\.0\\.0\\.1`));
      const undeleted = await kt.run(['groups', 'delete', group, '--yes']);
      assert.equal(undeleted.code, 3);

      await application.stop();
      await empty();
      const plan = await json('groups', 'reset-offsets', group, '--to', 'beginning');
      const targets = plan.partitions.map((row: { topic: string; partition: number; targetOffset: number }) => [
        row.topic,
        String(row.partition),
        String(row.targetOffset),
      ]);
      assert.deepEqual(
        targets,
        ['0', '1', '2'].map((partition) => [topic, partition, '0']),
      );
      const scope = groupProtocol === 'streams' ? ['--all-input-topics'] : ['--topic', topic];
      assert.deepEqual(await kafkaTool(group, '--reset-offsets', '--to-earliest', ...scope, '--dry-run'), targets);

      const reset = await kt.run(['groups', 'reset-offsets', group, '--to', 'beginning', '--execute']);
      assert.equal(reset.code, 0, reset.stderr);
      const [, line = ''] = /(kt topics delete .+)\n/.exec(reset.stderr) ?? [];
      assert.equal(line, `kt topics delete ${repartition}`, reset.stderr);
      await kt.done([...line.split(' ').slice(1), '--yes']);
      application = start();
      await caughtUp(60);
      await application.stop();
      await empty();
      await produce();
      assert.equal((await describeGroup()).lag, 30);
      // Kafka's own tool shows no offsets of a streams group without members.
      if (groupProtocol === 'streams') assert.deepEqual(await kafkaTool(group, '--describe', '--offsets'), []);

      const deleted = await kt.run(['groups', 'delete', group, '--yes']);
      assert.equal(deleted.code, 0, deleted.stderr);
      assert.match(deleted.stderr, new RegExp(`kt topics delete ${repartition}\n`));
      assert.deepEqual(await json('groups', 'list', group), []);
    });
  });
}
