/** What is wrong with a cluster, told from its own answers: quorum, clocks, replicas, disks, permissions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Quorum } from '../../../../src/core/cluster/quorum.ts';
import { compared } from '../../../../src/core/doctor/clock.ts';
import { judged } from '../../../../src/core/doctor/controller.ts';
import { examineDisk } from '../../../../src/core/doctor/disk.ts';
import type { Examination, Finding } from '../../../../src/core/doctor/finding.ts';
import { allowed } from '../../../../src/core/doctor/permissions.ts';
import { examineReplicas } from '../../../../src/core/doctor/replicas.ts';
import { fakeCluster, topicMetadata } from '../../../support/fake-cluster.ts';

async function findingsOf(examination: Examination<unknown>): Promise<readonly Omit<Finding, 'ms'>[]> {
  const findings: Omit<Finding, 'ms'>[] = [];
  for await (const { ms: _, ...finding } of examination) findings.push(finding);
  return findings;
}

function quorum(leader: number, lastFetches: readonly (number | null)[]): Quorum {
  const voters = lastFetches.map((lastFetchTimestamp, at) => ({
    node: at + 1,
    role: at + 1 === leader ? ('leader' as const) : ('follower' as const),
    directoryId: null,
    logEndOffset: 10n,
    lag: 0n,
    lagMs: 0,
    lastFetchTimestamp,
    lastCaughtUpTimestamp: lastFetchTimestamp,
  }));
  return { clusterId: 'c', leader, epoch: 1, highWatermark: 10n, voters, observers: [] };
}

test('a quorum: whole, with a voter that is down, and without a leader', () => {
  const now = 1_700_000_000_000;
  assert.deepEqual(judged(quorum(2, [now - 300, now, now - 200])), {
    verdict: 'ok',
    found: 'node 2 is the active controller of 3 voters',
  });
  const weak = judged(quorum(2, [now - 300_000, now, now - 200]));
  assert.deepEqual(
    [weak.verdict, weak.why],
    ['warn', 'node 1 was last seen 5m ago; no other may fail, or the cluster stands still'],
  );
  const five = judged(quorum(1, [now, now, now, now, null]));
  assert.equal(five.why, 'node 5 was never seen; 1 more may fail');
  assert.equal(judged(quorum(-1, [now])).verdict, 'fail');
});

test('clocks differ only by more than the answer took', () => {
  const reading = (theirs: number, tookMs = 20) =>
    compared({ whose: 'the active controller', theirs, before: 1_000_000_000, after: 1_000_000_000 + tookMs });
  assert.deepEqual(reading(1_000_000_004), {
    verdict: 'ok',
    found: 'its clock agrees with that of the active controller (to 11 ms)',
  });
  assert.match(reading(1_000_003_010).found, /^its clock is 3s behind that of the active controller$/);
  assert.deepEqual(
    [reading(1_000_003_010).verdict, reading(1_000_006_010).verdict, reading(1_000_006_010, 4_000).verdict],
    ['ok', 'warn', 'ok'],
  );
  const far = reading(1_000_000_000 - 7_200_000);
  assert.deepEqual([far.verdict, far.found], ['fail', 'its clock is 2h ahead of that of the active controller']);
  assert.ok(far.cure);
});

test('fewer replicas in sync than producers ask for', async () => {
  const min = {
    name: 'min.insync.replicas',
    value: '2',
    readOnly: false,
    configSource: 1,
    isSensitive: false,
    synonyms: [],
    documentation: null,
  };
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 2], payments: [-1] }),
    answers: {
      DescribeCluster: () => ({ brokers: [{ brokerId: 3, host: 'c', port: 1, rack: null, isFenced: true }] }),
      DescribeConfigs: ({ resources }) => ({
        results: resources.map(({ resourceName }: { resourceName: string }) => ({
          errorCode: 0,
          resourceType: 2,
          resourceName,
          configs: [min],
        })),
      }),
    },
  });
  const settings = { bootstrapServers: [], clientId: 'kt', timeoutMs: 9_000, addressMap: new Map() };
  const findings = await findingsOf(examineReplicas({ cluster, settings, metadata: await cluster.metadata('all') }));
  assert.deepEqual(
    findings.map(({ verdict, found }) => [verdict, found]),
    [
      ['fail', '1 broker not in service: 3'],
      ['fail', '1 partition without a leader: payments:0'],
      ['fail', '3 partitions with fewer in-sync replicas than min.insync.replicas: orders:0, orders:1, payments:0'],
      ['warn', '3 partitions with replicas out of sync: orders:0, orders:1, payments:0'],
    ],
  );
  assert.equal(findings[0]!.why, 'fenced: it is registered, but not in service');
  assert.ok(findings.every(({ cure }) => cure));
});

test('without a controller, replicas are what the brokers that are left knew last', async () => {
  const cluster = fakeCluster({
    topics: () => ({}),
    answers: { DescribeCluster: () => ({ brokers: [] }), DescribeConfigs: () => ({ results: [] }) },
  });
  const settings = { bootstrapServers: [], clientId: 'kt', timeoutMs: 9_000, addressMap: new Map() };
  const known = { cluster, settings, metadata: await cluster.metadata('all') };
  const [led] = await findingsOf(examineReplicas(known));
  assert.deepEqual([led!.verdict, led!.found], ['ok', '3 brokers in service and no partition to be seen']);
  const [left] = await findingsOf(examineReplicas(known, [2]));
  assert.deepEqual(
    [left!.verdict, left!.found, left!.why],
    ['warn', 'broker 2 knew last: 3 brokers in service and no partition to be seen', 'without a controller this may be old'],
  );
  assert.ok(left!.cure);
  const ill = { ...known, metadata: { ...known.metadata, topics: new Map([['orders', topicMetadata('orders', [-1])]]) } };
  const [lost] = await findingsOf(examineReplicas(ill, [1, 2]));
  assert.deepEqual([lost!.verdict, lost!.found], ['fail', 'brokers 1, 2 knew last: 1 partition without a leader: orders:0']);
});

test('disks: with room, scarce, nearly full, offline, and hidden', async () => {
  const onDisk = async (...results: readonly object[]) => {
    const whole = results.map((each) => ({
      errorCode: 0,
      logDir: '/data',
      topics: [],
      totalBytes: 1_000n,
      usableBytes: 600n,
      isCordoned: false,
      ...each,
    }));
    const cluster = fakeCluster({ answers: { DescribeLogDirs: () => ({ errorCode: 0, results: whole }) } });
    return await findingsOf(examineDisk(cluster, [1]));
  };
  const directory = { errorCode: 0, logDir: '/data', topics: [], totalBytes: 1_000n, usableBytes: 600n, isCordoned: false };
  const some = fakeCluster({
    answers: {
      DescribeLogDirs: (_body, target) =>
        (target as { broker: number }).broker < 3 ? { errorCode: 0, results: [directory] } : { errorCode: -1, results: [] },
    },
  });
  const told = await findingsOf(examineDisk(some, [1, 2, 3, 4], 1));
  assert.deepEqual(
    told.map(({ target, verdict }) => [target, verdict]),
    [
      ['broker 3', 'fail'],
      ['broker 4', 'fail'],
      ['brokers 1, 2', 'ok'],
    ],
  );
  assert.deepEqual(await onDisk({}, { usableBytes: 300n }), [
    { step: 'disk', target: 'all brokers', verdict: 'ok', found: '2 log directories online, the fullest with 30% free (300B)' },
  ]);
  const [scarce, full, offline] = await onDisk({ usableBytes: 80n }, { usableBytes: 10n }, { errorCode: 56 });
  assert.deepEqual([scarce!.verdict, scarce!.found], ['warn', 'only 8.0% of /data is free (80B of 1000B)']);
  assert.equal(full!.verdict, 'fail');
  assert.deepEqual(
    [offline!.verdict, offline!.found, offline!.why],
    ['fail', '/data is offline', 'it is offline: its disk failed'],
  );
  assert.match((await onDisk({ totalBytes: -1n, usableBytes: -1n }))[0]!.found, /online; how much is free/);
  const [hidden] = await onDisk();
  assert.deepEqual([hidden!.verdict, hidden!.found], ['skipped', 'this user may not see it']);
});

test('permissions in words, and what is missing of those that are needed', () => {
  const bits = (...codes: readonly number[]) => codes.reduce((all, code) => all | (1 << code), 0);
  assert.equal(allowed(bits(3, 4, 5, 6, 7, 8, 10, 11), 'TOPIC', ['READ']).found, 'this user may do everything with it');
  assert.deepEqual(allowed(bits(4, 8), 'TOPIC', ['READ', 'WRITE']), {
    verdict: 'fail',
    found: 'this user may WRITE, DESCRIBE',
    why: 'READ is missing',
    cure: 'its administrator can grant it; kt acls list shows the rules',
  });
  assert.deepEqual(allowed(0, 'CLUSTER', []), { verdict: 'ok', found: 'this user may do nothing with it' });
  assert.equal(allowed(-(2 ** 31), 'CLUSTER', []).verdict, 'skipped');
});
