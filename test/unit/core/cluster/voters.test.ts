/** Before a controller gets or loses its vote, a dry run says what is in the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addVoter, removeVoter, voterNamed } from '../../../../src/core/cluster/voters.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

const [ids, none] = [['BBBBBBBBBBBBBBBBBBBBBB', 'CCCCCCCCCCCCCCCCCCCCCC', 'DDDDDDDDDDDDDDDDDDDDDD'], 'AAAAAAAAAAAAAAAAAAAAAA'];
const listeners = [{ name: 'CONTROLLER', host: 'h', port: 1 }];

/** Controllers 1 and 2 vote, 3 follows; the broker answers changes with `errorCode`. */
function world({ isFixed = false, voters = 2, errorCode = 0, versions = {} } = {}) {
  const replica = (node: number) => ({
    ...{ replicaId: node, replicaDirectoryId: isFixed ? none : ids[node - 1], logEndOffset: 1n },
    ...{ lastFetchTimestamp: 1n, lastCaughtUpTimestamp: 1n },
  });
  const change = () => ({ errorCode, errorMessage: 'the broker’s reason' });
  const log = {
    ...{ errorCode: 0, leaderId: 1, leaderEpoch: 1, highWatermark: 1n },
    ...{ currentVoters: [1, 2].slice(0, voters).map(replica), observers: [replica(3)] },
  };
  return fakeCluster({
    timeoutMs: 1,
    versions,
    answers: {
      DescribeQuorum: () => ({ errorCode: 0, errorMessage: null, topics: [{ partitions: [log] }] }),
      AddRaftVoter: change,
      RemoveRaftVoter: change,
    },
  });
}

const third = { controller: 3, directoryId: ids[2]! };

test('a dry run sends no change, and names what is in the way', async () => {
  const cluster = world();
  assert.deepEqual(await addVoter(cluster, third, listeners, true), { ...third, status: 'valid' });
  const second = await voterNamed(cluster, 2, undefined);
  assert.deepEqual(await removeVoter(cluster, second, true), { controller: 2, directoryId: ids[1], status: 'valid' });
  assert.deepEqual(new Set(cluster.sent.map(({ api }) => api)), new Set(['DescribeQuorum']));
  const why = async (outcome: ReturnType<typeof addVoter>) => (await outcome).error!.message;
  assert.match(await why(addVoter(cluster, second, listeners, true)), /controller 2 not added \(it is a voter already\)/);
  const elsewhere = { ...third, directoryId: ids[0]! };
  assert.match(await why(addVoter(cluster, elsewhere, listeners, true)), /no controller with this id and directory id follows/);
  assert.match(await why(addVoter(world({ isFixed: true }), third, listeners, true)), /the voters of this quorum are fixed/);
  assert.match(await why(removeVoter(world({ voters: 1 }), second, true)), /it is the only voter/);
});

test('a voter is found by its id alone; another directory, no voter, and fixed voters are refused', async () => {
  assert.deepEqual(await voterNamed(world(), 1, undefined), { controller: 1, directoryId: ids[0] });
  await assert.rejects(voterNamed(world(), 1, ids[2]), /it votes with directory id BBBB/);
  await assert.rejects(voterNamed(world(), 3, undefined), { code: 'VOTER_NOT_FOUND', message: /it is no voter/ });
  await assert.rejects(voterNamed(world({ isFixed: true }), 1, undefined), { code: 'UNSUPPORTED_VERSION', message: /fixed/ });
});

test('the request names cluster, directory and listeners; a refusal is the outcome', async () => {
  const cluster = world();
  assert.equal((await addVoter(cluster, third, listeners, false)).status, 'added');
  assert.deepEqual(cluster.sent.find(({ api }) => api === 'AddRaftVoter')!.body, {
    ...{ clusterId: 'fake', timeoutMs: 1, voterId: 3, voterDirectoryId: ids[2], listeners },
  });
  const refused = await removeVoter(world({ errorCode: 31 }), third, false);
  assert.match(refused.error!.message, /controller 3 not removed \(no permission: ALTER on the cluster\)/);
  const old = await addVoter(world({ errorCode: 35 }), third, listeners, false);
  assert.match(old.error!.hint!, /kraft\.version=1/);
});

test('a Kafka that is too old is said to be, before its fixed voters are', async () => {
  const old = world({ isFixed: true, versions: { AddRaftVoter: -1, RemoveRaftVoter: -1 } });
  const since = { code: 'UNSUPPORTED_VERSION', hint: /^it came with Kafka 3\.9/ };
  await assert.rejects(voterNamed(old, 1, undefined), { ...since, message: /controller 1 not removed \(this Kafka does not/ });
  await assert.rejects(addVoter(old, third, listeners, true), { ...since, message: /controller 3 not added/ });
});
