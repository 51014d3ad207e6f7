/** Sets the offsets of a group without members: OffsetCommit without a member id, AlterShareGroupOffsets for share groups. */

import type { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { groupedByTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { GroupCoordinator } from '../../kafka/group/coordinator.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { partitionName } from '../../kafka/routing.ts';
import { errorOf, leftOut } from '../../kafka/wire/errors.ts';

export interface NextOffset extends TopicPartition {
  readonly offset: bigint;
}

/** Why offsets were not set, by `partitionName`; those of all other partitions were. */
export type Failures = ReadonlyMap<string, KtError>;

/** After this version topics are identified by id. */
const topicNamesVersion = 9;
/** The answers to a commit without a member id when somebody has joined in the meantime. */
const joined: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'STALE_MEMBER_EPOCH',
  'NON_EMPTY_GROUP',
]);

/**
 * Commits for a group of the classic or the new protocol (KIP-848); creates a group that does not exist.
 * @throws KtError `connection`, or the coordinator's refusal to answer at all
 */
export async function alterGroupOffsets(cluster: Cluster, group: string, offsets: readonly NextOffset[]): Promise<Failures> {
  const topics = groupedByTopic(offsets).map(({ topic: name, partitions: ofTopic }) => ({
    name,
    partitions: ofTopic.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedMetadata: '',
    })),
  }));
  const answer = await new GroupCoordinator(cluster, group).ask(
    'OffsetCommit',
    // No generation and no member: as administration tools commit.
    { groupId: group, generationIdOrMemberEpoch: -1, memberId: '', topics },
    {
      signal: cluster.signal,
      giveUpMs: cluster.timeoutMs,
      maxVersion: topicNamesVersion,
      codes: (response) => response.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
    },
  );
  const failed = answer.topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => ({ topic, partition: partitionIndex, errorCode })),
  );
  return failuresOf(group, offsets, failed);
}

/**
 * Sets where a share group starts (KIP-932).
 * @throws KtError `connection`; `refused`, also where brokers are too old (before Kafka 4.1)
 */
export async function alterShareGroupOffsets(
  cluster: Cluster,
  group: string,
  offsets: readonly NextOffset[],
): Promise<Failures> {
  const topics = groupedByTopic(offsets).map(({ topic: topicName, partitions: ofTopic }) => ({
    topicName,
    partitions: ofTopic.map(({ partition, offset }) => ({ partitionIndex: partition, startOffset: offset })),
  }));
  const answer = await new GroupCoordinator(cluster, group).ask(
    'AlterShareGroupOffsets',
    { groupId: group, topics },
    { signal: cluster.signal, giveUpMs: cluster.timeoutMs, codes: ({ errorCode }) => [errorCode] },
  );
  if (answer.errorCode !== 0) {
    const all = offsets.map((each) => ({ ...each, errorCode: answer.errorCode, errorMessage: answer.errorMessage }));
    return failuresOf(group, offsets, all);
  }
  const failed = answer.responses.flatMap(({ topicName: topic, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, errorMessage }) => ({
      topic,
      partition: partitionIndex,
      errorCode,
      errorMessage,
    })),
  );
  return failuresOf(group, offsets, failed);
}

interface Answered extends TopicPartition {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

function failuresOf(group: string, asked: readonly TopicPartition[], answered: readonly Answered[]): Failures {
  const answers = new Map(answered.map((answer) => [partitionName(answer), answer]));
  const failures = new Map<string, KtError>();
  for (const partition of asked) {
    const name = partitionName(partition);
    const { errorCode, errorMessage } = answers.get(name) ?? { errorCode: leftOut };
    if (errorCode !== 0) failures.set(name, failure(group, partition, errorCode, errorMessage));
  }
  return failures;
}

function failure(group: string, partition: TopicPartition, errorCode: number, message?: string | null): KtError {
  const what = `offset of group ${group} for ${partitionName(partition)} not set`;
  const needs = { group: ['READ', group], topic: ['READ', partition.topic] } as const;
  if (!joined.has(errorOf(errorCode).name)) return refusedFor(errorCode, what, needs, message);
  const hint = `stop its members, then run it again: kt groups describe ${shellWord(group)} shows them`;
  return refusedFor(errorCode, what, needs, 'a member has joined the group', hint);
}
