/** Whole examinations: of clusters that a test makes up, and of places where there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageError } from '../../../../src/base/errors.ts';
import { diagnose } from '../../../../src/core/doctor/diagnose.ts';
import type { Finding } from '../../../../src/core/doctor/finding.ts';
import type { Patient } from '../../../../src/core/doctor/patient.ts';
import type { Cluster } from '../../../../src/kafka/cluster.ts';
import { type Answerer, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { runKt } from '../../../support/fake-io.ts';
import { greetingBroker } from '../../../support/greeting-broker.ts';
import { closedPort } from '../../../support/servers.ts';

async function examined(port: number, cluster: Cluster, other: Partial<Patient> = {}): Promise<readonly Finding[]> {
  const address = `127.0.0.1:${port}`;
  // Every broker of the fake cluster is at the same place.
  const addressMap = new Map([9091, 9092, 9093].map((each) => [`localhost:${each}`, address]));
  const settings = { bootstrapServers: [{ host: '127.0.0.1', port }], clientId: 'kt', timeoutMs: 9_000, addressMap };
  const findings: Finding[] = [];
  const patient: Patient = {
    given: async () => [{ name: 'bootstrap.servers', value: address, origin: '-b' }],
    settings: async () => settings,
    connect: async () => cluster,
    signal: new AbortController().signal,
    write: false,
    watchMs: 20,
    ...other,
  };
  for await (const finding of diagnose(patient)) findings.push(finding);
  return findings;
}

function course(findings: readonly Finding[]): string {
  return findings.map(({ step, verdict }) => `${step} ${verdict}`).join(', ');
}

const now = () => BigInt(Date.now());
/** A member of group billing has both partitions of orders, of which one has records that it has not read. */
const answers: Readonly<Record<string, Answerer>> = {
  ApiVersions: () => ({
    errorCode: 0,
    apiKeys: [],
    supportedFeatures: [{ name: 'metadata.version', minVersion: 1, maxVersion: 25 }],
    finalizedFeatures: [],
    finalizedFeaturesEpoch: -1n,
  }),
  DescribeCluster: () => ({ brokers: [] }),
  DescribeConfigs: ({ resources }) => ({
    results: resources.map(({ resourceType, resourceName }: { resourceType: number; resourceName: string }) => ({
      errorCode: 0,
      errorMessage: null,
      resourceType,
      resourceName,
      configs: [],
    })),
  }),
  DescribeQuorum: () => ({
    errorCode: 0,
    errorMessage: null,
    topics: [
      {
        partitions: [
          {
            errorCode: 0,
            leaderId: 1,
            leaderEpoch: 3,
            highWatermark: 10n,
            currentVoters: [
              {
                replicaId: 1,
                replicaDirectoryId: '',
                logEndOffset: 10n,
                lastFetchTimestamp: now(),
                lastCaughtUpTimestamp: now(),
              },
            ],
            observers: [],
          },
        ],
      },
    ],
  }),
  DescribeLogDirs: () => ({
    errorCode: 0,
    results: [{ errorCode: 0, logDir: '/data', topics: [], totalBytes: 100n, usableBytes: 50n, isCordoned: false }],
  }),
  Metadata: ({ topics }) => ({
    topics: topics.map(({ name }: { name: string }) => ({ errorCode: 0, name, topicAuthorizedOperations: 1 << 3 })),
  }),
  ListOffsets: offsetsAnswer({ 'orders-0': [0n, 15n], 'orders-1': [0n, 0n] }),
  Fetch: ({ topics }) => ({
    errorCode: 0,
    throttleTimeMs: 0,
    responses: topics.map(({ topic, partitions }: { topic: string; partitions: readonly { partition: number }[] }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({ partitionIndex: partition, errorCode: 2, records: null })),
    })),
  }),
  ListGroups: (_body, target) => ({
    errorCode: 0,
    groups:
      typeof target === 'object' && 'broker' in target && target.broker === 1
        ? [{ groupId: 'billing', groupType: 'consumer', groupState: 'Stable', protocolType: 'consumer' }]
        : [],
  }),
  DescribeGroups: () => ({ groups: [{ groupId: 'billing', errorCode: 69, authorizedOperations: 0, members: [] }] }),
  ConsumerGroupDescribe: () => ({
    groups: [
      {
        groupId: 'billing',
        errorCode: 0,
        errorMessage: null,
        groupState: 'Stable',
        assignorName: 'uniform',
        members: [
          {
            memberId: 'm-1',
            clientId: 'app',
            clientHost: '/10.0.0.1',
            assignment: { topicPartitions: [{ topicName: 'orders', partitions: [0, 1] }] },
          },
        ],
      },
    ],
  }),
  OffsetFetch: () => ({
    groups: [
      {
        groupId: 'billing',
        errorCode: 0,
        topics: [
          {
            name: 'orders',
            partitions: [0, 1].map((partitionIndex) => ({ partitionIndex, committedOffset: 0n, errorCode: 0 })),
          },
        ],
      },
    ],
  }),
};

