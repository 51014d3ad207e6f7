/** A member by the consumer protocol (KIP-848), against a coordinator that answers as scripted. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { type JoinGroupOptions, joinGroup } from '../../../../src/kafka/group/membership.ts';
import type { ResponseBodies } from '../../../../src/kafka/wire/generated/types.ts';
import { FakeGroup } from './fake-group.ts';

const group = `group-${randomUUID()}`;
const topic = `topic-${randomUUID()}`;
const topicId = randomUUID();
const code = {
  NOT_COORDINATOR: 16,
  UNKNOWN_MEMBER_ID: 25,
  UNSUPPORTED_VERSION: 35,
  GROUP_ID_NOT_FOUND: 69,
  GROUP_MAX_SIZE_REACHED: 81,
  FENCED_MEMBER_EPOCH: 110,
  UNRELEASED_INSTANCE_ID: 111,
  STALE_MEMBER_EPOCH: 113,
};

type Heartbeat = Partial<ResponseBodies['ConsumerGroupHeartbeat']>;

/** The answer that gives these partitions; undefined: nothing is said about them. */
function beat(memberEpoch: number, partitions?: readonly number[], heartbeatIntervalMs = 60_000): Heartbeat {
  const topicPartitions = partitions?.length === 0 ? [] : [{ topicId, partitions: partitions ?? [] }];
  return { errorCode: 0, memberEpoch, heartbeatIntervalMs, assignment: partitions === undefined ? null : { topicPartitions } };
}

function refused(errorCode: number): Heartbeat {
  return { errorCode, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null };
}

/** A group in which everything goes well: this member is alone, and gets both partitions. */
function calmGroup(): FakeGroup {
  const fake = new FakeGroup();
  fake.partitionCounts.set(topic, 2);
  fake.topicIds.set(topic, topicId);
  fake.answer('DescribeGroups', { groups: [{ errorCode: code.GROUP_ID_NOT_FOUND, groupState: 'Dead' }] } as never);
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1]), beat(1));
  fake.answer('ConsumerGroupDescribe', { groups: [{ errorCode: 0, groupState: 'Stable' }] } as never);
  fake.answer('OffsetFetch', async ({ groups = [] }) => ({
    groups: groups.map(({ topics }) => ({
      groupId: group,
      errorCode: 0,
      topics: (topics ?? []).map(({ name = '', partitionIndexes = [] }) => ({
        name,
        topicId: '',
        partitions: partitionIndexes.map((partitionIndex) => ({
          partitionIndex,
          committedOffset: 7n,
          committedLeaderEpoch: 4,
          metadata: '',
          errorCode: 0,
        })),
      })),
    })),
  }));
  fake.answer('OffsetCommit', commitAnswer(0));
  return fake;
}

function commitAnswer(errorCode: number) {
  return { topics: [{ name: topic, partitions: [{ partitionIndex: 0, errorCode }] }] } as never;
}

function join(fake: FakeGroup, options: Partial<JoinGroupOptions> = {}) {
  return joinGroup(fake.cluster, { group, topics: [topic], signal: fake.signal, note: () => {}, ...options });
}

function owned(body: { topicPartitions: { partitions: number[] }[] | null }): number[] | null {
  return body.topicPartitions?.flatMap(({ partitions }) => partitions) ?? null;
}

const nextOffsets = (partition = 0) => new Map([[topic, new Map([[partition, 9n]])]]);
const partitionsOf = ({ assigned }: { assigned: readonly { partition: number }[] }) =>
  assigned.map(({ partition }) => partition);

test('a member of a new group names itself, says that it owns what it is given, and starts where the group stands', async () => {
  const fake = calmGroup();
  const notes: string[] = [];
  const member = await join(fake, { note: (text) => notes.push(text) });
  const [first, second] = fake.bodies('ConsumerGroupHeartbeat');
  assert.match(first.memberId, /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
  assert.deepEqual(
    [first.memberEpoch, first.rebalanceTimeoutMs, first.subscribedTopicNames, owned(first)],
    [0, 60_000, [topic], []],
  );
  assert.deepEqual(
    [second.memberId, second.memberEpoch, second.subscribedTopicNames, owned(second)],
    [first.memberId, 1, undefined, [0, 1]],
  );
  assert.deepEqual(member.assigned[0], { topic, partition: 0, committedOffset: 7n, committedLeaderEpoch: 4 });
  assert.equal(notes.at(-1), `group ${group}: assigned ${topic}:0,1`);
  const [{ groups }] = fake.bodies('OffsetFetch');
  assert.deepEqual([groups[0].memberId, groups[0].memberEpoch], [first.memberId, 1]);
  await member.leave();
});

test('it leaves by name, also when interrupted', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.interrupt();
  assert.equal(await member.commit(nextOffsets()), 'committed');
  await member.leave();
  assert.deepEqual(
    fake.bodies('ConsumerGroupHeartbeat').map(({ memberEpoch }) => memberEpoch),
    [0, 1, -1],
  );
  assert.equal(await member.commit(nextOffsets()), 'stale');
});

