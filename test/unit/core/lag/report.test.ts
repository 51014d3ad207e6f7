import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRegexFor } from '../../../../src/base/regex/plain.ts';
import { reportLag } from '../../../../src/core/lag/report.ts';
import { encodeAssignment } from '../../../../src/kafka/group/consumer-protocol.ts';
import { type Answerer, type FakeOptions, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

// As main does for the words of a command line.
await loadRegexFor(['(a+)+']);

/** Group → broker, type; every group committed offset 4 of orders:0. */
const groups = [
  { groupId: 'billing', groupType: 'classic', broker: 1 },
  { groupId: 'audit', groupType: 'consumer', broker: 2 },
  { groupId: 'workers', groupType: 'share', broker: 2 },
] as const;
const commits = [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 4n, errorCode: 0 }] }];

const answers: Readonly<Record<string, Answerer>> = {
  ListGroups: (_body, target) => ({
    errorCode: 0,
    groups: groups
      .filter(({ broker }) => typeof target === 'object' && 'broker' in target && broker === target.broker)
      .map(({ groupId, groupType }) => ({ groupId, groupType, groupState: 'Stable', protocolType: 'consumer' })),
  }),
  DescribeGroups: (body) => ({
    groups: body.groups.map((groupId: string) => ({
      groupId,
      errorCode: 0,
      errorMessage: null,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      members: [
        {
          memberId: 'm-1',
          groupInstanceId: null,
          clientId: 'app',
          clientHost: '/10.0.0.1',
          memberAssignment: encodeAssignment([{ topic: 'orders', partition: 1 }]),
        },
      ],
    })),
  }),
  ConsumerGroupDescribe: (body) => described(body.groupIds),
  ShareGroupDescribe: (body) => described(body.groupIds),
  OffsetFetch: (body) => ({
    groups: body.groups.map(({ groupId }: { groupId: string }) => ({
      groupId,
      errorCode: groupId === 'secret' ? 30 : 0,
      topics: groups.some((group) => group.groupId === groupId) ? commits : [],
    })),
  }),
  DescribeShareGroupOffsets: (body) => ({
    groups: body.groups.map(({ groupId }: { groupId: string }) => ({
      groupId,
      errorCode: 0,
      errorMessage: null,
      topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset: 2n, lag: -1n, errorCode: 0 }] }],
    })),
  }),
  ListOffsets: offsetsAnswer({ 'orders-0': [0n, 5n], 'orders-1': [0n, 7n] }),
};

function described(groupIds: readonly string[]) {
  const members = groupIds.map((groupId) => ({
    groupId,
    errorCode: 0,
    errorMessage: null,
    groupState: 'Stable',
    assignorName: 'uniform',
    members: [],
  }));
  return { groups: members };
}

const cluster = (more: FakeOptions = {}) =>
  fakeCluster({
    topics: () => ({ orders: [1, 2] }),
    answers,
    coordinators: (names) => new Map(names.map((name) => [name, 1])),
    ...more,
  });
/** A group that is named like a pattern. */
const withStar: FakeOptions = {
  answers: {
    ...answers,
    ListGroups: (...asked) => {
      const listed = answers['ListGroups']!(...asked);
      const [first] = listed.groups;
      return {
        ...listed,
        groups: first?.groupId === 'billing' ? [...listed.groups, { ...first, groupId: '*' }] : listed.groups,
      };
    },
  },
};
const options = { topics: [], uncommitted: 'count', timeoutMs: 500 } as const;

