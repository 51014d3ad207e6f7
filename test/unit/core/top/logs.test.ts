import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TopicLogs } from '../../../../src/core/top/logs.ts';
import { PartitionLog } from '../../../../src/core/top/partition-log.ts';
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
  assert.deepEqual(logs.totals.rate, { perSecond: 10, isPart: true });
  logs.partitions[1]!.add(0, 0);
  logs.partitions[1]!.add(20, 1_000);
  assert.deepEqual(logs.totals.rate, { perSecond: 30, isPart: false });
  logs.partitions[1]!.answered = false;
  assert.deepEqual(logs.totals.rate, { perSecond: 10, isPart: true });
});

test('what the partitions of a topic come to is made anew only when something changes', () => {
  const metadata = topicMetadata('orders', [1, 2]);
  const logs = new TopicLogs(metadata);
  const [first, second] = logs.partitions as [PartitionLog, PartitionLog];
  for (let tick = 0; tick < 2; tick++) for (const partition of logs.partitions) partition.add(10, tick * 1_000);
  assert.deepEqual([logs.totals.records, logs.totals.unanswered], [null, 0], 'no start is known');
  for (const partition of logs.partitions) partition.start = 4;
  const quiet = logs.totals;
  assert.deepEqual([quiet.records, quiet.rate, quiet.lastRate.perSecond], [12, { perSecond: 0, isPart: false }, 0]);
  for (const partition of logs.partitions) partition.add(10, 2_000);
  first.start = 4;
  assert.equal(logs.totals, quiet);
  second.answered = false;
  assert.deepEqual([logs.totals.unanswered, logs.totals.rate], [1, { perSecond: 0, isPart: true }]);
  second.add(40, 3_000);
  assert.deepEqual([logs.totals.records, logs.totals.unanswered, logs.totals.lastRate.perSecond], [42, 0, 30]);
  const before = logs.totals;
  logs.update({ ...metadata });
  assert.notEqual(logs.totals, before);
});

test('partitions have a trend of their own only while their topic is looked at', () => {
  const logs = new TopicLogs(topicMetadata('orders', [1]));
  const bars = (isWatched: boolean) => {
    logs.tick(isWatched);
    return [logs.trend.length, logs.partitions[0]!.trend.length];
  };
  assert.deepEqual([bars(false), bars(true), bars(true), bars(false)], [[1, 0], [2, 1], [3, 2], [4, 0]]); // biome-ignore format: one list
});

test('in turns all come once a round, and those in sight every time', () => {
  const turns = new Turns<string>();
  const all = ['a', 'b', 'c', 'd', 'e'];
  const rounds = [1, 2, 3].map(() => [...turns.next(all, 0.4, new Set(['a']))].sort().join(''));
  assert.deepEqual(rounds, ['ab', 'acd', 'ae']);
  assert.deepEqual([...turns.next([], 0.5, new Set())], []);
});
