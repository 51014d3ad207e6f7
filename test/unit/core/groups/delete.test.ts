import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { deleteGroups, planGroupDeletion, plannedDeletions } from '../../../../src/core/groups/delete.ts';
import { deleteOffsets, planOffsetsDeletion } from '../../../../src/core/groups/delete-offsets.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const usual: Readonly<Record<string, string>> = { billing: 'classic', 'billing-old': 'consumer', workers: 'share' };
const member = {
  memberId: 'm',
  instanceId: null,
  clientId: 'app',
  clientHost: '/10.0.0.1',
  assignment: { topicPartitions: [] },
};

/** Three groups on broker 1; each stands at 4 of orders:0 and orders:1. `live` has a member. */
function cluster(more: Readonly<Record<string, Answerer>> = {}, live = '', groups: Readonly<Record<string, string>> = usual) {
  const state = (group: string) => (group === live ? 'Stable' : 'Empty');
  const described: Answerer = (body) => ({
    groups: body.groupIds.map((groupId: string) => ({
      ...{ groupId, errorCode: 0, errorMessage: null, groupState: state(groupId), assignorName: 'uniform' },
      members: groupId === live ? [member] : [],
    })),
  });
  return fakeCluster({
    timeoutMs: 0,
    coordinators: (names) => new Map(names.map((name) => [name, 1])),
    answers: {
      ListGroups: (_body, target) => ({
        errorCode: 0,
        groups: Object.entries(typeof target === 'object' && 'broker' in target && target.broker === 1 ? groups : {}).map(
          ([groupId, groupType]) => ({ groupId, groupType, groupState: state(groupId), protocolType: 'consumer' }),
        ),
      }),
      DescribeGroups: (body) => ({
        groups: body.groups.map((groupId: string) => ({
          ...{ groupId, errorCode: 0, errorMessage: null, groupState: 'Empty', protocolType: 'consumer', protocolData: '' },
          members: [],
        })),
      }),
      ConsumerGroupDescribe: described,
      ShareGroupDescribe: described,
      OffsetFetch: (body) => ({
        groups: body.groups.map(({ groupId }: { groupId: string }) => ({
          groupId,
          errorCode: 0,
          topics: groups[groupId]
            ? [
                {
                  name: 'orders',
                  partitions: [0, 1].map((each) => ({ partitionIndex: each, committedOffset: 4n, errorCode: 0 })),
                },
              ]
            : [],
        })),
      }),
      DescribeShareGroupOffsets: (body) => ({
        groups: body.groups.map(({ groupId }: { groupId: string }) => ({
          ...{ groupId, errorCode: 0, errorMessage: null },
          topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset: 2n, lag: -1n, errorCode: 0 }] }],
        })),
      }),
      ...more,
    },
  });
}

test('a pattern stands for groups of any type; what is live or missing fails, the rest would be deleted', async () => {
  const plan = await planGroupDeletion(cluster({}, 'billing-old'), ['billing*', 'workers', 'nobody', 'x*']);
  assert.deepEqual(
    plannedDeletions(plan).map(({ group, status, partitions, error }) => [group, status, partitions, error?.code]),
    [
      ['billing', 'valid', 2, undefined],
      ['workers', 'valid', 1, undefined],
      ['billing-old', 'failed', 2, 'NON_EMPTY_GROUP'],
      ['nobody', 'failed', null, 'GROUP_ID_NOT_FOUND'],
      ['x*', 'failed', null, 'GROUP_ID_NOT_FOUND'],
    ],
  );
});

test('a pattern that is also the name of a group deletes nothing until it is clear which is meant', async () => {
  const groups = { ...usual, 'bill*': 'consumer', 'odd(': 'consumer' };
  const fake = cluster({}, '', groups);
  await assert.rejects(planGroupDeletion(fake, ['workers', 'bill*']), {
    kind: 'usage',
    message: "'bill*' (a group has this name, and it matches 2 others as a pattern)",
    hint: "write '/bill\\*/' for that group alone, or '/bill.*/' for all that the pattern matches",
  });
  const named = async (...texts: string[]) => (await planGroupDeletion(fake, texts)).groups.map(({ group }) => group.group);
  assert.deepEqual(await named('/bill\\*/'), ['bill*']);
  assert.deepEqual(await named('/bill.*/'), ['bill*', 'billing', 'billing-old']);
  assert.deepEqual(await named('odd('), ['odd('], 'no regular expression, but a name');
});

