/** The committed offsets of a group, as one of its members fetches and commits them. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { groupedByTopic } from '../by-topic.ts';
import type { TopicPartition } from '../cluster.ts';
import { errorOf } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import type { GroupCoordinator } from './coordinator.ts';
import { groupRefusal } from './refusal.ts';

/** A partition of a member, and where its group stands in it. */
export interface AssignedPartition extends TopicPartition {
  /** The offset to start from; null: the group never committed one, or it expired. */
  readonly committedOffset: bigint | null;
  /** The leader epoch of the last committed record; -1 when unknown. */
  readonly committedLeaderEpoch: number;
}

/** Topic → partition → next offset. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/** A member, as the coordinator checks it at a commit: offsets of an older generation, or member epoch, are refused (KIP-447). */
export interface GroupMetadata {
  readonly group: string;
  readonly memberId: string;
  /** In the consumer protocol (KIP-848) the member epoch. */
  readonly generationId: number;
  readonly groupInstanceId: string | null;
}

/** `stale`: the group has moved on without this member, and nothing was committed. */
export type CommitOutcome = 'committed' | 'stale';

/** A producer's transaction, which offsets can be added to: they are committed or dropped together with its records. */
export interface OffsetTransaction {
  /** @throws KtError `refused`, `connection` */
  addOffsets(member: GroupMetadata, offsets: Offsets): Promise<CommitOutcome>;
}

/** For how long most producers may leave a transaction open (`transaction.timeout.ms`). */
const openTransactionMs = 60_000;
/** Since this version OffsetFetch can refuse offsets that an open transaction may change (KIP-447). */
const requireStableVersion = 7;
/** Since this version OffsetFetch asks for several groups at once (KIP-709). */
const severalGroupsVersion = 8;
/** The last version of OffsetFetch and OffsetCommit that names topics, as a subscription does; later ones take topic ids. */
const topicNamesVersion = 9;
/** What the coordinator answers a member that the group has moved on without. */
const stale: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
  'REBALANCE_IN_PROGRESS',
  'STALE_MEMBER_EPOCH',
]);

/** Whether an error's name says that the group has moved on without the member. */
export function isStale(code: string | undefined): boolean {
  return code !== undefined && stale.has(code);
}

/**
 * Fetches where the group stands. It waits for offsets that an open transaction is about to commit (KIP-447): a member that
 * started before them would process again what an exactly-once member already has.
 * @param member a member of the consumer protocol: the coordinator then checks its epoch
 * @throws KtError `refused`; `connection`
 */
export async function fetchOffsets(
  coordinator: GroupCoordinator,
  group: string,
  partitions: readonly TopicPartition[],
  signal: AbortSignal,
  member?: GroupMetadata,
): Promise<AssignedPartition[]> {
  if (partitions.length === 0) return [];
  const topics = groupedByTopic(partitions).map(({ topic: name, partitions: ofTopic }) => ({
    name,
    partitionIndexes: ofTopic.map(({ partition }) => partition),
  }));
  const asMember = member && { memberId: member.memberId, memberEpoch: member.generationId };
  const response = await coordinator.ask(
    'OffsetFetch',
    (version) =>
      version < severalGroupsVersion
        ? { groupId: group, topics, requireStable: version >= requireStableVersion }
        : { groups: [{ groupId: group, ...asMember, topics }], requireStable: true },
    {
      signal,
      giveUpMs: openTransactionMs,
      passing: ['UNSTABLE_OFFSET_COMMIT'],
      maxVersion: topicNamesVersion,
      codes: (answer) =>
        perGroup(answer).flatMap((one) => [one.errorCode, ...partitionsOf(one).map(({ errorCode }) => errorCode)]),
    },
  );
  return perGroup(response).flatMap((answer) => {
    const fetched = partitionsOf(answer);
    const failed = [answer, ...fetched].find(({ errorCode }) => errorCode !== 0);
    if (failed !== undefined) throw groupRefusal(failed.errorCode, group, 'read the offsets of');
    return fetched.map(({ topic, partitionIndex: partition, committedOffset, committedLeaderEpoch }) => ({
      topic,
      partition,
      committedOffset: committedOffset < 0n ? null : committedOffset,
      committedLeaderEpoch,
    }));
  });
}

/** A group's offsets; an answer from before several groups could be asked for at once (KIP-709) is itself one. */
type GroupOffsets = Pick<ResponseBodies['OffsetFetch'], 'topics' | 'errorCode'>;

function perGroup(response: ResponseBodies['OffsetFetch']): readonly GroupOffsets[] {
  return response.groups.length > 0 ? response.groups : [response];
}

function partitionsOf({ topics }: GroupOffsets) {
  return topics.flatMap(({ name, partitions }) => partitions.map((partition) => ({ topic: name, ...partition })));
}

/**
 * Commits next offsets, also when the signal is aborted: it is the last thing an interrupted member does.
 * @throws KtError `refused` naming topic, partition and reason; `connection`
 */
export async function commitOffsets(
  coordinator: GroupCoordinator,
  { group, memberId, generationId, groupInstanceId }: GroupMetadata,
  offsets: Offsets,
  signal: AbortSignal,
): Promise<CommitOutcome> {
  const response = await coordinator.ask(
    'OffsetCommit',
    {
      groupId: group,
      memberId,
      generationIdOrMemberEpoch: generationId,
      groupInstanceId,
      topics: offsetsByTopic(offsets),
    },
    {
      signal,
      closing: 'briefly',
      maxVersion: topicNamesVersion,
      codes: (answer) => failuresOf(answer).map(({ code }) => code),
    },
  );
  return commitOutcome(
    failuresOf(response),
    `commit offsets of group ${group}`,
    `the records are written, but the group will read them again; kt groups describe ${shellWord(group)} shows where it stands`,
  );
}

/** Offsets in the shape of OffsetCommit and TxnOffsetCommit. */
export function offsetsByTopic(offsets: Offsets) {
  return [...offsets].map(([name, ofTopic]) => ({
    name,
    partitions: [...ofTopic].map(([partitionIndex, committedOffset]) => ({
      partitionIndex,
      committedOffset,
      committedMetadata: '',
    })),
  }));
}

/** A partition whose offset was refused, with the error code. */
export interface CommitFailure extends TopicPartition {
  readonly code: number;
}

/** The partitions whose offset an answer to OffsetCommit or TxnOffsetCommit refuses. */
export function failuresOf({ topics }: ResponseBodies['OffsetCommit' | 'TxnOffsetCommit']): readonly CommitFailure[] {
  return topics.flatMap(({ name: topic, partitions }) =>
    partitions
      .filter(({ errorCode }) => errorCode !== 0)
      .map(({ partitionIndex: partition, errorCode: code }) => ({ topic, partition, code })),
  );
}

/** @throws KtError `refused` for the first failure, unless the member is stale */
export function commitOutcome(failures: readonly CommitFailure[], what: string, hint: string): CommitOutcome {
  if (failures.some(({ code }) => isStale(errorOf(code).name))) return 'stale';
  const [first] = failures;
  if (first === undefined) return 'committed';
  const { name: code, message } = errorOf(first.code);
  const others = failures.length > 1 ? `, and ${failures.length - 1} more` : '';
  throw new KtError('refused', `cannot ${what} for ${first.topic}:${first.partition}${others} (${message})`, { code, hint });
}
