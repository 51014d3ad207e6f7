/** Rules of thumb for running Kafka in production, applied to described topics: pure functions. */
import type { GroupMembers } from '../groups/describe.ts';
import type { TopicDescription } from './describe.ts';

/** With fewer records per partition nothing can be said about how keys spread. */
const tellingRecords = 100n;

export interface ClusterFacts {
  readonly brokers: number;
  /** min.insync.replicas of each topic, where it is known. */
  readonly minIsr: ReadonlyMap<string, number>;
  /** Members of the groups that read, by group. */
  readonly groups: ReadonlyMap<string, Pick<GroupMembers, 'members'>>;
}

/** What an operator should know about a topic, one line each; nothing for Kafka's own topics. */
export function topicHints(topic: TopicDescription, facts: ClusterFacts): readonly string[] {
  if (topic.internal) return [];
  const hints = [skewHint(topic), ...safetyHints(topic, facts), ...idleHints(topic, facts)];
  return hints.filter((hint) => hint !== undefined).map((hint) => `${topic.topic}: ${hint}`);
}

/** Whether one partition holds more than twice its share, or nine tenths of two partitions. */
function skewHint({ partitions }: TopicDescription): string | undefined {
  const records = partitions.map((partition) => partition.records ?? 0n);
  const total = records.reduce((sum, each) => sum + each, 0n);
  const most = records.reduce((largest, each) => (each > largest ? each : largest), 0n);
  const count = records.length;
  if (count < 2 || total < tellingRecords * BigInt(count)) return undefined;
  const share = Number((most * 1000n) / total) / 1000;
  if (share < (count === 2 ? 0.9 : 2 / count)) return undefined;
  const fullest = partitions[records.indexOf(most)]!.partition;
  return `partition ${fullest} holds ${Math.round(share * 100)} % of the records of ${count} partitions (some keys are far more frequent than others, or a producer names the partition)`;
}

/** Whether records written with acks=all survive the loss of a broker, and whether acks=all can work at all. */
function safetyHints(topic: TopicDescription, { brokers, minIsr }: ClusterFacts): readonly string[] {
  const { replicationFactor: replicas } = topic;
  const least = minIsr.get(topic.topic);
  if (least === undefined) return [];
  if (least > replicas)
    return [
      `acks=all always fails (min.insync.replicas is ${least}, but the replication factor is ${replicas}): set it to ${Math.max(1, replicas - 1)}`,
    ];
  // With one broker nothing can be gained.
  if (brokers < 2) return [];
  if (replicas === 1) return ['a record is lost with its broker, even with acks=all (there is one replica)'];
  if (least === 1)
    return [`acks=all may mean the leader alone (min.insync.replicas is 1): set it to ${Math.max(2, replicas - 1)}`];
  if (least === replicas)
    return [`acks=all fails as soon as one broker is down (min.insync.replicas is ${least}, as many as there are replicas)`];
  return [];
}

/** Groups with more members than the topic has partitions. */
function idleHints({ topic, partitions }: TopicDescription, { groups }: ClusterFacts): readonly string[] {
  const hints: string[] = [];
  for (const [group, { members }] of groups) {
    const idle = members.filter(({ assignment }) => assignment.length === 0).length;
    const reads = members.some(({ assignment }) => assignment.some((partition) => partition.topic === topic));
    if (reads && idle > 0 && members.length > partitions.length)
      hints.push(
        `group ${group} has ${members.length} members for ${partitions.length} partitions, ${idle} of them idle (adding partitions moves keys)`,
      );
  }
  return hints;
}
