/** Features get the levels that are asked for, in the words of the release. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeFeatures, featureLevel, releaseLevels } from '../../../../src/core/cluster/features.ts';
import { unregisterBroker } from '../../../../src/core/cluster/unregister.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

function cluster(refusal = 0, versions = {}) {
  const finalized = new Map([
    ['metadata.version', 20],
    ['group.version', 0],
  ]);
  return fakeCluster({
    versions,
    answers: {
      ApiVersions: () => ({
        ...{ errorCode: 0, apiKeys: [], finalizedFeaturesEpoch: 1n },
        supportedFeatures: [...finalized.keys()].map((name) => ({ name, minVersion: 0, maxVersion: 30 })),
        finalizedFeatures: [...finalized].map(([name, level]) => ({ name, minVersionLevel: 0, maxVersionLevel: level })),
      }),
      UpdateFeatures: ({ featureUpdates, validateOnly }) => {
        if (refusal === 0 && !validateOnly)
          for (const { feature, maxVersionLevel } of featureUpdates) finalized.set(feature, maxVersionLevel);
        return { errorCode: refusal, errorMessage: refusal === 0 ? null : 'too new', results: [] };
      },
      UnregisterBroker: ({ brokerId }) => ({ errorCode: brokerId === 4 ? 0 : 102, errorMessage: null }),
    },
  });
}

test('levels are numbers, or for metadata.version names', () => {
  assert.deepEqual(featureLevel('group.version=1'), { feature: 'group.version', level: 1 });
  assert.deepEqual(featureLevel('metadata.version=3.3-iv3'), { feature: 'metadata.version', level: 7 });
  for (const wrong of ['group.version', 'group.version=4.3-IV0', 'metadata.version=9.9-IV0', '=1'])
    assert.throws(() => featureLevel(wrong), { kind: 'usage' }, wrong);
});

test('a release is a level of every feature, as kafka-features version-mapping has it', () => {
  const levels = (release: string) =>
    releaseLevels(release)
      .map(({ feature, level }) => `${feature}=${level}`)
      .join(' ');
  // Printed by the tool of Kafka 4.3.1.
  const mapping = {
    '3.8':
      'metadata.version=20 kraft.version=0 transaction.version=0 group.version=0 eligible.leader.replicas.version=0 share.version=0 streams.version=0',
    '3.9-IV0':
      'metadata.version=21 kraft.version=1 transaction.version=0 group.version=0 eligible.leader.replicas.version=0 share.version=0 streams.version=0',
    '4.0-iv1':
      'metadata.version=23 kraft.version=1 transaction.version=0 group.version=1 eligible.leader.replicas.version=0 share.version=0 streams.version=0',
    '4.0':
      'metadata.version=25 kraft.version=1 transaction.version=2 group.version=1 eligible.leader.replicas.version=0 share.version=0 streams.version=0',
    '4.1.1':
      'metadata.version=27 kraft.version=1 transaction.version=2 group.version=1 eligible.leader.replicas.version=1 share.version=0 streams.version=0',
    '4.2-IV0':
      'metadata.version=28 kraft.version=1 transaction.version=2 group.version=1 eligible.leader.replicas.version=1 share.version=1 streams.version=0',
    '4.3':
      'metadata.version=30 kraft.version=1 transaction.version=2 group.version=1 eligible.leader.replicas.version=1 share.version=1 streams.version=1',
  };
  for (const [release, printed] of Object.entries(mapping)) assert.equal(levels(release), printed, release);
  for (const wrong of ['4', '9.9', '4.3-IV9', '4.', 'latest'])
    assert.throws(() => releaseLevels(wrong), { kind: 'usage' }, wrong);
});

test('what has the level is unchanged, the rest is changed; the way is told to the brokers', async () => {
  const asked = cluster();
  const wanted = [featureLevel('metadata.version=20'), featureLevel('group.version=1')];
  const outcomes = await changeFeatures(asked, wanted, 'upgrade', false);
  assert.deepEqual(
    outcomes.map(({ feature, before, after, status }) => `${feature} ${before.name} ${after.name} ${status}`),
    ['metadata.version 3.8-IV0 3.8-IV0 unchanged', 'group.version 0 1 changed'],
  );
  await changeFeatures(asked, [{ feature: 'group.version', level: 0 }], 'unsafe downgrade', true);
  const sent = asked.sent.filter(({ api }) => api === 'UpdateFeatures').map(({ body }) => body.featureUpdates[0].upgradeType);
  assert.deepEqual(sent, [1, 3]);
});

test('a refusal is the outcome of each; old brokers cannot try', async () => {
  const [failed] = await changeFeatures(cluster(44), [featureLevel('group.version=9')], 'upgrade', false);
  assert.deepEqual([failed!.status, failed!.after.level], ['failed', 0]);
  assert.equal(failed!.error!.message, 'feature group.version not changed (too new)');
  const old = cluster(0, { UpdateFeatures: 0 });
  await assert.rejects(changeFeatures(old, [featureLevel('group.version=1')], 'upgrade', true), {
    code: 'UNSUPPORTED_VERSION',
  });
  assert.equal((await changeFeatures(old, [featureLevel('group.version=1')], 'upgrade', false))[0]!.status, 'changed');
});

test('only a broker that does not run is forgotten', async () => {
  assert.equal(await unregisterBroker(cluster(), 4), undefined);
  assert.match((await unregisterBroker(cluster(), 5))!.message, /no broker has this id/);
  await assert.rejects(unregisterBroker(cluster(), 1), { kind: 'usage' });
});