test('a static member says that it will be back', async () => {
  const fake = calmGroup();
  const member = await join(fake, { groupInstanceId: 'desk' });
  await member.leave();
  const last = fake.bodies('ConsumerGroupHeartbeat').at(-1);
  assert.deepEqual([last.memberEpoch, last.instanceId], [-2, 'desk']);
});

test('interrupted before the group answers, it leaves all the same', async () => {
  const fake = calmGroup();
  fake.answer(
    'ConsumerGroupHeartbeat',
    async () => {
      fake.interrupt();
      throw fake.signal.reason;
    },
    beat(-1),
  );
  await assert.rejects(join(fake), /interrupted/);
  assert.deepEqual(
    fake.bodies('ConsumerGroupHeartbeat').map(({ memberEpoch }) => memberEpoch),
    [0, -1],
  );
});

test('revoked partitions stay the member’s until the reader has committed and joins again', async () => {
  const fake = calmGroup();
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1], 5), beat(1, undefined, 5), beat(1, [0], 5), beat(1, undefined, 5));
  const member = await join(fake);
  await member.changed;
  assert.equal(await member.commit(nextOffsets(1)), 'committed');
  fake.answer('ConsumerGroupHeartbeat', beat(2, undefined));
  const before = fake.bodies('ConsumerGroupHeartbeat');
  assert.ok(before.slice(2).every((body) => owned(body) === null));
  await member.rejoin();
  assert.deepEqual(partitionsOf(member), [0]);
  assert.equal(member.generation, 2);
  const told = fake.bodies('ConsumerGroupHeartbeat').slice(before.length).map(owned);
  assert.deepEqual(told.filter(Boolean), [[0]]);
  assert.equal(await member.commit(nextOffsets(1)), 'stale');
  await member.leave();
});

test('a new epoch with the same partitions does not interrupt the reader, and is what it commits under', async () => {
  const fake = calmGroup();
  let later = () => {};
  const laterBeat = new Promise<void>((resolve) => {
    later = resolve;
  });
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1], 1), beat(1, undefined, 1), beat(4, [1, 0], 1), async () => {
    later();
    return beat(4, undefined);
  });
  const member = await join(fake);
  let changed = false;
  void member.changed.then(() => {
    changed = true;
  });
  await laterBeat;
  assert.equal(await member.commit(nextOffsets()), 'committed');
  assert.equal(fake.bodies('OffsetCommit')[0].generationIdOrMemberEpoch, 4);
  assert.deepEqual([changed, member.generation], [false, 1]);
  await member.leave();
});

test('a commit that the coordinator finds old is sent again under the epoch that a heartbeat brings', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.answer('OffsetCommit', commitAnswer(code.STALE_MEMBER_EPOCH), commitAnswer(0));
  fake.answer('ConsumerGroupHeartbeat', beat(2));
  assert.equal(await member.commit(nextOffsets()), 'committed');
  assert.deepEqual(
    fake.bodies('OffsetCommit').map(({ generationIdOrMemberEpoch }) => generationIdOrMemberEpoch),
    [1, 2],
  );
  await member.leave();
});

test('interrupted, it still finds out the epoch for its last commit', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.interrupt();
  fake.answer('OffsetCommit', commitAnswer(code.STALE_MEMBER_EPOCH), commitAnswer(0));
  fake.answer('ConsumerGroupHeartbeat', beat(2));
  assert.equal(await member.commit(nextOffsets()), 'committed');
  await member.leave();
});

test('a commit that stays old is stale', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.answer('OffsetCommit', commitAnswer(code.STALE_MEMBER_EPOCH));
  assert.equal(await member.commit(nextOffsets()), 'stale');
  await member.leave();
});

