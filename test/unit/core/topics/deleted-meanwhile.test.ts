/** A topic that is deleted while all topics are looked at: passed over where nobody named it, an error where somebody did. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterHealth } from '../../../../src/core/cluster/health.ts';
import { measureLag } from '../../../../src/core/lag/report.ts';
import { describeTopics } from '../../../../src/core/topics/describe.ts';
import { widened } from '../../../../src/core/topics/list-wide.ts';
import { findSchemaUsage } from '../../../../src/records/schema-usage.ts';
import { type Answerer, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { batchOf } from '../../kafka/batch/fixtures.ts';
import { fakeLog, fetchAnswer } from '../../kafka/fetch/fake-logs.ts';

const configs: Answerer = ({ resources }) => ({
  results: resources.map(({ resourceName }: { resourceName: string }) => ({
    errorCode: resourceName === 'gone' ? 3 : 0,
    errorMessage: null,
    resourceType: 2,
    resourceName,
    configs: [],
  })),
});

const log = { name: 'orders', partitions: [{ partitionIndex: 0, partitionSize: 10n, offsetLag: 0n, isFutureKey: false }] };

/** Topic `gone` is there when the first `looks` questions for metadata are asked, and nowhere else. */
function world(looks = 1, answers: Readonly<Record<string, Answerer>> = {}) {
  let asked = 0;
  return fakeCluster({
    topics: () => (asked++ < looks ? { orders: [1], gone: [1] } : { orders: [1] }),
    answers: {
      DescribeConfigs: configs,
      ListOffsets: offsetsAnswer({ 'orders-0': [0n, 1n] }),
      Fetch: fetchAnswer({ 'orders-0': fakeLog([batchOf(0n, ['\0\0\0\0\x07'])]) }),
      DescribeLogDirs: () => ({
        errorCode: 0,
        results: [{ errorCode: 0, logDir: '/d', topics: [log], totalBytes: 100n, usableBytes: 60n, isCordoned: false }],
      }),
      DescribeCluster: () => ({ brokers: [] }),
      DescribeQuorum: () => ({ errorCode: 0, topics: [] }),
      ...answers,
    },
  });
}

const plain = {
  underReplicated: false,
  unavailable: false,
  underMinIsr: false,
  atMinIsr: false,
  allConfigs: false,
  sizes: false,
};
const codes = (problems: readonly { readonly code?: string | undefined }[]) => problems.map(({ code }) => code);

test('kt topics describe', async () => {
  const all = await describeTopics(world(), [], plain);
  assert.deepEqual([all.topics.map(({ topic }) => topic), codes(all.problems)], [['orders'], []]);
  const named = await describeTopics(world(), ['gone', 'orders'], plain);
  assert.ok(named.problems.length > 0);
  assert.ok(codes(named.problems).every((code) => code === 'UNKNOWN_TOPIC_OR_PARTITION'));
  const matching = await describeTopics(world(), ['*'], plain);
  assert.deepEqual(codes(matching.problems), []);
});

test('kt topics list -o wide', async () => {
  const listed = ['gone', 'orders'].map((topic) => ({ topic, partitions: 1, replicationFactor: 2, internal: false }));
  for (const looks of [0, 1]) {
    const { topics, problems } = await widened(world(looks), listed);
    assert.deepEqual([topics.map(({ topic, records }) => [topic, records]), codes(problems)], [[['orders', 1n]], []]);
  }
});

test('kt cluster health', async () => {
  const { checks, problems } = await clusterHealth(world(), { skip: [], minFreePercent: 5 });
  assert.deepEqual(codes(problems), []);
  assert.equal(checks.find(({ check }) => check === 'at-min-isr')!.ok, true, 'all that is there was checked');
});

test('kt schemas usage', async () => {
  const events = { signal: new AbortController().signal, warn: () => {} };
  const schemas = [{ id: 7, guid: undefined }];
  const all = await findSchemaUsage(world(), schemas, [], 10, events);
  assert.deepEqual([all.uses.map(({ topic, id }) => `${topic} ${id}`), codes(all.problems)], [['orders 7'], []]);
  const named = await findSchemaUsage(world(), schemas, ['gone', 'orders'], 10, events);
  assert.deepEqual([named.uses.length, codes(named.problems)], [1, ['UNKNOWN_TOPIC_OR_PARTITION']]);
});

test('kt schemas usage, of a topic that is deleted while its records are read', async () => {
  const logs = { 'orders-0': fakeLog([batchOf(0n, ['\0\0\0\0\x07'])]), 'gone-0': fakeLog() };
  logs['gone-0'].errors.push(3, 3, 3);
  const answers = { ListOffsets: offsetsAnswer({ 'orders-0': [0n, 1n], 'gone-0': [0n, 50n] }), Fetch: fetchAnswer(logs) };
  const events = { signal: new AbortController().signal, warn: () => {} };
  const { uses, problems } = await findSchemaUsage(world(1, answers), [{ id: 7, guid: undefined }], [], 10, events);
  assert.deepEqual([uses.map(({ topic }) => topic), codes(problems)], [['orders'], []]);
});

test('kt lag: the partition of a topic that is gone is deleted, not unavailable', async () => {
  const committed = (name: string) => ({
    name,
    partitions: [{ partitionIndex: 0, committedOffset: 0n, committedLeaderEpoch: -1, metadata: null, errorCode: 0 }],
  });
  const cluster = world(2, {
    ListGroups: () => ({
      errorCode: 0,
      groups: [{ groupId: 'billing', protocolType: 'consumer', groupState: 'Empty', groupType: 'classic' }],
    }),
    DescribeGroups: () => ({
      groups: [
        { errorCode: 0, groupId: 'billing', groupState: 'Empty', protocolType: 'consumer', protocolData: '', members: [] },
      ],
    }),
    OffsetFetch: () => ({
      groups: [{ groupId: 'billing', errorCode: 0, topics: [committed('gone'), committed('orders')] }],
    }),
  });
  const { groups, problems } = await measureLag(cluster, [], { topics: [], uncommitted: 'count' });
  assert.deepEqual(
    groups[0]!.partitions.map(({ topic, lag, status }) => [topic, lag, status]),
    [
      ['gone', null, 'deleted'],
      ['orders', 1n, undefined],
    ],
  );
  assert.deepEqual(codes(problems), []);
});
