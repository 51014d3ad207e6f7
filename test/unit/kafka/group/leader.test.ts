/** The leader's work: dividing with the agreed assignor, and noticing new partitions. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { decodeAssignment, encodeSubscription } from '../../../../src/kafka/group/consumer-protocol.ts';
import { assignPartitions, partitionsChanged } from '../../../../src/kafka/group/leader.ts';
import { until } from '../../../support/until.ts';
import { FakeGroup } from './fake-group.ts';

const topic = `topic-${randomUUID()}`;

test('topics of all members are divided, even those this member does not read; one that does not exist is not assigned', async () => {
  const fake = new FakeGroup();
  const others = `topic-${randomUUID()}`;
  fake.partitionCounts.set(topic, 1).set(others, 2);
  const members = [
    { memberId: 'me', groupInstanceId: null, metadata: encodeSubscription([topic, 'gone']) },
    { memberId: 'zoe', groupInstanceId: null, metadata: encodeSubscription([others]) },
  ];
  const { assignments, counts } = await assignPartitions(fake.cluster, 'roundrobin', members);
  const decoded = new Map(assignments.map(({ memberId, assignment }) => [memberId, decodeAssignment(assignment)]));
  assert.deepEqual(decoded.get('me'), [{ topic, partition: 0 }]);
  assert.deepEqual(decoded.get('zoe'), [
    { topic: others, partition: 0 },
    { topic: others, partition: 1 },
  ]);
  assert.equal(counts.get('gone'), 0);
});

test('a topic that gets another partition, or comes to exist, ends the wait', async () => {
  const fake = new FakeGroup();
  fake.partitionCounts.set(topic, 1);
  const ended: string[] = [];
  void partitionsChanged(fake.cluster, new Map([[topic, 1]]), 1, fake.signal).then(() => ended.push('grown'));
  void partitionsChanged(fake.cluster, new Map([['new', 0]]), 1, fake.signal).then(() => ended.push('created'));
  fake.partitionCounts.set(topic, 2);
  await until(() => ended.includes('grown'), 'the wait for another partition ends');
  assert.deepEqual(ended, ['grown'], 'the other topic is not there yet');
  fake.partitionCounts.set('new', 1);
  await until(() => ended.includes('created'), 'the wait for the new topic ends');
});

test('without metadata nothing changes', { timeout: 60_000 }, async () => {
  const fake = new FakeGroup();
  fake.partitionCounts.set(topic, 1);
  let asked = 0;
  const failing = {
    ...fake.cluster,
    metadata: async () => {
      if (++asked === 3) fake.interrupt();
      throw new Error('no metadata');
    },
  };
  await assert.rejects(partitionsChanged(failing, new Map([[topic, 1]]), 1, fake.signal), /interrupted/);
});