test('a fenced member commits nothing more and joins again with its name, owning nothing', async () => {
  for (const error of [code.FENCED_MEMBER_EPOCH, code.UNKNOWN_MEMBER_ID, code.GROUP_ID_NOT_FOUND]) {
    const fake = calmGroup();
    fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1], 1), beat(1, undefined, 1), refused(error));
    const member = await join(fake);
    await member.changed;
    assert.equal(await member.commit(nextOffsets()), 'stale');
    assert.deepEqual(fake.bodies('OffsetCommit'), []);
    const before = fake.bodies('ConsumerGroupHeartbeat');
    fake.answer('ConsumerGroupHeartbeat', beat(7, [1]), beat(7));
    await member.rejoin();
    assert.deepEqual(partitionsOf(member), [1]);
    const [again] = fake.bodies('ConsumerGroupHeartbeat').slice(before.length);
    assert.deepEqual(
      [again.memberId, again.memberEpoch, owned(again), again.subscribedTopicNames],
      [before[0].memberId, 0, [], [topic]],
    );
    await member.leave();
  }
});

test('if fenced while it commits, it does not commit under its new identity', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.answer('OffsetCommit', commitAnswer(code.UNKNOWN_MEMBER_ID));
  fake.answer('ConsumerGroupHeartbeat', refused(code.UNKNOWN_MEMBER_ID));
  assert.equal(await member.commit(nextOffsets()), 'stale');
  await member.changed;
  assert.equal(fake.bodies('OffsetCommit').length, 1);
  await member.leave();
});

test('a commit waits for the heartbeat under way, and does not join again when that one is fenced', async () => {
  const fake = calmGroup();
  let beaten = () => {};
  const beating = new Promise<void>((resolve) => {
    beaten = resolve;
  });
  let fence = (_: Heartbeat) => {};
  fake.answer(
    'ConsumerGroupHeartbeat',
    beat(1, [0, 1], 1),
    beat(1, undefined, 1),
    () => {
      beaten();
      return new Promise((resolve) => {
        fence = resolve;
      });
    },
    beat(8, [0, 1]),
  );
  const member = await join(fake);
  await beating;
  fake.answer('OffsetCommit', async () => {
    setImmediate(() => fence(refused(code.FENCED_MEMBER_EPOCH)));
    return commitAnswer(code.STALE_MEMBER_EPOCH);
  });
  assert.equal(await member.commit(nextOffsets()), 'stale');
  assert.equal(fake.bodies('ConsumerGroupHeartbeat').length, 3);
  assert.equal(fake.bodies('OffsetCommit').length, 1);
  await member.leave();
});

test('what is taken away while the offsets are read is not read', async () => {
  const fake = calmGroup();
  let taken = () => {};
  const takenAway = new Promise<void>((resolve) => {
    taken = resolve;
  });
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1], 1), beat(1, undefined, 1), beat(1, [1]), async () => {
    taken();
    return beat(2);
  });
  const partitions = [{ partitionIndex: 1, committedOffset: 3n, committedLeaderEpoch: 4, metadata: '', errorCode: 0 }];
  const answer = { groups: [{ groupId: group, errorCode: 0, topics: [{ name: topic, topicId, partitions }] }] } as never;
  fake.answer(
    'OffsetFetch',
    async () => {
      while (fake.bodies('ConsumerGroupHeartbeat').length < 3) await new Promise(setImmediate);
      await new Promise(setImmediate);
      return answer;
    },
    answer,
  );
  const member = await join(fake);
  await takenAway;
  assert.deepEqual([partitionsOf(member), member.generation, fake.bodies('OffsetFetch').length], [[1], 1, 2]);
  await member.leave();
});

test('a group that is gone when the member comes back is created again', async () => {
  const fake = calmGroup();
  const member = await join(fake);
  fake.answer('ConsumerGroupHeartbeat', refused(code.GROUP_ID_NOT_FOUND), beat(1, [1]), beat(1));
  await member.rejoin();
  assert.deepEqual(partitionsOf(member), [1]);
  await member.leave();
});

test('a coordinator that still has the member under a lost epoch is asked again until that session has ended', async () => {
  const fake = calmGroup();
  fake.answer('ConsumerGroupHeartbeat', refused(code.FENCED_MEMBER_EPOCH), beat(1, [1]), beat(1));
  const member = await join(fake);
  assert.deepEqual(partitionsOf(member), [1]);
  await member.leave();
});

