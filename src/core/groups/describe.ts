/** Members of groups and their assignments: the describe request of each type of group, once per coordinator. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { decodeAssignment } from '../../kafka/group/consumer-protocol.ts';
import { perCoordinator, type Routed, type Send } from '../../kafka/routing.ts';
import { groupTypes, type ListedGroup } from './list.ts';
import type { Coordinators } from './offsets.ts';
import { partitionsOf, sourcesOf, type Task, tasksOf } from './streams.ts';

export interface Member {
  readonly memberId: string;
  /** `group.instance.id` of a static member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
  /** Only in a streams group: the tasks behind the assignment. */
  readonly tasks?: readonly Task[];
}

export interface GroupMembers {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
  /** The present state, which may have changed since the list. */
  readonly state: string;
  /** The assignor: `range`, `uniform`; empty for a streams group, which has none. */
  readonly protocol: string;
  readonly members: readonly Member[];
  /** The topics that a streams group reads, with or without members. */
  readonly sources?: readonly string[];
}

export interface Spread {
  readonly fewest: number;
  readonly most: number;
  readonly skew: number;
}

/** How evenly partitions are spread over members; undefined without members. In a share group several members share a partition. */
export function spread(members: readonly Member[]): Spread | undefined {
  if (members.length === 0) return undefined;
  let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
  for (const { assignment } of members) {
    fewest = Math.min(fewest, assignment.length);
    most = Math.max(most, assignment.length);
  }
  return { fewest, most, skew: most - fewest };
}

/** @returns the members of each group, by group */
export async function describeMembers(
  cluster: Cluster,
  groups: readonly ListedGroup[],
  options: Coordinators,
): Promise<Routed<GroupMembers>> {
  const described = await Promise.all(
    groupTypes.map((type) => {
      const names = groups.filter((group) => group.type === type).map(({ group }) => group);
      const send: Send<string, GroupMembers> = (broker, asked) => describers[type](cluster, broker, asked);
      return names.length === 0 ? new Map() : perCoordinator(cluster, names, send, options);
    }),
  );
  const members = new Map<string, GroupMembers | KtError>(described.flatMap((each) => [...each]));
  // Before Kafka 3.8 the list does not have a group's type; since then it may change after the list.
  const untold = groups.filter(
    ({ group, type, state }) => type === 'classic' && state !== 'Dead' && isOtherwise(members.get(group)),
  );
  if (untold.length > 0 && (await cluster.apiVersion('ConsumerGroupDescribe')) >= 0) {
    const send: Send<string, GroupMembers> = (broker, asked) => describers.consumer(cluster, broker, asked);
    const names = untold.map(({ group }) => group);
    for (const [group, answer] of await perCoordinator(cluster, names, send, options)) {
      if (!(answer instanceof KtError)) members.set(group, answer);
    }
  }
  return members;
}

/** Whether DescribeGroups does not know a listed group: it reports one of the new protocol as dead, or (KIP-1043) as not found. */
function isOtherwise(answer: GroupMembers | KtError | undefined): boolean {
  return answer instanceof KtError ? answer.code === 'GROUP_ID_NOT_FOUND' : answer?.state === 'Dead';
}

type Describe = (cluster: Cluster, broker: number, groups: readonly string[]) => Promise<ReadonlyMap<string, GroupMembers>>;

const describers: Readonly<Record<(typeof groupTypes)[number], Describe>> = {
  async classic(cluster, broker, asked) {
    const { groups } = await cluster.request('DescribeGroups', { groups: asked }, { broker });
    return new Map(
      groups.map(({ groupId, errorCode, errorMessage, groupState, protocolType, protocolData, members }) => [
        groupId,
        {
          errorCode,
          errorMessage,
          state: groupState,
          protocol: protocolData,
          members: members.map(({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }) => ({
            memberId,
            groupInstanceId,
            clientId,
            host: hostOf(clientHost),
            // Kafka Connect and others have their own format.
            assignment: protocolType === 'consumer' ? assignmentOf(memberAssignment) : [],
          })),
        },
      ]),
    );
  },
  async consumer(cluster, broker, asked) {
    const { groups } = await cluster.request(
      'ConsumerGroupDescribe',
      { groupIds: asked, includeAuthorizedOperations: false },
      { broker },
    );
    return new Map(groups.map((group) => [group.groupId, newProtocolGroup(group)]));
  },
  async share(cluster, broker, asked) {
    const { groups } = await cluster.request(
      'ShareGroupDescribe',
      { groupIds: asked, includeAuthorizedOperations: false },
      { broker },
    );
    return new Map(groups.map((group) => [group.groupId, newProtocolGroup(group)]));
  },
  async streams(cluster, broker, asked) {
    const { groups } = await cluster.request(
      'StreamsGroupDescribe',
      { groupIds: asked, includeAuthorizedOperations: false },
      { broker },
    );
    return new Map(
      groups.map((group) => {
        const sources = sourcesOf(group);
        const members = group.members.map(({ memberId, instanceId, clientId, clientHost, assignment }) => {
          const tasks = tasksOf(assignment);
          const host = hostOf(clientHost);
          return { memberId, groupInstanceId: instanceId, clientId, host, assignment: partitionsOf(tasks, sources), tasks };
        });
        const { groupId, errorCode, errorMessage, groupState } = group;
        const described = { errorCode, errorMessage, state: groupState, protocol: '', members };
        return [groupId, { ...described, sources: [...sources.values()].flat() }];
      }),
    );
  },
};

interface WireGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupState: string;
  readonly assignorName: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId?: string | null;
    readonly clientId: string;
    readonly clientHost: string;
    readonly assignment: {
      readonly topicPartitions: readonly { readonly topicName: string; readonly partitions: readonly number[] }[];
    };
  }[];
}

function newProtocolGroup({ errorCode, errorMessage, groupState, assignorName, members }: WireGroup): GroupMembers {
  return {
    errorCode,
    errorMessage,
    state: groupState,
    protocol: assignorName,
    members: members.map(({ memberId, instanceId, clientId, clientHost, assignment }) => ({
      memberId,
      groupInstanceId: instanceId ?? null,
      clientId,
      host: hostOf(clientHost),
      assignment: assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
        partitions.map((partition) => ({ topic: topicName, partition })),
      ),
    })),
  };
}

/** A member wrote these bytes and the broker never read them: invalid ones must not hide the group. */
function assignmentOf(bytes: Buffer): readonly TopicPartition[] {
  try {
    return decodeAssignment(bytes);
  } catch {
    return [];
  }
}

/** Java prints an address without a host name as `/10.0.0.1`. */
function hostOf(clientHost: string): string {
  return clientHost.replace(/^\//, '');
}
