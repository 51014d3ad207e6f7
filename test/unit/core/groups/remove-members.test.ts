import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planMemberRemoval, plannedRemovals, removeMembers } from '../../../../src/core/groups/remove-members.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const unknownMember = 25;
const denied = 30;
const [classic, newer] = [0, 1];

/** A group with two static members and a dynamic one. */
function cluster(groupType: string, more: Readonly<Record<string, Answerer>> = {}, memberType = newer, leaveGroup = 5) {
  const members = ['pod-1', 'pod-2', null].map((instanceId) => ({
    ...{ memberId: `m-${instanceId}`, clientId: 'app', clientHost: '/10.0.0.1', memberType },
    ...{ instanceId, groupInstanceId: instanceId, memberAssignment: Buffer.alloc(0), assignment: { topicPartitions: [] } },
  }));
  const described: Answerer = () => ({
    groups: [{ groupId: 'billing', errorCode: 0, errorMessage: null, groupState: 'Stable', assignorName: 'uniform', members }],
  });
  return fakeCluster({
    timeoutMs: 0,
    versions: { LeaveGroup: leaveGroup },
    coordinators: (names) => new Map(names.map((name) => [name, 1])),
    answers: {
      ListGroups: () => ({
        errorCode: 0,
        groups: [{ groupId: 'billing', groupType, groupState: 'Stable', protocolType: 'consumer' }],
      }),
      DescribeGroups: () => ({
        groups: [
          {
            ...{ groupId: 'billing', errorCode: 0, errorMessage: null, groupState: 'Stable' },
            ...{ protocolType: 'consumer', protocolData: 'range', members },
          },
        ],
      }),
      ConsumerGroupDescribe: described,
      ShareGroupDescribe: described,
      OffsetFetch: (body) => ({
        groups: body.groups.map(({ groupId }: { groupId: string }) => ({ groupId, errorCode: 0, topics: [] })),
      }),
      DescribeShareGroupOffsets: () => ({
        groups: [{ groupId: 'billing', errorCode: 0, errorMessage: null, topics: [] }],
      }),
      ...more,
    },
  });
}

test('static members are named by their instance id alone, dynamic ones by their member id', async () => {
  const fake = cluster('classic', {
    LeaveGroup: ({ members }) => ({
      errorCode: 0,
      members: members.map(({ memberId, groupInstanceId }: Record<string, string>) => ({
        ...{ memberId, groupInstanceId },
        errorCode: groupInstanceId === 'pod-2' ? unknownMember : 0,
      })),
    }),
  });
  const outcomes = await removeMembers(fake, await planMemberRemoval(fake, 'billing', 'all'));
  const sent = fake.sent.filter(({ api }) => api === 'LeaveGroup');
  assert.deepEqual(
    sent.map(({ body }) => body.members.map((each: Record<string, string>) => [each['memberId'], each['groupInstanceId']])),
    [[['', 'pod-1'], ['', 'pod-2'], ['m-null', null]]], // biome-ignore format: rows
  );
  assert.deepEqual(
    outcomes.map(({ memberId, status, error }) => [memberId, status, error]),
    [
      ['m-pod-1', 'removed', undefined],
      ['m-pod-2', 'absent', undefined],
      ['m-null', 'removed', undefined],
    ],
    'who left meanwhile is no failure',
  );
});

test('an instance id that nobody has is told apart from those that are removed', async () => {
  const plan = await planMemberRemoval(cluster('classic'), 'billing', ['pod-2', 'pod-22']);
  assert.deepEqual(
    plannedRemovals(plan).map(({ groupInstanceId, status, error }) => [groupInstanceId, status, error?.message, error?.hint]),
    [
      ['pod-2', 'valid', undefined, undefined],
      ['pod-22', 'absent', 'group billing has no member with instance id pod-22', 'did you mean pod-2?'],
    ],
  );
});

test('a dynamic member of the newer protocol is refused before anything is sent; one of the classic protocol is not', async () => {
  const statuses = async (memberType: number) =>
    plannedRemovals(await planMemberRemoval(cluster('consumer', {}, memberType), 'billing', 'all')).map(
      ({ memberId, status }) => `${memberId} ${status}`,
    );
  assert.deepEqual(await statuses(newer), ['m-pod-1 valid', 'm-pod-2 valid', 'm-null failed']);
  assert.deepEqual(await statuses(classic), ['m-pod-1 valid', 'm-pod-2 valid', 'm-null valid']);
});

test('without permission, in a share group, and on brokers before Kafka 2.4 nothing is removed, and it says why', async () => {
  const fake = cluster('classic', { LeaveGroup: () => ({ errorCode: denied, members: [] }) });
  const [first] = await removeMembers(fake, await planMemberRemoval(fake, 'billing', ['pod-1']));
  assert.equal(first?.error?.message, 'member pod-1 of group billing not removed (no permission: READ on group billing)');
  await assert.rejects(planMemberRemoval(cluster('share'), 'billing', 'all'), /of a share group/);
  await assert.rejects(planMemberRemoval(cluster('classic', {}, newer, 2), 'billing', 'all'), { hint: /2\.4/ });
});
