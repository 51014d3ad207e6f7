/** The committed offsets of a group, as a member of it reads and writes them. */
import { KtError } from '../../base/errors.ts';
import type { TopicPartition } from '../cluster.ts';
import { errorOf } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import type { GroupCoordinator } from './coordinator.ts';
import { groupRefusal } from './refusal.ts';

/** A partition of the member's, and where its group stands in it. */
export interface AssignedPartition extends TopicPartition {
  /** The offset to start from; null: the group never committed one, or it expired. */
  readonly committedOffset: bigint | null;
  /** The leader epoch of the last committed record; -1 when unknown. */
  readonly committedLeaderEpoch: number;
}

/** Topic → partition → next offset. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/** Who commits: the coordinator takes offsets only from a member of the current generation, or epoch. */
export interface Committer {
  readonly memberId: string;
  /** In the consumer protocol the member's epoch. */
  readonly generationId: number;
  readonly groupInstanceId: string | null;
}

/** As long as the transactions of most producers may stay open (`transaction.timeout.ms`). */
const openTransactionMs = 60_000;
/** From here on OffsetFetch waits for open transactions when asked to (KIP-447). */
const requireStableVersion = 7;
/** From here on OffsetFetch asks for several groups at once (KIP-709). */
const severalGroupsVersion = 8;
/** The last version of OffsetFetch and OffsetCommit with topics by name, as in a subscription; then they go by id. */
const topicNamesVersion = 9;
/** What a member is told when the group has gone on without the member. */
const stale: ReadonlySet<string> = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
  'REBALANCE_IN_PROGRESS',
  'STALE_MEMBER_EPOCH',
]);

/** Whether this error's name says that the group has gone on without the member. */
export function isStale(code: string | undefined): boolean {
  return code !== undefined && stale.has(code);
}

/**
 * Reads where the group stands. Offsets that an open transaction is about to commit are waited for (KIP-447): starting
 * before them would read what an exactly-once member has already processed.
 * @param member a member of the consumer protocol, whose epoch the coordinator then looks at
 * @throws KtError `refused`; `connection`
 */
export async function committedOffsets(
  coordinator: GroupCoordinator,
  group: string,
  partitions: readonly TopicPartition[],
  signal: AbortSignal,
  member?: Committer,
): Promise<AssignedPartition[]> {
  if (partitions.length === 0) return [];
  const topics = byTopic(partitions).map(([name, ofTopic]) => ({
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
 * @returns `stale` when the coordinator no longer knows this generation or member
 * @throws KtError `refused` naming topic, partition and reason; `connection`
 */
export async function commitOffsets(
  coordinator: GroupCoordinator,
  group: string,
  committer: Committer,
  offsets: Offsets,
  signal: AbortSignal,
): Promise<'committed' | 'stale'> {
  const topics = [...offsets].map(([name, ofTopic]) => ({
    name,
    partitions: [...ofTopic].map(([partitionIndex, committedOffset]) => ({
      partitionIndex,
      committedOffset,
      committedMetadata: '',
    })),
  }));
  const { memberId, generationId, groupInstanceId } = committer;
  const response = await coordinator.ask(
    'OffsetCommit',
    { groupId: group, memberId, generationIdOrMemberEpoch: generationId, groupInstanceId, topics },
    {
      signal,
      closing: true,
      maxVersion: topicNamesVersion,
      codes: (answer) => answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
    },
  );
  const failed = response.topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ errorCode }) => errorCode !== 0)
      .map(({ partitionIndex, errorCode }) => ({ at: `${name} [${partitionIndex}]`, ...errorOf(errorCode) })),
  );
  if (failed.some(({ name }) => isStale(name))) return 'stale';
  const [first] = failed;
  if (first === undefined) return 'committed';
  const others = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  throw new KtError('refused', `cannot commit offsets of group ${group} for ${first.at}${others} (${first.message})`, {
    code: first.name,
    hint: `the records are written, but the group will read them again; kt groups describe ${group} shows where it stands`,
  });
}

function byTopic(partitions: readonly TopicPartition[]): [string, TopicPartition[]][] {
  const topics = new Map<string, TopicPartition[]>();
  for (const one of partitions) {
    const ofTopic = topics.get(one.topic);
    if (ofTopic === undefined) topics.set(one.topic, [one]);
    else ofTopic.push(one);
  }
  return [...topics];
}
