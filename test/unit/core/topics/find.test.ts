import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { loadRegexFor } from '../../../../src/base/regex/plain.ts';
import { createTopics } from '../../../../src/core/topics/create.ts';
import { deleteTopics, planDeletion, plannedOutcomes } from '../../../../src/core/topics/delete.ts';
import { describeTopics } from '../../../../src/core/topics/describe.ts';
import { listTopics, topicsNamed } from '../../../../src/core/topics/find.ts';
import { topicSpecs } from '../../../../src/core/topics/spec.ts';
import { type Answerer, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

// As main does for the words of a command line.
await loadRegexFor(['(a+)+']);

const three = { orders: [1, 2], payments: [1], __consumer_offsets: [1] };
const internal = ['__consumer_offsets'];
const created =
  (errors: Readonly<Record<string, [number, string]>> = {}): Answerer =>
  (body) => ({
    // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
    topics: body.topics.map(({ name }: any) => {
      const [errorCode, errorMessage] = errors[name] ?? [0, null];
      return { name, errorCode, errorMessage, numPartitions: errorCode ? -1 : 3, replicationFactor: errorCode ? -1 : 1 };
    }),
  });
const configsAnswer: Answerer = (body) => ({
  // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
  results: body.resources.map(({ resourceType, resourceName }: any) => ({
    resourceType,
    resourceName,
    errorCode: 0,
    errorMessage: null,
    configs: [
      { name: 'retention.ms', value: '604800000', readOnly: false, configSource: 1, isSensitive: false, synonyms: [] },
      { name: 'min.insync.replicas', value: '2', readOnly: false, configSource: 5, isSensitive: false, synonyms: [] },
    ],
  })),
});
const create = { ifNotExists: false, dryRun: false };
const describe = { allConfigs: false, sizes: false, underReplicated: false, unavailable: false, underMinIsr: false, atMinIsr: false }; // biome-ignore format: options

test('topics are listed by name from one request, internal ones only when asked for or named', async () => {
  const cluster = fakeCluster({ topics: () => three, internal });
  const names = async (pattern?: string, all = false) => (await listTopics(cluster, pattern, all)).map(({ topic }) => topic);
  assert.deepEqual(await names(), ['orders', 'payments']);
  assert.equal(cluster.metadataRequests.length, 1);
  assert.deepEqual(await names(undefined, true), ['__consumer_offsets', 'orders', 'payments']);
  assert.deepEqual(await names('__consumer_offsets'), ['__consumer_offsets']);
  assert.deepEqual(await names('*o*'), ['orders']);
  assert.deepEqual(await names('nope'), []);
});

test('an unknown topic suggests the one that was probably meant', async () => {
  const cluster = fakeCluster({ topics: () => three, internal });
  await assert.rejects(topicsNamed(cluster, ['ordrs']), (error) => {
    assert.ok(error instanceof KtError);
    assert.deepEqual([error.kind, error.code, error.hint], ['refused', 'UNKNOWN_TOPIC_OR_PARTITION', 'did you mean orders?']);
    return true;
  });
  assert.deepEqual([...(await topicsNamed(cluster, ['orders']))], [['orders', [0, 1]]]);
});

test('one refused topic does not stop the others from being created', async () => {
  const cluster = fakeCluster({
    topics: () => ({ fresh: [1] }),
    answers: { CreateTopics: created({ orders: [36, "Topic 'orders' already exists."] }) },
  });
  const outcomes = await createTopics(cluster, topicSpecs(['orders', 'fresh'], { config: [] }), create);
  assert.deepEqual(
    outcomes.map(({ topic, status, partitions }) => [topic, status, partitions]),
    [['orders', 'failed', null], ['fresh', 'created', 3]], // biome-ignore format: rows
  );
  assert.equal(outcomes[0]!.error!.message, "topic orders not created (Topic 'orders' already exists)");
  assert.deepEqual([cluster.sent.length, cluster.sent[0]!.target], [1, 'controller']);
});

test('--if-not-exists shows how the existing topic is', async () => {
  const cluster = fakeCluster({ topics: () => three, answers: { CreateTopics: created({ orders: [36, 'exists'] }) } });
  const [outcome] = await createTopics(cluster, topicSpecs(['orders'], { config: [] }), { ...create, ifNotExists: true });
  assert.deepEqual(outcome, { topic: 'orders', status: 'exists', partitions: 2, replicationFactor: 2 });
});

test('a dry run lets the controller judge and asks it to create nothing', async () => {
  const cluster = fakeCluster({ answers: { CreateTopics: created() } });
  const [outcome] = await createTopics(cluster, topicSpecs(['fresh'], { config: [] }), { ...create, dryRun: true });
  assert.equal(outcome!.status, 'valid');
  assert.equal(cluster.sent[0]!.body.validateOnly, true);
});

test("a misspelt config keeps the broker's reason and gets the nearest name", async () => {
  const cluster = fakeCluster({ answers: { CreateTopics: created({ t: [40, 'Unknown topic config name: retention.mss'] }) } });
  const [outcome] = await createTopics(cluster, topicSpecs(['t'], { config: [['retention.mss', '1']] }), create);
  assert.match(outcome!.error!.message, /Unknown topic config name: retention\.mss/);
  assert.equal(outcome!.error!.hint, 'did you mean retention.ms instead of retention.mss?');
});

test('the name that brokers have for a config leads to the one of topics; a list in brackets to one without', async () => {
  const cluster = fakeCluster({ answers: { CreateTopics: created({ t: [40, 'Invalid'] }) } });
  const hint = async (name: string, value: string) => {
    const [outcome] = await createTopics(cluster, topicSpecs(['t'], { config: [[name, value]] }), create);
    return outcome!.error!.hint;
  };
  for (const [name, meant] of [
    ['log.retention.ms', 'retention.ms'],
    ['log.retention.bytes', 'retention.bytes'],
    ['log.retention.hours', 'retention.ms'],
    ['log.segment.bytes', 'segment.bytes'],
    ['log.cleanup.policy', 'cleanup.policy'],
    ['log.cleaner.delete.retention.ms', 'delete.retention.ms'],
    ['message.max.bytes', 'max.message.bytes'],
    ['log.local.retention.ms', 'local.retention.ms'],
  ] as const)
    assert.equal(await hint(name, '1'), `did you mean ${meant} instead of ${name}?`);
  assert.equal(
    await hint('cleanup.policy', '[compact,delete]'),
    'write the list without brackets: cleanup.policy=compact,delete',
  );
});

test('a topic that exists is told with that in which it differs from what was asked for', async () => {
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 1], same: [1, 1] }),
    answers: { CreateTopics: created({ orders: [36, 'exists'], same: [36, 'exists'] }), DescribeConfigs: configsAnswer },
  });
  const [orders] = await createTopics(
    cluster,
    topicSpecs(['orders'], { partitions: 3, replicationFactor: 2, config: [['retention.ms', '1d'], ['min.insync.replicas', '2']] }), // biome-ignore format: options
    { ...create, ifNotExists: true },
  );
  assert.deepEqual([orders!.status, orders!.partitions, orders!.replicationFactor], ['exists', 2, 2]);
  assert.deepEqual(orders!.differences, [
    { name: 'partitions', wanted: '3', existing: '2' },
    { name: 'retention.ms', wanted: '86400000', existing: '604800000' },
  ]);
  const assigned = topicSpecs(['same'], { replicaAssignment: [[1, 2], [2, 1]], config: [] }); // biome-ignore format: options
  const [same] = await createTopics(cluster, assigned, { ...create, ifNotExists: true });
  assert.deepEqual(same!.differences, [{ name: 'replicas', wanted: '1:2,2:1', existing: '1:2,1:2' }]);
  const [alike] = await createTopics(cluster, topicSpecs(['same'], { config: [] }), { ...create, ifNotExists: true });
  assert.equal(alike!.differences, undefined);
});

