/** A member of a group by the classic protocol, against a coordinator that answers as scripted. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { decodeAssignment, encodeAssignment, encodeSubscription } from '../../../../src/kafka/group/consumer-protocol.ts';
import { type JoinGroupOptions, joinGroup } from '../../../../src/kafka/group/membership.ts';
import { until } from '../../../support/until.ts';
import { FakeGroup } from './fake-group.ts';

const group = `group-${randomUUID()}`;
const topic = `topic-${randomUUID()}`;
const code = {
  NONE: 0,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  NOT_COORDINATOR: 16,
  ILLEGAL_GENERATION: 22,
  INCONSISTENT_GROUP_PROTOCOL: 23,
  UNKNOWN_MEMBER_ID: 25,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  MEMBER_ID_REQUIRED: 79,
  FENCED_INSTANCE_ID: 82,
  UNSTABLE_OFFSET_COMMIT: 88,
};

function committed(offset: bigint, errorCode = code.NONE) {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: 4, metadata: '', errorCode }];
  return { groups: [{ groupId: group, errorCode: 0, topics: [{ name: topic, partitions }] }] } as never;
}

function commitAnswer(errorCode: number) {
  return { topics: [{ name: topic, partitions: [{ partitionIndex: 0, errorCode }] }] } as never;
}

function joined(generationId: number, leader = 'someone else', members: unknown[] = []) {
  return { errorCode: 0, memberId: 'me', generationId, leader, protocolName: 'range', skipAssignment: false, members } as never;
}

/** A group in which everything goes well: this member follows, and gets partition 0. */
function calmGroup(): FakeGroup {
  const fake = new FakeGroup();
  fake.partitionCounts.set(topic, 2);
  fake.answer('JoinGroup', joined(1));
  fake.answer('SyncGroup', { errorCode: 0, assignment: encodeAssignment([{ topic, partition: 0 }]) });
  fake.answer('Heartbeat', { errorCode: 0 });
  fake.answer('OffsetFetch', committed(7n));
  fake.answer('OffsetCommit', commitAnswer(0));
  fake.answer('LeaveGroup', { errorCode: 0 });
  return fake;
}

function join(fake: FakeGroup, options: Partial<JoinGroupOptions> = {}) {
  return joinGroup(fake.cluster, {
    group,
    topics: [topic],
    sessionTimeoutMs: 15,
    signal: fake.signal,
    note: () => {},
    ...options,
  });
}

const nextOffsets = (partition = 0) => new Map([[topic, new Map([[partition, 9n]])]]);

test('a new member takes the id it is given and starts where its group stands', async () => {
  const fake = calmGroup();
  fake.answer('JoinGroup', { errorCode: code.MEMBER_ID_REQUIRED, memberId: 'me' }, joined(1));
  const member = await join(fake);
  assert.deepEqual(
    fake.bodies('JoinGroup').map(({ memberId }) => memberId),
    ['', 'me'],
  );
  assert.deepEqual(
    fake.bodies('JoinGroup')[0].protocols.map(({ name }: { name: string }) => name),
    ['range', 'roundrobin', 'cooperative-sticky'],
  );
  assert.deepEqual(member.assigned, [{ topic, partition: 0, committedOffset: 7n, committedLeaderEpoch: 4 }]);
  assert.equal(member.generation, 1);
  await member.leave();
});

test('a partition that the group never committed has no committed offset', async () => {
  const fake = calmGroup();
  fake.answer('OffsetFetch', committed(-1n));
  const member = await join(fake);
  assert.equal(member.assigned[0]?.committedOffset, null);
  await member.leave();
});

test('offsets that an open transaction is about to commit are waited for', async () => {
  const fake = calmGroup();
  fake.answer('OffsetFetch', committed(-1n, code.UNSTABLE_OFFSET_COMMIT), committed(8n));
  const member = await join(fake);
  assert.equal(member.assigned[0]?.committedOffset, 8n);
  assert.equal(fake.bodies('OffsetFetch')[0].requireStable, true);
  await member.leave();
});

test('the leader divides the partitions among all members', async () => {
  const fake = calmGroup();
  const metadata = encodeSubscription([topic]);
  const members = ['me', 'zoe'].map((memberId) => ({ memberId, groupInstanceId: null, metadata }));
  fake.answer('JoinGroup', joined(1, 'me', members));
  const member = await join(fake);
  assert.deepEqual(
    fake
      .bodies('SyncGroup')[0]
      .assignments.map((one: { memberId: string; assignment: Buffer }) => [one.memberId, decodeAssignment(one.assignment)]),
    [
      ['me', [{ topic, partition: 0 }]],
      ['zoe', [{ topic, partition: 1 }]],
    ],
  );
  await member.leave();
});

