import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicDescription } from '../../../../src/core/topics/describe.ts';
import { topicHints } from '../../../../src/core/topics/hints.ts';

/** A topic whose partitions hold these records. */
function topic(records: readonly (bigint | null)[], replicationFactor = 3, internal = false): TopicDescription {
  const place = { leader: 1, leaderEpoch: 0, replicas: [1], isr: [1], offline: [], startOffset: 0n, endOffset: 0n };
  const partitions = records.map((each, partition) => ({ partition, ...place, records: each }));
  return { topic: 'orders', topicId: null, internal, replicationFactor, partitions, configs: {} };
}

function hints(described: TopicDescription, minIsr = 2, brokers = 3, members: readonly (readonly number[])[] = []) {
  const group = {
    members: members.map((partitions, index) => ({
      memberId: `${index}`,
      groupInstanceId: null,
      clientId: '',
      host: '',
      assignment: partitions.map((partition) => ({ topic: 'orders', partition })),
    })),
  };
  return topicHints(described, { brokers, minIsr: new Map([['orders', minIsr]]), groups: new Map([['billing', group]]) });
}

test('a topic that is even and safe gets no hint', () => {
  assert.deepEqual(hints(topic([1000n, 900n, 1100n]), 2, 3, [[0, 1], [2]]), []);
});

test('one partition with far more than its share is a hint; few records, or unknown ones, are none', () => {
  assert.match(hints(topic([100n, 5000n, 100n]))[0]!, /^orders: partition 1 holds 96 % of the records of 3 partitions/);
  assert.match(hints(topic([10_000n, 10n]))[0]!, /partition 0 holds 100 %/);
  for (const even of [[7000n, 3000n], [50n, 0n, 0n], [null, null, null], [9000n]]) // biome-ignore format: rows
    assert.deepEqual(hints(topic(even)), []);
});

test('a hint says what makes acks=all unsafe or impossible, and what to set', () => {
  const safety = (minIsr: number, replicas: number, brokers = 3) => hints(topic([0n], replicas), minIsr, brokers).join();
  assert.match(safety(1, 3), /may mean the leader alone .* set it to 2/);
  assert.match(safety(3, 3), /fails as soon as one broker is down/);
  assert.match(safety(1, 1), /a record is lost with its broker/);
  assert.match(safety(2, 1), /always fails .* set it to 1/);
  assert.equal(safety(1, 1, 1), '');
  assert.equal(safety(2, 3), '');
});

test('members without work are a hint only where the topic has fewer partitions than the group has members', () => {
  assert.match(hints(topic([0n]), 2, 3, [[0], [], []])[0]!, /group billing has 3 members for 1 partitions, 2 of them idle/);
  assert.deepEqual(hints(topic([0n, 0n]), 2, 3, [[0, 1], []]), []);
  assert.deepEqual(hints(topic([0n]), 2, 3, [[], []]), []);
});

test("Kafka's own topics get none", () => {
  assert.deepEqual(hints(topic([0n], 1, true), 1), []);
});
