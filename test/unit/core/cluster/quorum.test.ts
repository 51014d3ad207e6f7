/** How far the replicas of the metadata log are behind its leader. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quorumOf } from '../../../../src/core/cluster/quorum.ts';

const replica = (replicaId: number, logEndOffset: bigint, caughtUp: bigint) => ({
  replicaId,
  replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
  logEndOffset,
  lastFetchTimestamp: caughtUp,
  lastCaughtUpTimestamp: caughtUp,
});
const log = { leaderId: 2, leaderEpoch: 7, highWatermark: 100n, currentVoters: [], observers: [] };

test('the leader comes first and is behind by nothing; the others are behind by records and by time', () => {
  const { voters, observers } = quorumOf('id', {
    ...log,
    currentVoters: [replica(1, 90n, 9_000n), replica(2, 100n, 10_000n), replica(3, 40n, -1n)],
    observers: [replica(5, 100n, 10_000n), replica(4, 99n, 10_010n)],
  });
  assert.deepEqual(
    [...voters, ...observers].map(({ node, role, lag, lagMs }) => [node, role, lag, lagMs]),
    [
      [2, 'leader', 0n, 0],
      [1, 'follower', 10n, 1000],
      [3, 'follower', 60n, null],
      [4, 'observer', 1n, 0],
      [5, 'observer', 0n, 0],
    ],
  );
});

test('missing directory ids and unknown times are null', () => {
  const [only] = quorumOf(null, { ...log, currentVoters: [replica(2, 5n, -1n)] }).voters;
  assert.deepEqual([only?.directoryId, only?.lastFetchTimestamp, only?.lastCaughtUpTimestamp], [null, null, null]);
});