test('a static leader that came back leaves the assignment as it is', async () => {
  const fake = calmGroup();
  fake.answer('JoinGroup', { ...(joined(1, 'me') as object), skipAssignment: true });
  const member = await join(fake, { groupInstanceId: 'desk' });
  assert.deepEqual(fake.bodies('SyncGroup')[0].assignments, []);
  await member.leave();
  assert.deepEqual(fake.bodies('LeaveGroup'), []);
});

test('when a rebalance begins the member may still commit, then joins again', async () => {
  const fake = calmGroup();
  fake.answer('Heartbeat', { errorCode: 0 }, { errorCode: code.REBALANCE_IN_PROGRESS });
  const member = await join(fake);
  await member.changed;
  assert.equal(await member.commit(nextOffsets()), 'committed');
  const [commit] = fake.bodies('OffsetCommit');
  assert.deepEqual([commit.memberId, commit.generationIdOrMemberEpoch], ['me', 1]);
  fake.answer('JoinGroup', joined(2));
  fake.answer('Heartbeat', { errorCode: 0 });
  await member.rejoin();
  assert.equal(member.generation, 2);
  assert.equal(fake.bodies('JoinGroup').at(-1).memberId, 'me');
  await member.leave();
});

test('heartbeats continue while the reader finishes after a rebalance began', async () => {
  const fake = calmGroup();
  let beats = 0;
  fake.answer('Heartbeat', async () => {
    beats++;
    return { errorCode: code.REBALANCE_IN_PROGRESS };
  });
  const member = await join(fake);
  await member.changed;
  await until(() => beats >= 3, 'the third heartbeat');
  assert.equal(fake.bodies('JoinGroup').length, 1, 'it has not joined again');
  await member.leave();
});

test('a member that the group forgot joins as a new one', async () => {
  const fake = calmGroup();
  fake.answer('Heartbeat', { errorCode: code.UNKNOWN_MEMBER_ID });
  const member = await join(fake);
  await member.changed;
  fake.answer('Heartbeat', { errorCode: 0 });
  fake.answer('JoinGroup', { errorCode: code.UNKNOWN_MEMBER_ID }, joined(5));
  await member.rejoin();
  assert.deepEqual(
    fake.bodies('JoinGroup').map(({ memberId }) => memberId),
    ['', 'me', ''],
  );
  await member.leave();
});

test('a rebalance that begins while the group waits for its leader is joined at once', async () => {
  const fake = calmGroup();
  const assignment = encodeAssignment([{ topic, partition: 0 }]);
  fake.answer('SyncGroup', { errorCode: code.REBALANCE_IN_PROGRESS }, { errorCode: 0, assignment });
  const member = await join(fake);
  assert.equal(fake.bodies('JoinGroup').length, 2);
  await member.leave();
});

for (const name of ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'REBALANCE_IN_PROGRESS'] as const) {
  test(`a commit that comes too late is stale: ${name}`, async () => {
    const fake = calmGroup();
    const member = await join(fake);
    fake.answer('OffsetCommit', commitAnswer(code[name]));
    assert.equal(await member.commit(nextOffsets()), 'stale');
    await member.leave();
  });
}

test('offsets of a partition that is not its own are never sent', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  assert.equal(await member.commit(nextOffsets(1)), 'stale');
  assert.deepEqual(fake.bodies('OffsetCommit'), []);
  await member.leave();
  assert.equal(await member.commit(nextOffsets()), 'stale');
});

test('a refused commit names the topic and the partition', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.answer('OffsetCommit', commitAnswer(code.TOPIC_AUTHORIZATION_FAILED));
  await assert.rejects(member.commit(nextOffsets()), (error: unknown) => {
    assert.ok(error instanceof KtError);
    assert.deepEqual([error.kind, error.code], ['refused', 'TOPIC_AUTHORIZATION_FAILED']);
    assert.ok(error.message.includes(`${topic}:0`));
    return true;
  });
  await member.leave();
});

test('a coordinator that moved is looked up again', async () => {
  const fake = calmGroup();
  fake.answer('JoinGroup', { errorCode: code.NOT_COORDINATOR }, { errorCode: code.COORDINATOR_LOAD_IN_PROGRESS }, joined(1));
  const member = await join(fake);
  assert.equal(fake.lookedUp, 1);
  assert.equal(member.generation, 1);
  await member.leave();
});