test('groups of one coordinator are deleted in one request; one that is refused keeps no other', async () => {
  const nonEmpty = 68;
  const groupDenied = 30;
  const fake = cluster({
    DeleteGroups: (body) => ({
      results: body.groupsNames.map((groupId: string) => ({
        groupId,
        errorCode: groupId === 'workers' ? nonEmpty : groupId === 'billing-old' ? groupDenied : 0,
      })),
    }),
  });
  const outcomes = await deleteGroups(fake, await planGroupDeletion(fake, ['billing*', 'workers']));
  assert.equal(fake.sent.filter(({ api }) => api === 'DeleteGroups').length, 1);
  assert.deepEqual(
    outcomes.map(({ group, status, error }) => [group, status, error?.message]),
    [
      ['billing', 'deleted', undefined],
      ['billing-old', 'failed', 'group billing-old not deleted (no permission: DELETE on group billing-old)'],
      ['workers', 'failed', 'group workers not deleted (The group is not empty)'],
    ],
  );
});

test('a group that is gone after its coordinator went down without an answer was deleted; one that was gone before was not', async () => {
  const notFound = 69;
  const results =
    (errorCode: number): Answerer =>
    (body) => ({
      results: body.groupsNames.map((groupId: string) => ({ groupId, errorCode })),
    });
  const deletion = async (DeleteGroups: Answerer) => {
    const fake = cluster({ DeleteGroups });
    const plan = await planGroupDeletion(fake, ['workers']);
    const outcomes = await deleteGroups({ ...fake, timeoutMs: 5_000 }, plan);
    return outcomes.map(({ status, error }) => [status, error?.code]);
  };
  const lost: Answerer = (body, target, tries) => {
    if (tries === 1) throw new KtError('connection', 'the server closed the connection', { code: 'NETWORK_EXCEPTION' });
    return results(notFound)(body, target, tries);
  };
  assert.deepEqual(await deletion(lost), [['deleted', undefined]]);
  assert.deepEqual(await deletion(results(notFound)), [['failed', 'GROUP_ID_NOT_FOUND']]);
});

test('only the offsets that were asked for are deleted, each with its own outcome', async () => {
  const subscribed = 86;
  const fake = cluster({
    OffsetDelete: () => ({
      errorCode: 0,
      topics: [
        {
          name: 'orders',
          partitions: [
            { partitionIndex: 0, errorCode: 0 },
            { partitionIndex: 1, errorCode: subscribed },
          ],
        },
      ],
    }),
  });
  const plan = await planOffsetsDeletion(fake, 'billing', [{ topic: 'orders', partitions: [0, 1, 7] }]);
  assert.deepEqual(
    plan.problems.map(({ message }) => message),
    ['group billing has no offset of orders:7'],
  );
  const outcomes = await deleteOffsets(fake, plan);
  assert.deepEqual(
    outcomes.map(({ partition, committedOffset, status, error }) => [partition, committedOffset, status, error?.message]),
    [
      [0, 4n, 'deleted', undefined],
      [1, 4n, 'failed', 'offset of group billing for orders:1 not deleted (a member of the group reads the topic)'],
    ],
  );
});

test('a share group forgets whole topics only', async () => {
  const fake = cluster({
    DeleteShareGroupOffsets: () => ({
      ...{ errorCode: 0, errorMessage: null },
      responses: [{ topicName: 'orders', topicId: '', errorCode: 0, errorMessage: null }],
    }),
  });
  const single = await planOffsetsDeletion(fake, 'workers', [{ topic: 'orders', partitions: [0] }]);
  assert.deepEqual([single.offsets, single.problems.length], [[], 1]);
  const [outcome] = await deleteOffsets(
    fake,
    await planOffsetsDeletion(fake, 'workers', [{ topic: 'orders', partitions: undefined }]),
  );
  assert.deepEqual([outcome?.status, outcome?.committedOffset], ['deleted', 2n]);
});
