/** Offsets of groups, independent of kt: committed as by a consumer that is not a member, and read with Kafka's own tools. */
import assert from 'node:assert/strict';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { javaTool } from './foreign-clients.ts';
import { until } from './until.ts';

/**
 * COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR: from a cluster that has just started; UNKNOWN_TOPIC_OR_PARTITION: from a
 * broker that has not yet learned of a new topic.
 */
const early = [14, 15, 16, 3];

/** Commits offsets by partition. */
export async function commitOffsets(cluster: Cluster, group: string, topic: string, offsets: Readonly<Record<number, number>>) {
  const partitions = Object.entries(offsets).map(([index, offset]) => ({
    partitionIndex: Number(index),
    committedOffset: BigInt(offset),
    committedMetadata: null,
  }));
  const body = { groupId: group, generationIdOrMemberEpoch: -1, memberId: '', topics: [{ name: topic, partitions }] };
  let errors: readonly number[] = [];
  await until(
    async () => {
      const { topics } = await cluster.request('OffsetCommit', body, { group }, { maxVersion: 9 });
      errors = topics.flatMap((each) => each.partitions.map(({ errorCode }) => errorCode).filter((code) => code !== 0));
      if (errors.length === 0) return true;
      assert.ok(
        errors.every((code) => early.includes(code)),
        `OffsetCommit: ${errors}`,
      );
      await cluster.coordinators([group], true);
      return false;
    },
    () => `offsets of ${group} are committed: ${errors}`,
  );
  return group;
}

/** `partition` → what a Kafka tool prints for the group under this heading. Empty if the tool knows no such group. */
async function described(
  classpath: string,
  tool: string,
  bootstrapServers: string,
  group: string,
  column: string,
): Promise<Record<string, string>> {
  const args = ['--bootstrap-server', bootstrapServers, '--describe', '--group', group];
  const stdout = await javaTool(classpath, tool, args).catch(() => '');
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const header = rows.find(([first]) => first === 'GROUP');
  if (!header) return {};
  const [partitionAt, columnAt] = [header.indexOf('PARTITION'), header.indexOf(column)];
  return Object.fromEntries(rows.filter(([name]) => name === group).map((row) => [row[partitionAt]!, row[columnAt]!]));
}

/** `partition` → LAG as kafka-consumer-groups.sh prints it. */
export function kafkaLag(version: string, classpath: string, bootstrapServers: string, group: string) {
  const tool = version.startsWith('3.')
    ? 'kafka.admin.ConsumerGroupCommand'
    : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
  return described(classpath, tool, bootstrapServers, group, 'LAG');
}

/** `partition` → LAG as kafka-share-groups.sh prints it. */
export function kafkaShareLag(classpath: string, bootstrapServers: string, group: string) {
  return described(classpath, 'org.apache.kafka.tools.consumer.group.ShareGroupCommand', bootstrapServers, group, 'LAG');
}