test('all groups of all types are reported from one request of each kind per broker', async () => {
  const fake = cluster({ coordinators: () => assert.fail('the list tells the coordinators') });
  const { groups: reported, problems } = await reportLag(fake, [], options);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    reported.map(({ group, type, coordinator, lag }) => [group, type, coordinator, lag]),
    [['audit', 'consumer', 2, 8n], ['billing', 'classic', 1, 8n], ['workers', 'share', 2, 3n]], // biome-ignore format: rows
  );
  const sent = fake.sent.map(
    ({ api, target }) => `${api} ${typeof target === 'object' && 'broker' in target ? target.broker : target}`,
  );
  assert.deepEqual(sent.sort(), [
    'ConsumerGroupDescribe 2',
    'DescribeGroups 1',
    'DescribeShareGroupOffsets 2',
    'ListGroups 1',
    'ListGroups 2',
    'ListGroups 3',
    // The third one asks for the last stable offset of orders:0, where groups are behind.
    'ListOffsets 1',
    'ListOffsets 1',
    'ListOffsets 1',
    'ListOffsets 2',
    'ListOffsets 2',
    'OffsetFetch 1',
    'OffsetFetch 2',
    'ShareGroupDescribe 2',
  ]);
  const owner = reported[1]!.partitions[1]!;
  assert.deepEqual([owner.memberId, owner.clientId, owner.host, owner.status], ['m-1', 'app', '10.0.0.1', 'uncommitted']);
});

test('a group that does not exist is refused with the name that was probably meant, and the others are reported', async () => {
  const { groups: reported, problems } = await reportLag(cluster(), ['billing', 'biling'], options);
  assert.deepEqual(
    reported.map(({ group }) => group),
    ['billing'],
  );
  assert.deepEqual(
    problems.map(({ kind, code, hint }) => [kind, code, hint]),
    [['refused', 'GROUP_ID_NOT_FOUND', 'did you mean billing?']],
  );
});

test('a group that the user may not see is not called unknown', async () => {
  const { problems } = await reportLag(cluster(), ['secret'], options);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['GROUP_AUTHORIZATION_FAILED'],
  );
});

test('a pattern selects groups', async () => {
  const { groups: reported } = await reportLag(cluster(), ['*i*'], options);
  assert.deepEqual(
    reported.map(({ group }) => group),
    ['audit', 'billing'],
  );
});

test('a check on a topic that does not exist, or that the group does not read, never holds', async () => {
  const both = cluster({ topics: () => ({ orders: [1, 2], other: [1] }) });
  const missing = await reportLag(both, ['billing'], { ...options, topics: ['order'], maxLag: 1000 });
  assert.deepEqual(
    missing.problems.map(({ message }) => message),
    ['unknown topic order (the cluster has no topic of that name)'],
  );
  const stranger = await reportLag(both, ['billing'], { ...options, topics: ['other'], maxLag: 1000 });
  assert.deepEqual(
    stranger.problems.map(({ message }) => message),
    ['group billing does not read other (nothing committed or assigned there)'],
  );
});

test('partitions that are named count alone, and one that a topic does not have is refused', async () => {
  const only = (...partitions: readonly number[]) => ({
    ...options,
    topics: ['orders'],
    partitions: [{ topic: 'orders', partitions }],
  });
  const all = await reportLag(cluster(), ['billing'], options);
  const [whole] = all.groups;
  const { groups, problems } = await reportLag(cluster(), ['billing'], only(1));
  assert.deepEqual(problems, []);
  assert.deepEqual(groups[0]!.partitions, [whole!.partitions[1]]);
  assert.equal(groups[0]!.lag, whole!.partitions[1]!.lag);
  const lacking = await reportLag(cluster(), ['billing'], only(0, 7));
  assert.deepEqual(
    lacking.groups[0]!.partitions.map(({ partition }) => partition),
    [0],
  );
  assert.deepEqual(
    lacking.problems.map(({ code, message }) => [code, message]),
    [['UNKNOWN_TOPIC_OR_PARTITION', 'topic orders has no partition 7 (it has 2: 0 to 1)']],
  );
});

test('--max-lag fails for each partition over it', async () => {
  const { problems } = await reportLag(cluster(), ['billing'], { ...options, maxLag: 5 });
  assert.deepEqual(
    problems.map(({ kind, message }) => [kind, message]),
    [['check', 'group billing lags more than 5 (orders:1: 7)']],
  );
});

test('a group named * hides no other group from a check on *', async () => {
  const { groups: reported, problems } = await reportLag(cluster(withStar), ['*'], { ...options, maxLag: 6 });
  assert.deepEqual(
    reported.map(({ group }) => group),
    ['*', 'audit', 'billing', 'workers'],
  );
  assert.ok(problems.some(({ message }) => message === 'group billing lags more than 6 (orders:1: 7)'));
});
