/** The offsets that groups committed: OffsetFetch, many groups per coordinator; and the start offsets of share groups. */
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { perCoordinator, type Routed, type RoutingOptions, type Send } from '../../kafka/routing.ts';

export interface Committed extends TopicPartition {
  /** The next offset the group reads. */
  readonly offset: bigint;
  /** The broker's count of unread records: in a share group records are acknowledged out of order. Since Kafka 4.2. */
  readonly lag?: bigint;
}

export interface GroupCommits {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
  readonly commits: readonly Committed[];
  /** Topics that a share group has not started to read. */
  readonly unread?: readonly string[];
}

export type Coordinators = RoutingOptions & { readonly known?: ReadonlyMap<string, number> };

/** From this version on one request asks for many groups (KIP-709)... */
const manyGroupsVersion = 8;
/** ...and after this one topics are identified by id, which deleted topics no longer have. */
const topicNamesVersion = 9;

/** @returns what each group committed, by group; empty for one that committed nothing or does not exist */
export async function listGroupOffsets(
  cluster: Cluster,
  groups: readonly string[],
  options: Coordinators,
): Promise<Routed<GroupCommits>> {
  const send: Send<string, GroupCommits> = async (broker, asked) => {
    if ((await cluster.apiVersion('OffsetFetch', broker)) < manyGroupsVersion) return oneByOne(cluster, broker, asked);
    const body = { groups: asked.map((groupId) => ({ groupId, topics: null })) };
    const answer = await cluster.request('OffsetFetch', body, { broker }, { maxVersion: topicNamesVersion });
    return new Map(answer.groups.map((group) => [group.groupId, commitsOf(group)]));
  };
  return perCoordinator(cluster, groups, send, options);
}

async function oneByOne(
  cluster: Cluster,
  broker: number,
  groups: readonly string[],
): Promise<ReadonlyMap<string, GroupCommits>> {
  const commits = new Map<string, GroupCommits>();
  for (const groupId of groups)
    commits.set(groupId, commitsOf(await cluster.request('OffsetFetch', { groupId, topics: null }, { broker })));
  return commits;
}

interface WireCommits {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly committedOffset: bigint;
      readonly errorCode: number;
    }[];
  }[];
}

function commitsOf({ errorCode, topics }: WireCommits): GroupCommits {
  const commits: Committed[] = [];
  for (const { name, partitions } of topics) {
    for (const { partitionIndex, committedOffset, errorCode: failed } of partitions) {
      if (failed !== 0) return { errorCode: failed, commits: [] };
      if (committedOffset >= 0n) commits.push({ topic: name, partition: partitionIndex, offset: committedOffset });
    }
  }
  return { errorCode, commits };
}

/** @returns the start offsets of each share group, by group (KIP-932): everything before them is acknowledged */
export async function listShareGroupOffsets(
  cluster: Cluster,
  groups: readonly string[],
  options: Coordinators,
): Promise<Routed<GroupCommits>> {
  const send: Send<string, GroupCommits> = async (broker, asked) => {
    const body = { groups: asked.map((groupId) => ({ groupId, topics: null })) };
    const answer = await cluster.request('DescribeShareGroupOffsets', body, { broker });
    return new Map(
      answer.groups.map(({ groupId, errorCode, errorMessage, topics }) => {
        const commits = topics.flatMap(({ topicName, partitions }) =>
          partitions
            .filter((partition) => partition.errorCode === 0 && partition.startOffset >= 0n)
            .map(({ partitionIndex, startOffset, lag }) => ({
              topic: topicName,
              partition: partitionIndex,
              offset: startOffset,
              ...(lag >= 0n ? { lag } : {}),
            })),
        );
        const unread = topics.filter(({ partitions }) => partitions.every(({ startOffset }) => startOffset < 0n));
        return [groupId, { errorCode, errorMessage, commits, unread: unread.map(({ topicName }) => topicName) }];
      }),
    );
  };
  return perCoordinator(cluster, groups, send, options);
}
