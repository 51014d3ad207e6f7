/** `groups delete-offsets`: finds a group's offsets of some topics, then deletes them with OffsetDelete (KIP-496). */

import { KtError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import { shellWord } from '../../base/shell-word.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { GroupCoordinator } from '../../kafka/group/coordinator.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { partitionName } from '../../kafka/routing.ts';
import { errorOf, leftOut } from '../../kafka/wire/errors.ts';
import type { TopicSelection } from '../partitions/selection.ts';
import { namedGroup } from './named.ts';
import type { Committed } from './offsets.ts';
import type { GroupPosition } from './positions.ts';

export interface OffsetsDeletion {
  readonly position: GroupPosition;
  readonly offsets: readonly Committed[];
  /** Topics and partitions for which the group has no offset. */
  readonly problems: readonly KtError[];
}

export interface OffsetDeletionOutcome extends TopicPartition {
  readonly group: string;
  /** The deleted offset. */
  readonly committedOffset: bigint;
  /** `valid`: a dry run that would have deleted it. */
  readonly status: 'deleted' | 'valid' | 'failed';
  readonly error?: KtError;
}

/** The committed offsets that selections match; the topics need not exist. @throws KtError `refused` for an unknown group */
export async function planOffsetsDeletion(
  cluster: Cluster,
  group: string,
  selections: readonly TopicSelection[],
): Promise<OffsetsDeletion> {
  const { position, missing } = await namedGroup(cluster, group);
  if (!position) throw missing;
  return { position, ...selectCommits(position, selections) };
}

/** Offsets of a share group can only be deleted for whole topics. */
function selectCommits({ group: { group, type }, commits }: GroupPosition, selections: readonly TopicSelection[]) {
  const chosen = new Set<Committed>();
  const problems: KtError[] = [];
  for (const { topic, partitions } of selections) {
    const { matches } = namePattern(topic);
    const ofTopic = commits.filter((commit) => matches(commit.topic));
    if (type === 'share' && partitions) {
      problems.push(
        new KtError(
          'refused',
          `offsets of single partitions of ${topic} (share group ${group} can only delete those of whole topics)`,
          {
            code: 'INVALID_REQUEST',
            hint: `--topic ${shellWord(topic)} deletes the offsets of all its partitions`,
          },
        ),
      );
      continue;
    }
    const wanted = partitions ? ofTopic.filter(({ partition }) => partitions.includes(partition)) : ofTopic;
    for (const commit of wanted) chosen.add(commit);
    if (ofTopic.length === 0) problems.push(noOffsets(group, topic));
    for (const partition of partitions ?? []) {
      if (ofTopic.length > 0 && !ofTopic.some((commit) => commit.partition === partition))
        problems.push(noOffsets(group, partitionName({ topic, partition })));
    }
  }
  return { offsets: commits.filter((commit) => chosen.has(commit)).sort(byPlace), problems };
}

function byPlace(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}

function noOffsets(group: string, what: string): KtError {
  return new KtError('refused', `group ${group} has no offset of ${what}`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: `kt groups export ${shellWord(group)} shows the offsets it has`,
  });
}

/** The outcomes of a plan that is not carried out. */
export function plannedOffsetDeletions(plan: OffsetsDeletion): readonly OffsetDeletionOutcome[] {
  return plan.offsets.map((commit) => outcomeOf(plan, commit, 'valid'));
}

/** Carries out a plan, in one request. */
export async function deleteOffsets(cluster: Cluster, plan: OffsetsDeletion): Promise<readonly OffsetDeletionOutcome[]> {
  if (plan.offsets.length === 0) return [];
  const { group, type } = plan.position.group;
  const remove = type === 'share' ? deleteShare : deleteCommitted;
  const codes = await remove(cluster, group, plan.offsets);
  return plan.offsets.map((commit) => {
    const errorCode = codes(commit) ?? leftOut;
    return errorCode === 0
      ? outcomeOf(plan, commit, 'deleted')
      : outcomeOf(plan, commit, 'failed', why(group, commit, errorCode));
  });
}

/** The error code of each partition. */
type Codes = (partition: TopicPartition) => number | undefined;

async function deleteCommitted(cluster: Cluster, groupId: string, offsets: readonly Committed[]): Promise<Codes> {
  const topics = byTopic(offsets).map(({ topic, partitions }) => ({
    name: topic,
    partitions: partitions.map((partitionIndex) => ({ partitionIndex })),
  }));
  const answer = await new GroupCoordinator(cluster, groupId).ask(
    'OffsetDelete',
    { groupId, topics },
    { signal: cluster.signal, giveUpMs: cluster.timeoutMs, codes: ({ errorCode }) => [errorCode] },
  );
  if (answer.errorCode !== 0) return () => answer.errorCode;
  const codes = new Map(
    answer.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, errorCode }) => [partitionName({ topic, partition }), errorCode] as const),
    ),
  );
  return (partition) => codes.get(partitionName(partition));
}

async function deleteShare(cluster: Cluster, groupId: string, offsets: readonly Committed[]): Promise<Codes> {
  const topics = byTopic(offsets).map(({ topic }) => ({ topicName: topic }));
  const answer = await new GroupCoordinator(cluster, groupId).ask(
    'DeleteShareGroupOffsets',
    { groupId, topics },
    { signal: cluster.signal, giveUpMs: cluster.timeoutMs, codes: ({ errorCode }) => [errorCode] },
  );
  if (answer.errorCode !== 0) return () => answer.errorCode;
  const codes = new Map(answer.responses.map(({ topicName, errorCode }) => [topicName, errorCode]));
  return ({ topic }) => codes.get(topic);
}

function why(group: string, partition: TopicPartition, errorCode: number): KtError {
  const what = `offset of group ${group} for ${partitionName(partition)} not deleted`;
  const needs = { group: ['DELETE', group], topic: ['READ', partition.topic] } as const;
  if (errorOf(errorCode).name !== 'GROUP_SUBSCRIBED_TO_TOPIC') return refusedFor(errorCode, what, needs);
  const hint = `stop the members that read ${partition.topic}, then run it again: kt groups describe ${shellWord(group)} shows them`;
  return refusedFor(errorCode, what, needs, 'a member of the group reads the topic', hint);
}

function outcomeOf(
  { position: { group } }: OffsetsDeletion,
  { topic, partition, offset }: Committed,
  status: OffsetDeletionOutcome['status'],
  error?: KtError,
): OffsetDeletionOutcome {
  return { group: group.group, topic, partition, committedOffset: offset, status, ...(error ? { error } : {}) };
}