test('after a lost answer the coordinator is sent everything again', async () => {
  const fake = calmGroup();
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1]), new KtError('connection', 'closed'), beat(1, [0, 1]));
  const member = await join(fake);
  const again = fake.bodies('ConsumerGroupHeartbeat')[2];
  assert.deepEqual([again.memberEpoch, again.subscribedTopicNames, owned(again)], [1, [topic], [0, 1]]);
  assert.equal(fake.lookedUp, 1);
  await member.leave();
});

test('a coordinator that moved is sent everything too', async () => {
  const fake = calmGroup();
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1]), refused(code.NOT_COORDINATOR), beat(1, [0, 1]));
  const member = await join(fake);
  assert.deepEqual(fake.bodies('ConsumerGroupHeartbeat')[2].subscribedTopicNames, [topic]);
  await member.leave();
});

test('a member that gets nothing yet waits until the others have let go', async () => {
  const fake = calmGroup();
  fake.answer('ConsumerGroupHeartbeat', beat(2, []), beat(2), beat(2, [1]), beat(2));
  fake.answer('ConsumerGroupDescribe', { groups: [{ errorCode: 0, groupState: 'Reconciling' }] } as never);
  const member = await join(fake);
  assert.deepEqual(partitionsOf(member), [1]);
  await member.leave();
});

test('a member of a group with more members than partitions knows that it gets nothing', async () => {
  const fake = calmGroup();
  const notes: string[] = [];
  fake.answer('ConsumerGroupHeartbeat', beat(2, []), beat(2));
  const member = await join(fake, { note: (text) => notes.push(text) });
  assert.deepEqual(member.assigned, []);
  assert.ok(notes.at(-1)?.includes('more members than partitions'));
  await member.leave();
});

test('a topic that the asked broker does not know yet is asked for again', async () => {
  const fake = calmGroup();
  fake.topicIds.delete(topic);
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1]), beat(1), async () => {
    fake.topicIds.set(topic, topicId);
    return beat(1);
  });
  const member = await join(fake);
  assert.deepEqual(partitionsOf(member), [0, 1]);
  await member.leave();
});

test('an epoch that is over before the offsets are read is asked for again', async () => {
  const fake = calmGroup();
  const answers = { groups: [{ groupId: group, errorCode: code.STALE_MEMBER_EPOCH, topics: [] }] } as never;
  const partitions = [{ partitionIndex: 0, committedOffset: 3n, committedLeaderEpoch: 4, metadata: '', errorCode: 0 }];
  fake.answer('OffsetFetch', answers, {
    groups: [{ groupId: group, errorCode: 0, topics: [{ name: topic, topicId, partitions }] }],
  } as never);
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0]), beat(1), beat(2));
  const member = await join(fake);
  assert.equal(member.assigned[0]?.committedOffset, 3n);
  assert.deepEqual(
    fake.bodies('OffsetFetch').map(({ groups }) => groups[0].memberEpoch),
    [1, 2],
  );
  await member.leave();
});

for (const [name, hint] of [
  ['GROUP_MAX_SIZE_REACHED', 'stop one'],
  ['UNRELEASED_INSTANCE_ID', 'stop that member'],
] as const) {
  test(`a group that refuses the member says why: ${name}`, async () => {
    const fake = calmGroup();
    fake.answer('ConsumerGroupHeartbeat', refused(code[name]));
    await assert.rejects(join(fake), (error: unknown) => {
      assert.ok(error instanceof KtError);
      assert.deepEqual([error.kind, error.code], ['refused', name]);
      assert.ok(error.hint?.includes(hint));
      return true;
    });
  });
}

test('a group that became a classic one while its member was away says how to go on', async () => {
  const fake = calmGroup();
  fake.answer('ConsumerGroupHeartbeat', beat(1, [0, 1], 1), beat(1, undefined, 1), refused(code.UNKNOWN_MEMBER_ID));
  const member = await join(fake);
  await member.changed;
  fake.answer('ConsumerGroupHeartbeat', refused(code.GROUP_ID_NOT_FOUND));
  await assert.rejects(member.rejoin(), { kind: 'refused', code: 'GROUP_ID_NOT_FOUND', hint: /run it again/ });
  await member.leave();
});
