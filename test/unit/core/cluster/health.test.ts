/** What the health of a cluster is judged by, without a cluster. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { type HealthCheck, judge, type Observed } from '../../../../src/core/cluster/health.ts';
import type { LogDirectory } from '../../../../src/core/cluster/log-dirs.ts';

const directory: LogDirectory = {
  broker: 1,
  logDir: '/data',
  totalBytes: 1000n,
  usableBytes: 500n,
  cordoned: false,
  bytes: 0n,
  topics: [],
};

/** A cluster of brokers 1 and 2 (and 3 by wish) with one topic of one partition. */
function seen(partition: { leader?: number; replicas?: number[]; isr?: number[] }, other: Partial<Observed> = {}): Observed {
  const { leader = 1, replicas = [1, 2], isr = [1, 2] } = partition;
  const one = { partition: 0, leader, leaderEpoch: 0, replicas, isr, offline: [], errorCode: 0 };
  const topic = { topic: 'orders', topicId: null, internal: false, errorCode: 0, partitions: [one] };
  const brokers = [1, 2].map((id) => ({ id, host: 'localhost', port: 9090 + id, rack: null }));
  return {
    metadata: { clusterId: 'c', controllerId: 1, brokers, topics: new Map([['orders', topic]]) },
    hasController: true,
    fenced: [],
    minIsr: new Map([['orders', 1]]),
    logDirs: new Map([[1, [directory]]]),
    ...other,
  };
}

const all = { skip: [], minFreePercent: 10 };
const failed = (observed: Observed, options = all) =>
  judge(observed, options)
    .checks.filter(({ ok }) => ok !== true)
    .map(({ check, ok }) => [check, ok]);

test('a cluster without faults is healthy', () => {
  assert.equal(judge(seen({}), all).healthy, true);
});

test('each fault fails the checks that are about it, and no other', () => {
  const cases: readonly (readonly [Observed, ...HealthCheck[]])[] = [
    [seen({}, { hasController: false }), 'controller'],
    [seen({ leader: -1, isr: [] }), 'offline-partitions', 'under-min-isr', 'under-replicated'],
    [seen({ isr: [1] }), 'under-replicated'],
    [seen({ isr: [1] }, { minIsr: new Map([['orders', 2]]) }), 'under-min-isr', 'under-replicated'],
    [seen({ leader: 2 }), 'leader-skew'],
    [seen({ leader: 2, isr: [2] }), 'under-replicated'],
    [seen({ replicas: [1, 3], isr: [1] }), 'brokers', 'under-replicated'],
    [seen({}, { fenced: [3] }), 'brokers'],
    [seen({}, { logDirs: new Map([[2, new KtError('connection', 'gone')]]) }), 'brokers'],
    [seen({}, { logDirs: new Map([[1, [{ ...directory, usableBytes: 99n }]]]) }), 'log-dirs'],
    [seen({}, { logDirs: new Map([[1, [{ ...directory, error: new KtError('refused', 'offline') }]]]) }), 'log-dirs'],
  ];
  for (const [observed, ...checks] of cases)
    assert.deepEqual(
      failed(observed),
      checks.map((check) => [check, false]),
    );
});

test('a partition with exactly the in-sync replicas it needs is noted, but does not fail the check', () => {
  const { healthy, checks } = judge(seen({}, { minIsr: new Map([['orders', 2]]) }), all);
  assert.equal(healthy, true);
  const { ok, items } = checks.find(({ check }) => check === 'at-min-isr')!;
  assert.deepEqual([ok, items.length], [true, 1]);
});

test('what the cluster does not show is unknown, with the reason, and not called healthy', () => {
  const denied = new KtError('refused', 'log directories of broker 1 (not authorized)');
  const health = judge(seen({}, { minIsr: new Map(), logDirs: new Map([[1, denied]]) }), all);
  assert.deepEqual(
    health.checks.filter(({ ok }) => ok === null).map(({ check }) => check),
    ['under-min-isr', 'at-min-isr', 'log-dirs'],
  );
  assert.deepEqual([health.healthy, health.problems], [false, [denied]]);
});

test('a check that is skipped is not there; sizes that a broker does not tell are not judged', () => {
  assert.deepEqual(failed(seen({ leader: 2 }), { ...all, skip: ['leader-skew' as HealthCheck] as never }), []);
  const untold = seen({}, { logDirs: new Map([[1, [{ ...directory, totalBytes: null, usableBytes: null }]]]) });
  assert.deepEqual(failed(untold), []);
});
