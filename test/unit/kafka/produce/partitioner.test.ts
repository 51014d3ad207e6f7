/** Keys land where other clients put them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, murmur2, partitioner } from '../../../../src/kafka/produce/partitioner.ts';

test("murmur2 gives what Kafka's own test expects", () => {
  const table: [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [text, hash] of table) {
    const bytes = Buffer.from(`<${text}>`);
    assert.equal(murmur2(bytes, 1, bytes.length - 1), hash, text);
  }
});

test('crc32 gives the check value of the standard', () => {
  const bytes = Buffer.from('x123456789x');
  assert.equal(crc32(bytes, 1, 10), 0xcbf43926);
});

test('a key goes to the same partition as with the Java producer, and as with librdkafka', () => {
  const key = Buffer.from('foobar');
  assert.equal(partitioner('java', 7).partitionOf(key, 0, key.length), (-790332482 & 0x7fffffff) % 7);
  assert.equal(partitioner('librdkafka', 7).partitionOf(key, 0, key.length), 0x9ef61f95 % 7);
});

test('an empty key is hashed by Java and not by librdkafka', () => {
  const none = Buffer.alloc(0);
  assert.equal(partitioner('java', 1000).partitionOf(none, 0, 0), (murmur2(none, 0, 0) & 0x7fffffff) % 1000);
  const librdkafka = partitioner('librdkafka', 1000);
  assert.equal(librdkafka.partitionOf(none, 0, 0), librdkafka.partitionOf(none, -1, -1));
});

test('records without a key stay with a partition until its batch is full, then move to another', () => {
  for (const name of ['java', 'librdkafka'] as const) {
    const { partitionOf, batchSealed } = partitioner(name, 3);
    const none = Buffer.alloc(0);
    const first = partitionOf(none, -1, -1);
    assert.equal(partitionOf(none, -1, -1), first);
    batchSealed((first + 1) % 3);
    assert.equal(partitionOf(none, -1, -1), first, 'another batch is no reason to move');
    batchSealed(first);
    assert.notEqual(partitionOf(none, -1, -1), first);
  }
});

test('one partition is enough, and round-robin takes each in turn', () => {
  const none = Buffer.alloc(0);
  const only = partitioner('java', 1);
  only.batchSealed(0);
  assert.equal(only.partitionOf(none, -1, -1), 0);
  const turns = partitioner('round-robin', 3);
  const seen = Array.from({ length: 6 }, () => turns.partitionOf(Buffer.from('k'), 0, 1));
  assert.deepEqual(seen.slice(0, 3), seen.slice(3));
  assert.deepEqual([...seen.slice(0, 3)].sort(), [0, 1, 2]);
});
