import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spread } from '../../../../src/core/groups/describe.ts';
import { overviewGroups } from '../../../../src/core/groups/overview.ts';
import { encodeAssignment } from '../../../../src/kafka/group/consumer-protocol.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

const groups = [
  { groupId: 'billing', groupType: 'classic', groupState: 'Stable' },
  { groupId: 'billing-old', groupType: 'classic', groupState: 'Empty' },
  { groupId: 'workers', groupType: 'share', groupState: 'Stable' },
];
const member = (id: string, partitions: number) => ({
  memberId: id,
  groupInstanceId: null,
  clientId: 'app',
  clientHost: '/10.0.0.1',
  memberAssignment: encodeAssignment(Array.from({ length: partitions }, (_, partition) => ({ topic: 'orders', partition }))),
});

function cluster(version: number, states = true) {
  return fakeCluster({
    timeoutMs: 0,
    versions: { ListGroups: version },
    answers: {
      ListGroups: (body, target) => ({
        errorCode: 0,
        groups: groups
          .filter(() => typeof target === 'object' && 'broker' in target && target.broker === 1)
          .filter(({ groupState }) => !body.statesFilter || body.statesFilter.includes(groupState))
          .filter(({ groupType }) => !body.typesFilter || body.typesFilter.includes(groupType))
          .map((group) => ({ ...group, groupState: states ? group.groupState : '', protocolType: 'consumer' })),
      }),
      DescribeGroups: (body) => ({
        groups: body.groups.map((groupId: string) => ({
          groupId,
          errorCode: 0,
          errorMessage: null,
          groupState: groupId === 'billing' ? 'Stable' : 'Empty',
          protocolType: 'consumer',
          protocolData: groupId === 'billing' ? 'range' : '',
          members: groupId === 'billing' ? [member('a', 2), member('b', 1)] : [],
        })),
      }),
      ShareGroupDescribe: (body) => ({
        groups: body.groupIds.map((groupId: string) => ({
          groupId,
          errorCode: 30,
          errorMessage: 'no',
          groupState: '',
          assignorName: '',
          members: [],
        })),
      }),
    },
  });
}

test('each group is listed with its members, and one that may not be described with none known', async () => {
  const { groups: listed, problems } = await overviewGroups(cluster(5), undefined, {});
  assert.deepEqual(
    listed.map(({ group, protocol, members }) => [group, protocol, members]),
    [
      ['billing', 'range', 2],
      ['billing-old', '', 0],
      ['workers', null, null],
    ],
  );
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['GROUP_AUTHORIZATION_FAILED'],
  );
});

test('a pattern chooses groups, and only these are described', async () => {
  const fake = cluster(5);
  const { groups: listed } = await overviewGroups(fake, 'billing-*', {});
  assert.deepEqual(
    listed.map(({ group }) => group),
    ['billing-old'],
  );
  assert.deepEqual(fake.sent.find(({ api }) => api === 'DescribeGroups')?.body.groups, ['billing-old']);
});

test('a filter is sent to brokers that know it, and applied to the answers of those that do not', async () => {
  for (const [version, sent] of [
    [5, { statesFilter: ['Stable'], typesFilter: ['classic'] }],
    [4, { statesFilter: ['Stable'] }],
    [3, {}],
  ] as const) {
    const fake = cluster(version);
    const { groups: listed } = await overviewGroups(fake, undefined, { state: 'Stable', type: 'classic' });
    assert.deepEqual(fake.sent[0]?.body, sent);
    assert.deepEqual(
      listed.map(({ group }) => group),
      ['billing'],
    );
  }
});

test('a broker whose list has no states (before Kafka 2.6) is asked for them by describing', async () => {
  const { groups: listed } = await overviewGroups(cluster(3, false), undefined, { state: 'Empty' });
  assert.deepEqual(
    listed.map(({ group, state }) => [group, state]),
    [['billing-old', 'Empty']],
  );
});

test('skew is how many partitions more than another a member has', () => {
  const of = (...counts: number[]) =>
    spread(
      counts.map((count) => ({
        memberId: 'm',
        groupInstanceId: null,
        clientId: 'app',
        host: 'h',
        assignment: Array.from({ length: count }, (_, partition) => ({ topic: 'orders', partition })),
      })),
    );
  assert.deepEqual(of(), undefined);
  assert.deepEqual(of(2, 2), { fewest: 2, most: 2, skew: 0 });
  assert.deepEqual(of(3, 0, 2), { fewest: 0, most: 3, skew: 3 });
});