test('a commit whose connection was lost is sent again to the present coordinator', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.answer('OffsetCommit', new KtError('connection', 'closed'), commitAnswer(0));
  assert.equal(await member.commit(nextOffsets()), 'committed');
  assert.equal(fake.lookedUp, 1);
  await member.leave();
});

test('a group of members without a common assignor is refused with a hint, and nothing of the member stays', async () => {
  const fake = calmGroup();
  const answers = [{ errorCode: code.MEMBER_ID_REQUIRED, memberId: 'me' }, { errorCode: code.INCONSISTENT_GROUP_PROTOCOL }];
  fake.answer('JoinGroup', ...answers);
  await assert.rejects(join(fake), (error: unknown) => {
    assert.ok(error instanceof KtError);
    assert.deepEqual([error.kind, error.code], ['refused', 'INCONSISTENT_GROUP_PROTOCOL']);
    assert.ok(error.message.includes(group) && error.hint?.includes('kt groups describe'));
    return true;
  });
  assert.equal(fake.bodies('LeaveGroup')[0].members[0].memberId, 'me');
});

test('a member whose instance id was taken over ends instead of fighting for it', async () => {
  const fake = calmGroup();
  fake.answer('Heartbeat', { errorCode: code.FENCED_INSTANCE_ID });
  const member = await join(fake, { groupInstanceId: 'desk' });
  await member.changed;
  fake.answer('JoinGroup', { errorCode: code.FENCED_INSTANCE_ID });
  await assert.rejects(member.rejoin(), { kind: 'refused', code: 'FENCED_INSTANCE_ID' });
  await member.leave();
});

test('interrupted: the last commit is still sent, and the group is told that the member leaves', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.interrupt();
  assert.equal(await member.commit(nextOffsets()), 'committed');
  await member.leave();
  assert.equal(fake.bodies('LeaveGroup').length, 1);
});

test('interrupted while the group is joining: the member leaves with the id it got', async () => {
  const fake = calmGroup();
  fake.answer('JoinGroup', { errorCode: code.MEMBER_ID_REQUIRED, memberId: 'me' }, async () => {
    fake.interrupt();
    throw fake.signal.reason;
  });
  await assert.rejects(join(fake), /interrupted/);
  assert.equal(fake.bodies('LeaveGroup')[0].members[0].memberId, 'me');
});

test('a mute coordinator does not hold up the exit: after three seconds the member says what follows', async (t) => {
  const fake = calmGroup();
  const notes: string[] = [];
  const member = await join(fake, { note: (text) => notes.push(text) });
  let asked = () => {};
  const asking = new Promise<void>((resolve) => {
    asked = resolve;
  });
  fake.answer('LeaveGroup', () => {
    asked();
    return new Promise(() => {});
  });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const left = member.leave();
  await asking;
  t.mock.timers.tick(3_000);
  await left;
  assert.ok(notes.at(-1)?.includes('go to other members after'));
});

test('old brokers are asked in their words', async () => {
  const fake = calmGroup();
  fake.versions.OffsetFetch = 5;
  fake.versions.LeaveGroup = 2;
  const partitions = [{ partitionIndex: 0, committedOffset: 3n, committedLeaderEpoch: 1, metadata: '', errorCode: 0 }];
  fake.answer('OffsetFetch', { errorCode: 0, groups: [], topics: [{ name: topic, partitions }] } as never);
  const member = await join(fake);
  assert.equal(member.assigned[0]?.committedOffset, 3n);
  assert.equal(fake.bodies('OffsetFetch')[0].groupId, group);
  await member.leave();
  assert.equal(fake.bodies('LeaveGroup')[0].memberId, 'me');
});

for (const [name, errorCode] of [
  ['switched off', 35],
  ['not for this group', 69],
] as const) {
  test(`brokers that have the newer protocol, but ${name}, are asked by the classic one`, async () => {
    const fake = calmGroup();
    fake.answer('DescribeGroups', { groups: [{ errorCode: 0, groupState: 'Dead' }] } as never);
    fake.answer('ConsumerGroupHeartbeat', { errorCode, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null });
    const member = await joinGroup(fake.cluster, { group, topics: [topic], signal: fake.signal, note: () => {} });
    assert.equal(fake.bodies('ConsumerGroupHeartbeat')[0].memberEpoch, 0);
    assert.equal(member.assigned[0]?.committedOffset, 7n);
    assert.equal(fake.bodies('SyncGroup').length, 1);
    await member.leave();
  });
}
