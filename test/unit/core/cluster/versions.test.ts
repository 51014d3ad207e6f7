/** What follows from the brokers' versions: features of the whole cluster, releases. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrokerVersions, featuresOf } from '../../../../src/core/cluster/versions.ts';
import { apiNames } from '../../../../src/kafka/wire/generated/api-names.ts';
import { apiKeys, versionRanges } from '../../../../src/kafka/wire/generated/descriptors.ts';
import type { ApiName } from '../../../../src/kafka/wire/generated/types.ts';
import { levelName, releaseOf, whatBrings } from '../../../../src/kafka/wire/releases.ts';

const broker = (id: number, max: number, finalized: number, epoch: bigint | null): BrokerVersions => ({
  broker: id,
  release: '4.3',
  apis: {},
  supported: new Map([['metadata.version', { min: id, max }]]),
  finalized: new Map([['metadata.version', finalized]]),
  epoch,
});

test('while brokers are upgraded the cluster supports what all of them do, and the latest finalized level counts', () => {
  const { epoch, features } = featuresOf([broker(1, 30, 19, 5n), broker(7, 25, 25, 6n), broker(3, 30, 19, 5n)]);
  assert.equal(epoch, 6n);
  const [{ supportedMin, supportedMax, finalized, brokers }] = features as [(typeof features)[0]];
  assert.deepEqual([supportedMin?.name, supportedMax?.name, finalized.name], ['3.3-IV3', '4.0-IV3', '4.0-IV3']);
  assert.equal(brokers.length, 3);
});

test('a cluster of ZooKeeper times has no features', () => {
  const old = { ...broker(1, 1, 1, null), supported: new Map(), finalized: new Map() };
  assert.deepEqual(featuresOf([old]), { epoch: null, features: [] });
});

test('a release is known exactly from metadata.version, and otherwise from the newest API', () => {
  const having = (...apis: ApiName[]) =>
    Object.fromEntries(apis.map((api) => [apiKeys[api], { minVersion: 0, maxVersion: 0 }]));
  assert.equal(releaseOf({}, 19), '3.7');
  assert.equal(releaseOf({}, 30), '4.3');
  assert.equal(releaseOf({}, 99), 'newer than 4.3');
  assert.equal(releaseOf(having('Metadata'), undefined), '2.1 or newer');
  assert.equal(releaseOf(having('Metadata', 'ElectLeaders', 'DescribeCluster'), undefined), '2.8 or newer');
});

test('levels have the names that Kafka gives them; unknown ones stay numbers', () => {
  assert.deepEqual(
    [levelName('metadata.version', 1), levelName('metadata.version', 30), levelName('metadata.version', 31)],
    ['3.0-IV1', '4.3-IV0', '31'],
  );
  assert.equal(levelName('group.version', 1), '1');
});

test('a missing API is reported with the release that introduced it', () => {
  assert.equal(whatBrings('AlterPartitionReassignments'), 'it came with Kafka 2.4');
  assert.match(whatBrings('DescribeQuorum'), /^it came with Kafka 3\.3, and only clusters with KRaft/);
  assert.match(whatBrings('Metadata'), /kt works with Kafka 2\.1 and newer/);
});

test('the names of all APIs agree with those that kt speaks', () => {
  for (const api of Object.keys(versionRanges) as ApiName[]) assert.equal(apiNames[apiKeys[api]], api);
  assert.equal(apiNames[999], undefined);
});
