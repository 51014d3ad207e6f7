import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPlan, checkPlan, type Outcome } from '../../../../src/core/desired/apply.ts';
import type { Plan } from '../../../../src/core/desired/plan.ts';
import { readDesired } from '../../../../src/core/desired/read.ts';
import { planTopics, type TopicsPlan } from '../../../../src/core/topics/plan.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';

interface TypedConfig {
  readonly name: string;
  readonly value: string;
  readonly configType: number;
}

/** A cluster of `orders` (two partitions of two replicas, kept for a day, with flush.ms) and `stray`, beside an internal topic; `typed` is set on them too. */
function world(typed: readonly TypedConfig[] = []) {
  return fakeCluster({
    topics: () => ({ orders: [1, 1], stray: [1], __consumer_offsets: [1] }),
    internal: ['__consumer_offsets'],
    answers: {
      ListOffsets: offsetsAnswer({ 'stray-0': [0n, 9n] }),
      DescribeConfigs: (body) => ({
        // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
        results: body.resources.map(({ resourceType, resourceName }: any) => ({
          resourceType,
          resourceName,
          errorCode: 0,
          errorMessage: null,
          configs: [
            ...[['retention.ms', '86400000'], ['flush.ms', '5'], ['cleanup.policy', 'compact,delete']].map(([name, value]) => ({ name, value, configSource: 1, readOnly: false, isSensitive: false, synonyms: [] })), // biome-ignore format: one line
            ...typed.map((config) => ({ ...config, configSource: 1, readOnly: false, isSensitive: false, synonyms: [] })),
            { name: 'segment.ms', value: '7', configSource: 5, readOnly: false, isSensitive: false, synonyms: [] },
          ],
        })),
      }),
      CreateTopics: (body) => ({
        // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
        topics: body.topics.map(({ name }: any) => ({ name, errorCode: name === 'bad' ? 44 : 0, errorMessage: 'no' })),
      }),
    },
  });
}

const read = async (text: string) => (await readDesired(text, 'topics.yaml')).topics!;
const onlyTopics = (topics: TopicsPlan): Plan => ({ topics, acls: [], users: [], quotas: [] });
const nameOf = (outcome: Outcome) => (outcome.subject === 'topic' ? outcome.topic : outcome.subject);

async function plan(text: string, prune = false): Promise<TopicsPlan> {
  const desired = await read(`topics:\n${text}`);
  return planTopics(world(), desired, { prune });
}

/** `~ orders retention.ms: 1 → 2`. */
function lines({ topics }: TopicsPlan): string[] {
  return topics.flatMap(({ topic, action, changes }) =>
    changes.length === 0
      ? [`${action} ${topic}`]
      : changes.map(({ name, before, after }) => `${action} ${topic} ${name}: ${before} → ${after}`),
  );
}

test('what matches the file needs no change; what is in no file is left alone', async () => {
  const text =
    '  - name: orders\n    partitions: 2\n    replicationFactor: 2\n    configs: {retention.ms: 1d, cleanup.policy: [delete, compact]}';
  const same = await plan(text);
  assert.deepEqual(lines(same), ['none orders', 'unmanaged stray']);
  assert.deepEqual(same.topics[0]!.unmanaged, { 'flush.ms': '5' });
  assert.deepEqual(
    checkPlan(onlyTopics(same)).map(({ status }) => status),
    ['unchanged', 'unmanaged'],
  );
});

test('a value that the broker shows in another spelling is as the file says', async () => {
  const typed = [
    { name: 'min.cleanable.dirty.ratio', value: '0.5', configType: 6 },
    { name: 'preallocate', value: 'false', configType: 1 },
    { name: 'max.message.bytes', value: '1048576', configType: 3 },
    { name: 'compression.type', value: 'zstd', configType: 2 },
  ];
  const actions = async (configs: string) => {
    const desired = await read(`topics: [{name: orders, configs: {${configs}}}]`);
    return lines(await planTopics(world(typed), desired, { prune: false })).filter((line) => !line.endsWith('stray'));
  };
  const same = 'min.cleanable.dirty.ratio: 0.50, preallocate: False, max.message.bytes: 01048576, compression.type: zstd';
  assert.deepEqual(await actions(same), ['none orders']);
  assert.deepEqual(await actions('min.cleanable.dirty.ratio: 5e-1'), ['none orders']);
  assert.deepEqual(await actions('min.cleanable.dirty.ratio: 0.6, preallocate: TRUE, compression.type: ZSTD'), [
    'change orders min.cleanable.dirty.ratio: 0.5 → 0.6',
    'change orders preallocate: false → TRUE',
    'change orders compression.type: zstd → ZSTD',
  ]);
});

test('a topic is created, changed, given partitions', async () => {
  const text =
    '  - name: orders\n    partitions: 4\n    configs: {retention.ms: 2d, segment.ms: 7}\n  - name: new\n    partitions: 3';
  assert.deepEqual(lines(await plan(text)), [
    'create new partitions: null → 3',
    'create new replicationFactor: null → null',
    'change orders partitions: 2 → 4',
    'change orders retention.ms: 86400000 → 172800000',
    'change orders segment.ms: null → 7',
    'unmanaged stray',
  ]);
});

test('pruning takes topics and configs that stand in no file, never an internal topic', async () => {
  const pruned = await plan('  - name: orders\n    configs: {retention.ms: 1d}', true);
  assert.deepEqual(lines(pruned), [
    'change orders cleanup.policy: compact,delete → null',
    'change orders flush.ms: 5 → null',
    'delete stray',
  ]);
  assert.deepEqual(pruned.deletion.topics, [{ topic: 'stray', partitions: 1, records: 9n }]);
});

test('fewer partitions, or other replicas, cannot be: a check fails, and nothing is deleted', async () => {
  for (const wish of ['partitions: 1', 'replicationFactor: 3']) {
    const impossible = await plan(
      `  - name: orders\n    ${wish}\n    configs: {retention.ms: 1d, flush.ms: 5, cleanup.policy: "delete,compact"}`,
      true,
    );
    const [orders] = checkPlan(onlyTopics(impossible));
    assert.deepEqual([orders!.status, orders!.error!.kind], ['planned', 'check']);
    const applied = await applyPlan(world(), onlyTopics(impossible), { dryRun: false });
    assert.deepEqual(
      applied.map((each) => [nameOf(each), each.status, each.error?.kind]),
      [['orders', 'failed', 'refused'], ['stray', 'failed', 'refused']], // biome-ignore format: rows
    );
  }
});

test('nothing is deleted when a topic could not be created', async () => {
  const cluster = world();
  const desired = await read('topics:\n  - name: bad');
  const pruning = await planTopics(cluster, desired, { prune: true });
  const applied = await applyPlan(cluster, onlyTopics(pruning), { dryRun: false });
  assert.deepEqual(
    applied.map((each) => `${nameOf(each)} ${each.status}`),
    ['bad failed', 'orders failed', 'stray failed'],
  );
  assert.deepEqual(cluster.sent.filter(({ api }) => api === 'DeleteTopics'), []); // biome-ignore format: one line
});