test('a description holds offsets of every led partition, in two requests per leader, and the configs that are set', async () => {
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 2, 1, -1] }),
    answers: {
      DescribeConfigs: configsAnswer,
      ListOffsets: offsetsAnswer({ 'orders-0': [5n, 9n], 'orders-1': [0n, 0n], 'orders-2': [0n, 1n] }),
    },
  });
  const { topics, problems } = await describeTopics(cluster, ['orders'], describe);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    topics[0]!.partitions.map(({ leader, startOffset, endOffset, records }) => [leader, startOffset, endOffset, records]),
    [[1, 5n, 9n, 4n], [2, 0n, 0n, 0n], [1, 0n, 1n, 1n], [null, null, null, null]], // biome-ignore format: rows
  );
  assert.deepEqual(Object.keys(topics[0]!.configs), ['retention.ms']);
  assert.equal(cluster.sent.filter(({ api }) => api === 'ListOffsets').length, 4);
});

test('a topic that is missing is a problem, and the others are described', async () => {
  const cluster = fakeCluster({
    topics: () => ({ payments: [1] }),
    answers: { DescribeConfigs: configsAnswer, ListOffsets: offsetsAnswer({ 'payments-0': [0n, 1n] }) },
  });
  const { topics, problems } = await describeTopics(cluster, ['payment', 'payments'], describe);
  assert.deepEqual(
    topics.map(({ topic }) => topic),
    ['payments'],
  );
  assert.deepEqual(
    problems.map(({ hint }) => hint),
    ['did you mean payments?'],
  );
});

