import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listGroups } from '../../../../src/core/groups/list.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const offsetsTopic = '__consumer_offsets';
const notCoordinator = 16;
const offsetNotAvailable = 78;

const brokerOf = (target: unknown) => (target as { broker: number }).broker;
/** Each witness is with the leader of its place in the request. */
const found =
  (leaders: readonly number[]): Answerer =>
  ({ coordinatorKeys }) => ({
    coordinators: coordinatorKeys.map((key: string, at: number) => ({
      key,
      nodeId: leaders[at]!,
      errorCode: 0,
      errorMessage: null,
    })),
  });
const described =
  (errorCode: (broker: number, tries: number) => number): Answerer =>
  ({ groups }, target, tries) => ({
    groups: groups.map((groupId: string) => ({ groupId, errorCode: errorCode(brokerOf(target), tries) })),
  });
const ends =
  (errorCode: (tries: number) => number): Answerer =>
  ({ topics }, _, tries) => ({
    topics: topics.map(({ name, partitions }: { name: string; partitions: readonly { partitionIndex: number }[] }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: errorCode(tries), offset: 1n })),
    })),
  });
const group = (groupId: string) => ({ groupId, groupState: 'Empty', groupType: 'classic', protocolType: '' });
const listed =
  (groups: (broker: number, tries: number) => readonly string[]): Answerer =>
  (_, target, tries) => ({ errorCode: 0, groups: groups(brokerOf(target), tries).map(group) });
const names = ({ groups }: { readonly groups: readonly { readonly group: string }[] }) => groups.map((each) => each.group);

function cluster(answers: Readonly<Record<string, Answerer>>, leaders: readonly number[] = [1, 2]) {
  return fakeCluster({
    topics: () => ({ [offsetsTopic]: leaders }),
    answers: {
      FindCoordinator: found(leaders.filter((leader) => leader >= 0)),
      DescribeGroups: described(() => 0),
      ListOffsets: ends(() => 0),
      ListGroups: listed((broker) => [`of-${broker}`]),
      ...answers,
    },
  });
}

test('brokers that serve all partitions are asked once, and a group that two of them list is one', async () => {
  const fake = cluster({ ListGroups: listed((broker) => (broker < 3 ? ['billing', `of-${broker}`] : [])) });
  const { groups, problems } = await listGroups(fake, { whole: true, timeoutMs: 1_000 });
  assert.deepEqual([names({ groups }), problems], [['billing', 'of-1', 'of-2'], []]);
  assert.equal(fake.sent.filter(({ api }) => api === 'ListGroups').length, 3);
});

test('a broker that does not serve a partition yet is asked again, until it does', async () => {
  const fake = cluster({
    // Asked before and after by two brokers: the first four answers are the first round's.
    DescribeGroups: described((broker, tries) => (broker === 2 && tries <= 4 ? notCoordinator : 0)),
    ListGroups: listed((broker, tries) => (broker === 2 && tries > 3 ? ['late'] : [])),
  });
  const { groups, problems } = await listGroups(fake, { whole: true, timeoutMs: 5_000 });
  assert.deepEqual([names({ groups }), problems], [['late'], []]);
});

test('so is one that does not yet know which of its newest records the others have', async () => {
  const fake = cluster({
    ListOffsets: ends((tries) => (tries <= 2 ? offsetNotAvailable : 0)),
    ListGroups: listed((broker, tries) => (broker === 1 && tries > 3 ? ['late'] : [])),
  });
  const { groups, problems } = await listGroups(fake, { whole: true, timeoutMs: 5_000 });
  assert.deepEqual([names({ groups }), problems], [['late'], []]);
});

test('one that stays so is waited for no longer than the timeout, and the list says what it may lack', async () => {
  const fake = cluster({ DescribeGroups: described((broker) => (broker === 2 ? notCoordinator : 0)) });
  const { groups, problems } = await listGroups(fake, { whole: true, timeoutMs: 250 });
  assert.deepEqual(names({ groups }), ['of-1', 'of-2', 'of-3']);
  assert.deepEqual(
    problems.map(({ kind, message }) => `${kind}: ${message}`),
    ['connection: groups that cannot be listed (the coordinator of 1 partition of __consumer_offsets is moving)'],
  );
});

test('a partition without a leader is reported at once', async () => {
  const { problems } = await listGroups(cluster({}, [1, -1, -1]), { whole: true, timeoutMs: 60_000 });
  assert.deepEqual(
    problems.map(({ message }) => message),
    ['groups that cannot be listed (2 partitions of __consumer_offsets without a leader)'],
  );
});

test('without permission to ask for coordinators, and if the list may be incomplete, kt takes what brokers list now', async () => {
  const denied = cluster({
    FindCoordinator: ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key: string) => ({ key, nodeId: -1, errorCode: 30, errorMessage: null })),
    }),
  });
  assert.deepEqual((await listGroups(denied, { whole: true, timeoutMs: 60_000 })).problems, []);
  const moving = cluster({ DescribeGroups: described(() => notCoordinator) });
  const { groups, problems } = await listGroups(moving, { whole: false, timeoutMs: 60_000 });
  assert.deepEqual([groups.length, problems], [3, []]);
});

test('a cluster that never had a group is not asked for coordinators, which would create the topic', async () => {
  const fake = fakeCluster({ answers: { ListGroups: listed(() => []) } });
  assert.deepEqual(await listGroups(fake, { whole: true, timeoutMs: 60_000 }), { groups: [], problems: [] });
  assert.ok(fake.sent.every(({ api }) => api === 'ListGroups'));
});
