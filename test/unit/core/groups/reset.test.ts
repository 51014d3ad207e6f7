import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOut, planReset } from '../../../../src/core/groups/reset.ts';
import { type FakeOptions, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

interface Member {
  readonly clientId: string;
  readonly groupInstanceId?: string;
}

/** A group that committed offset 4 of both partitions of orders, on broker 1. */
function cluster({ members = [] as readonly Member[], groupType = 'classic', errorCodes = [0, 0], ...more } = {}) {
  const state = members.length > 0 ? 'Stable' : 'Empty';
  const options: FakeOptions = {
    topics: () => ({ orders: [1, 2] }),
    coordinators: (groups) => new Map(groups.map((group) => [group, 1])),
    answers: {
      ListGroups: (_body, target) => ({
        errorCode: 0,
        groups:
          typeof target === 'object' && 'broker' in target && target.broker === 1
            ? [{ groupId: 'billing', groupType, groupState: state, protocolType: 'consumer' }]
            : [],
      }),
      DescribeGroups: () => ({
        groups: [
          {
            groupId: 'billing',
            errorCode: 0,
            errorMessage: null,
            groupState: state,
            protocolType: 'consumer',
            protocolData: 'range',
            members: members.map(({ clientId, groupInstanceId = null }) => ({
              memberId: clientId,
              groupInstanceId,
              clientId,
              clientHost: '/10.0.0.1',
              memberAssignment: Buffer.alloc(0),
            })),
          },
        ],
      }),
      OffsetFetch: (body) => ({
        groups: body.groups.map(({ groupId }: { groupId: string }) => ({
          groupId,
          errorCode: 0,
          topics: [
            {
              name: 'orders',
              partitions: [0, 1].map((partitionIndex) => ({ partitionIndex, committedOffset: 4n, errorCode: 0 })),
            },
          ],
        })),
      }),
      ListOffsets: offsetsAnswer({ 'orders-0': [0n, 10n], 'orders-1': [0n, 10n] }),
      OffsetCommit: () => ({
        topics: [
          {
            name: 'orders',
            partitions: errorCodes.map((errorCode, partitionIndex) => ({ partitionIndex, errorCode })),
          },
        ],
      }),
      ...more,
    },
  };
  return fakeCluster(options);
}
const request = { group: 'billing', to: { at: 'end' }, topics: [] } as const;
const reset = async (fake: ReturnType<typeof cluster>) => carryOut(fake, await planReset(fake, request));

test('what was planned is committed, without generation and member', async () => {
  const fake = cluster();
  const { partitions, problems } = await reset(fake);
  assert.deepEqual(
    partitions.map(({ status }) => status),
    ['reset', 'reset'],
  );
  assert.deepEqual(problems, []);
  const { body, target } = fake.sent.find(({ api }) => api === 'OffsetCommit')!;
  assert.deepEqual(target, { group: 'billing' });
  assert.deepEqual([body.generationIdOrMemberEpoch, body.memberId], [-1, '']);
  assert.deepEqual(
    body.topics[0].partitions.map(({ committedOffset }: { committedOffset: bigint }) => committedOffset),
    [10n, 10n],
  );
});

test('an active group is refused before anything is sent, with its members, static ones by their instance id', async () => {
  const members = [{ clientId: 'app-1' }, { clientId: 'app-2', groupInstanceId: 'i-2' }];
  const fake = cluster({ members });
  await assert.rejects(reset(fake), {
    kind: 'refused',
    code: 'NON_EMPTY_GROUP',
    message: 'group billing is active (it is Stable with 2 members: app-1 at 10.0.0.1, app-2 (instance i-2) at 10.0.0.1)',
    hint: 'stop its members, then run it again: kt groups describe billing shows who is left; if static members died, remove them: kt groups remove-members billing --instance-id i-2',
  });
  assert.ok(!fake.sent.some(({ api }) => api === 'OffsetCommit'));
});

test('a member that joins between plan and commit is reported as such', async () => {
  const unknownMember = 25;
  const { partitions, problems } = await reset(cluster({ errorCodes: [unknownMember, unknownMember] }));
  assert.deepEqual(
    partitions.map(({ status }) => status),
    ['failed', 'failed'],
  );
  assert.equal(problems[0]?.message, 'offset of group billing for orders:0 not set (a member has joined the group)');
});

test('a missing permission names operation and resource, and keeps no other partition from being set', async () => {
  const topicDenied = 29;
  const { partitions, problems } = await reset(cluster({ errorCodes: [0, topicDenied] }));
  assert.deepEqual(
    partitions.map(({ status }) => status),
    ['reset', 'failed'],
  );
  assert.deepEqual(
    problems.map(({ message, code }) => [message, code]),
    [['offset of group billing for orders:1 not set (no permission: READ on topic orders)', 'TOPIC_AUTHORIZATION_FAILED']],
  );
});

test('a pattern cannot be reset, even if it matches only one group', async () => {
  await assert.rejects(planReset(cluster(), { ...request, group: 'bill*' }), { kind: 'usage' });
});