test('health filters show only ill partitions, and ask for nothing else', async () => {
  const answers = { DescribeConfigs: configsAnswer, ListOffsets: offsetsAnswer({ 'orders-0': [0n, 1n] }) };
  const cluster = fakeCluster({ topics: () => ({ orders: [1, -1] }), answers });
  const ill = async (filter: Partial<typeof describe>) =>
    (await describeTopics(cluster, [], { ...describe, ...filter })).topics.flatMap(({ partitions }) =>
      partitions.map(({ partition }) => partition),
    );
  // Each fake partition has two replicas and its leader alone in sync; min.insync.replicas is 2.
  assert.deepEqual(await ill({ underReplicated: true }), [0, 1]);
  assert.deepEqual(await ill({ unavailable: true }), [1]);
  assert.deepEqual(await ill({ underMinIsr: true }), [0, 1]);
  assert.deepEqual(await ill({ atMinIsr: true }), []);
});

test('a pattern never deletes an internal topic; its exact name does', async () => {
  const ranges = {
    'orders-0': [0n, 4n],
    'orders-1': [2n, 3n],
    'payments-0': [0n, 0n],
    '__consumer_offsets-0': [0n, 9n],
  } as const;
  const cluster = fakeCluster({ topics: () => three, internal, answers: { ListOffsets: offsetsAnswer(ranges) } });
  const planned = async (text: string) => (await planDeletion(cluster, [text])).topics;
  assert.deepEqual(await planned('*'), [
    { topic: 'orders', partitions: 2, records: 5n },
    { topic: 'payments', partitions: 1, records: 0n },
  ]);
  assert.deepEqual(await planned('__consumer_offsets'), [{ topic: '__consumer_offsets', partitions: 1, records: 9n }]);
  assert.deepEqual(
    cluster.sent.filter(({ api }) => api === 'DeleteTopics'),
    [],
  );
});

test('a topic that cannot be deleted does not stop the others; a missing one fails unless --if-exists', async () => {
  const DeleteTopics: Answerer = (body) => ({
    responses: body.topicNames.map((name: string) => ({ name, errorCode: name === 'payments' ? 29 : 0, errorMessage: null })),
  });
  const ListOffsets = offsetsAnswer({ 'orders-0': [0n, 1n], 'orders-1': [0n, 1n], 'payments-0': [0n, 1n] });
  const cluster = fakeCluster({ topics: () => three, answers: { ListOffsets, DeleteTopics } });
  const plan = await planDeletion(cluster, ['orders', 'payments', 'nope']);
  const statuses = async (ifExists: boolean) =>
    (await deleteTopics(cluster, plan, { ifExists })).map(({ topic, status }) => `${topic} ${status}`);
  assert.deepEqual(await statuses(false), ['orders deleted', 'payments failed', 'nope failed']);
  assert.deepEqual(await statuses(true), ['orders deleted', 'payments failed', 'nope missing']);
  assert.deepEqual(
    plannedOutcomes(plan, true).map(({ status }) => status),
    ['valid', 'valid', 'missing'],
  );
});
