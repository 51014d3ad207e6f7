/** Waiting for lag and judging it, on a cluster whose answers change from look to look. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { judgeLag, waitForLag } from '../../../../src/core/lag/window.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

const options = { topics: [], uncommitted: 'count', timeoutMs: 200, maxLag: 0 } as const;
const window = { forMs: 400, intervalMs: 20 };

/** What a look finds of group billing on orders-0, whose end is 10: an offset, no group, or no cluster. */
function cluster(look: (count: number) => number | 'unknown' | 'away') {
  let looks = 0;
  let found: number | 'unknown' | 'away' = 0;
  return fakeCluster({
    topics: () => ({ orders: [1] }),
    coordinators: (names) => new Map(names.map((name) => [name, 1])),
    answers: {
      ListGroups: (_body, target) => {
        if (typeof target === 'object' && 'broker' in target && target.broker !== 1) return { errorCode: 0, groups: [] };
        looks++;
        found = look(looks);
        const groups = [{ groupId: 'billing', groupType: 'classic', groupState: 'Empty', protocolType: 'consumer' }];
        return { errorCode: 0, groups: found === 'unknown' ? [] : groups };
      },
      DescribeGroups: () => ({
        groups: [
          { groupId: 'billing', errorCode: 0, groupState: 'Empty', protocolType: 'consumer', protocolData: '', members: [] },
        ],
      }),
      OffsetFetch: () => {
        if (found === 'away') throw new KtError('connection', 'no connection', { code: 'ECONNREFUSED' });
        const partitions = [{ partitionIndex: 0, committedOffset: BigInt(found === 'unknown' ? 0 : found), errorCode: 0 }];
        return {
          groups: [{ groupId: 'billing', errorCode: 0, topics: found === 'unknown' ? [] : [{ name: 'orders', partitions }] }],
        };
      },
      ListOffsets: offsetsAnswer({ 'orders-0': [0n, 10n] }),
    },
  });
}
const codes = ({ problems }: { problems: readonly KtError[] }) => problems.map(({ code }) => code);

test('waiting ends when the check holds', async () => {
  assert.deepEqual(
    codes(
      await waitForLag(
        cluster((look) => (look < 4 ? 5 : 10)),
        ['billing'],
        options,
        // It ends long before.
        { ...window, forMs: 60_000 },
      ),
    ),
    [],
  );
});

test('when the time is over, waiting ends with the checks that fail', async () => {
  assert.deepEqual(
    codes(
      await waitForLag(
        cluster(() => 5),
        ['billing'],
        options,
        window,
      ),
    ),
    ['MAX_LAG_EXCEEDED'],
  );
});

test('a group that is unknown for a moment, while its coordinator moves, is waited for', async () => {
  const moving = cluster((look) => (look < 4 ? 'unknown' : 10));
  assert.deepEqual(codes(await waitForLag(moving, ['billing'], options, window)), []);
});

test('with a lost coordinator a check does not pass', async () => {
  const lost = cluster((look) => (look === 1 ? 5 : 'away'));
  const { problems } = await waitForLag(lost, ['billing'], { ...options, timeoutMs: 50 }, { forMs: 300, intervalMs: 20 });
  assert.deepEqual(
    problems.map(({ kind }) => kind),
    ['connection'],
  );
});

test('a group that is unknown in a window’s last sample is judged by the others', async () => {
  const judged = await judgeLag(
    cluster((look) => (look > 15 ? 'unknown' : 5)),
    ['billing'],
    { ...options, maxLag: 100 },
    window,
  );
  assert.deepEqual(codes(judged), []);
  assert.equal(judged.groups[0]!.partitions[0]!.verdict, 'ok');
});

test('a group that is never there is unknown, not judged', async () => {
  assert.deepEqual(
    codes(
      await judgeLag(
        cluster(() => 'unknown'),
        ['billing'],
        options,
        window,
      ),
    ),
    ['GROUP_ID_NOT_FOUND'],
  );
});
