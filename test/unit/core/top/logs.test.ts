import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionLog, TopicLogs } from '../../../../src/core/top/logs.ts';
import { Turns } from '../../../../src/core/top/turns.ts';
import { topicMetadata } from '../../../support/fake-cluster.ts';

test('one sample has no rate, two have one, six are the window', () => {
  const log = new PartitionLog();
  log.add(1_000, 0);
  assert.equal(log.rate, null);
  log.add(1_020, 2_000);
  assert.equal(log.rate, 10);
  for (let tick = 2; tick <= 7; tick++) log.add(1_020, tick * 2_000);
  assert.equal(log.rate, 0);
});

test('an end that went back begins anew: no rate is negative', () => {
  const log = new PartitionLog();
  log.start = 500;
  log.add(1_000, 0);
  log.add(10, 2_000);
  assert.equal(log.rate, null);
  assert.equal(log.start, null);
  log.add(30, 4_000);
  assert.equal(log.rate, 10);
});

test('a topic that was deleted and made anew begins anew', () => {
  const metadata = topicMetadata('orders', [1, 2]);
  const logs = new TopicLogs({ ...metadata, topicId: 'a' });
  logs.partitions[0]!.add(5, 0);
  logs.update({ ...metadata, topicId: 'a' });
  assert.equal(logs.partitions[0]!.end, 5);
  logs.update({ ...metadata, topicId: 'b' });
  assert.equal(logs.partitions[0]!.end, null);
});

test('a sum says when something is missing in it', () => {
  const logs = new TopicLogs(topicMetadata('orders', [1, 2]));
  logs.partitions[0]!.add(0, 0);
  logs.partitions[0]!.add(10, 1_000);
  assert.deepEqual(logs.rate, { perSecond: 10, isPart: true });
  logs.partitions[1]!.add(0, 0);
  logs.partitions[1]!.add(20, 1_000);
  assert.deepEqual(logs.rate, { perSecond: 30, isPart: false });
  logs.partitions[1]!.answered = false;
  assert.deepEqual(logs.rate, { perSecond: 10, isPart: true });
});

test('in turns all come once a round, and those in sight every time', () => {
  const turns = new Turns<string>();
  const all = ['a', 'b', 'c', 'd', 'e'];
  const rounds = [1, 2, 3].map(() => [...turns.next(all, 0.4, new Set(['a']))].sort().join(''));
  assert.deepEqual(rounds, ['ab', 'acd', 'ae']);
  assert.deepEqual([...turns.next([], 0.5, new Set())], []);
});
