import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { replicaAssignment, type TopicOptions, topicSpecs } from '../../../../src/core/topics/spec.ts';

const usage = (message: RegExp) => (error: unknown) =>
  error instanceof KtError && error.kind === 'usage' && message.test(error.message);
const specs = (names: readonly string[], options: Partial<TopicOptions> = {}) => topicSpecs(names, { config: [], ...options });

test('what is not given is left to the broker', () => {
  assert.deepEqual(specs(['orders']), [
    { topic: 'orders', partitions: -1, replicationFactor: -1, assignment: [], configs: new Map() },
  ]);
});

test('retention and cleanup become the configs Kafka has for them', () => {
  const [spec] = specs(['orders'], { retention: 604_800_000, retentionBytes: -1, cleanupPolicy: 'compact' });
  assert.deepEqual(
    [...spec!.configs],
    [['retention.ms', '604800000'], ['retention.bytes', '-1'], ['cleanup.policy', 'compact']], // biome-ignore format: pairs
  );
});

test('times and sizes work in configs that are in ms or bytes; other values stay as they are', () => {
  const [spec] = specs(['orders'], {
    config: [
      ['segment.ms', '7d'],
      ['segment.bytes', '1MiB'],
      ['retention.ms', '-1'],
      ['flush.ms', 'soon'],
      ['compression.type', '1d'],
    ],
  });
  assert.deepEqual([...spec!.configs.values()], ['604800000', '1048576', '-1', 'soon', '1d']);
});

for (const [name, why] of [
  ['', /illegal topic name '' \(empty\)/],
  ['.', /the names \. and \.\. are reserved/],
  ['..', /the names \. and \.\. are reserved/],
  ['my topic', /illegal topic name my topic \(' ' is not allowed\)/],
  ['bücher', /'ü' is not allowed/],
  ['a/b', /'\/' is not allowed/],
  ['x'.repeat(250), /250 characters, at most 249 are allowed/],
] as const) {
  test(`the topic name ${JSON.stringify(name.slice(0, 20))} is refused before any connection`, () => {
    assert.throws(() => specs(['fine', name]), usage(why));
  });
}

test('the longest legal name is fine', () => {
  assert.equal(specs(['x'.repeat(249)]).length, 1);
});

test('a name given twice, and names that collide in . and _, are refused', () => {
  assert.throws(() => specs(['orders', 'orders']), usage(/topic orders \(named twice\)/));
  assert.throws(() => specs(['a.b', 'a_b']), usage(/topics a\.b and a_b \(names must differ/));
});

test('two ways to say the same config contradict each other', () => {
  assert.throws(
    () => specs(['t'], { retention: 1, config: [['retention.ms', '1']] }),
    usage(/--retention and --config retention\.ms/),
  );
  assert.throws(() => specs(['t'], { retentionBytes: 1, config: [['retention.bytes', '1']] }), usage(/--retention-bytes/));
  assert.throws(
    () => specs(['t'], { cleanupPolicy: 'delete', config: [['cleanup.policy', 'delete']] }),
    usage(/--cleanup-policy/),
  );
  assert.throws(() => specs(['t'], { config: [['flush.ms', '1'], ['flush.ms', '2']] }), usage(/--config flush\.ms \(given twice\)/)); // biome-ignore format: pairs
});

test("numbers beyond Kafka's are refused", () => {
  assert.throws(() => specs(['t'], { partitions: 2 ** 31 }), usage(/--partitions 2147483648 \(too large\)/));
  assert.throws(() => specs(['t'], { replicationFactor: 32_768 }), usage(/--replication-factor 32768 \(too large\)/));
});

test('a replica assignment is read as kafka-topics.sh reads it', () => {
  assert.deepEqual(replicaAssignment('0:1:2,1:2:0'), [[0, 1, 2], [1, 2, 0]]); // biome-ignore format: pairs
  assert.deepEqual(replicaAssignment('5'), [[5]]);
});

test('a broken replica assignment is refused', () => {
  for (const text of ['', '0:', '0,', 'a:b', '0:1;1:0', '-1'])
    assert.throws(() => replicaAssignment(text), usage(/not a replica assignment/));
  assert.throws(() => replicaAssignment('0:0'), usage(/partition 0 names broker 0 twice/));
  assert.throws(() => replicaAssignment('0:1,2'), usage(/partition 1 has 1 replicas, partition 0 has 2/));
  assert.throws(
    () => specs(['t'], { replicaAssignment: [[1]], partitions: 1 }),
    usage(/already sets the number of partitions/),
  );
});