function fake(given: Readonly<Record<string, Answerer>> = {}, versions: Readonly<Record<string, number>> = {}) {
  const cluster = fakeCluster({ topics: () => ({ orders: [1, 2] }), answers: { ...answers, ...given }, versions });
  return cluster;
}

test('every step is taken, and each says what it found', async (t) => {
  const broker = await greetingBroker();
  t.after(() => broker.close());
  const findings = await examined(broker.port, fake(), { topic: 'orders', group: 'billing' });
  assert.equal(
    course(findings),
    'settings ok, dns ok, tcp ok, api-versions ok, metadata ok, listener ok, controller ok, clock ok, replicas warn, disk ok, permissions skipped, permissions ok, topic ok, read fail, group warn',
  );
  const found = (step: Finding['step']) => findings.findLast((each) => each.step === step)!;
  assert.equal(found('metadata').found, 'cluster fake: 3 brokers, 1 topic with 2 partitions');
  assert.equal(found('permissions').found, 'this user may READ');
  assert.deepEqual([found('read').found, found('read').target], ['partition 0 cannot be read', 'orders']);
  assert.equal(found('group').target, 'billing on orders:0');
  assert.match(found('group').why!, /^member app at 10\.0\.0\.1 has it: it is stuck/);
});

test('without a quorum the clock is not known; a topic that is missing is neither read nor written to', async (t) => {
  const broker = await greetingBroker();
  t.after(() => broker.close());
  const cluster = fake({}, { DescribeQuorum: -1, DescribeCluster: 0 });
  const findings = await examined(broker.port, cluster, { topic: 'order', write: true });
  assert.match(course(findings), /controller ok, clock skipped, .+, topic fail, read skipped, write skipped$/);
  assert.equal(findings.find(({ step }) => step === 'controller')!.found, 'broker 1 is the controller (ZooKeeper)');
  assert.equal(findings.find(({ step }) => step === 'topic')!.cure, 'did you mean orders?');
});

test('settings that are wrong, and a way that leads nowhere: all that follows is skipped', async () => {
  const wrong = await examined(1, fake(), {
    topic: 'orders',
    group: 'billing',
    write: true,
    given: async () => Promise.reject(usageError('-X a: unknown', 'did you mean b?')),
  });
  assert.equal(wrong[0]!.verdict, 'fail');
  assert.ok(wrong.slice(1).every(({ verdict, found }) => verdict === 'skipped' && found === 'needs settings'));
  assert.deepEqual(
    wrong.slice(-4).map(({ step, target }) => `${step} ${target}`),
    ['topic orders', 'read orders', 'group billing', 'write orders'],
  );
  const lost = await examined(await closedPort(), fake());
  assert.match(course(lost), /tcp fail, api-versions skipped, metadata skipped, .+ permissions skipped$/);
});

test('the command: text for people, one array for programs, and exit codes', async () => {
  const address = `127.0.0.1:${await closedPort()}`;
  const env = { XDG_CONFIG_HOME: '/nonexistent' };
  const text = await runKt(`doctor -b ${address}`, { env });
  assert.equal(text.code, 4);
  assert.match(
    text.stdout,
    /^fail {2}tcp {11}127\.0\.0\.1:\d+: it takes no connection\n {20}Why: connection refused\n {20}Cure: is a broker/m,
  );
  assert.match(
    text.stderr,
    /^kt: 1 of 3 steps failed; first fix tcp \(127\.0\.0\.1:\d+: connection refused\)\nhint: is a broker/,
  );
  const json = await runKt(`doctor -b ${address} -o json`, { env });
  assert.deepEqual(
    JSON.parse(json.stdout)
      .slice(0, 3)
      .map(({ step }: Finding) => step),
    ['settings', 'dns', 'tcp'],
  );
  assert.equal(JSON.parse(json.stderr).error.kind, 'connection');
  assert.equal((await runKt('doctor -X nosuch=1', { env })).code, 2);
  assert.equal((await runKt('doctor --write', { env })).code, 2);
});
