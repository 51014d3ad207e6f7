/** Keys land where other clients put them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, murmur2, type Partitioner, partitioner } from '../../../../src/kafka/produce/partitioner.ts';

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
  assert.equal(partitioner('java', 7).partitionOf(key, 0, key.length, 10), (-790332482 & 0x7fffffff) % 7);
  assert.equal(partitioner('librdkafka', 7).partitionOf(key, 0, key.length, 10), 0x9ef61f95 % 7);
});

test('an empty key is hashed by Java and not by librdkafka', () => {
  assert.equal(partitioner('java', 1000).partitionOf(none, 0, 0, 7), (murmur2(none, 0, 0) & 0x7fffffff) % 1000);
  const librdkafka = partitioner('librdkafka', 1000);
  assert.equal(librdkafka.partitionOf(none, 0, 0, 7), librdkafka.partitionOf(none, -1, -1, 7));
});

const none = Buffer.alloc(0);

/** How many of 6,000 records of 1 KiB without a key each partition gets. */
function spread(to: Partitioner, partitions: number): number[] {
  const counts = new Array<number>(partitions).fill(0);
  for (let record = 0; record < 6000; record++) counts[to.partitionOf(none, -1, -1, 1024)]!++;
  return counts;
}

test('records without a key stay with a partition for 16 KiB, and are spread over all of them', () => {
  for (const name of ['java', 'librdkafka'] as const) {
    const to = partitioner(name, 3);
    const first = to.partitionOf(none, -1, -1, 1024);
    for (let record = 1; record <= 16; record++) assert.equal(to.partitionOf(none, -1, -1, 1024), first);
    for (const count of spread(to, 3)) assert.ok(count > 1000, `${count} of 6000`);
  }
});

test('where much input is at hand a turn lasts for an eighth of it, but for the first MiB', () => {
  const { turn } = partitioner('java', 6);
  const begun = () => {
    turn!.left = -1;
    turn!.partition(512 << 10);
    return turn!.left;
  };
  for (let given = 0; given < 1 << 20; given += 16 << 10) assert.equal(begun(), 16 << 10);
  assert.equal(begun(), 64 << 10);
});

test('partitions with more to send get less, and those without a leader nothing while others have one', () => {
  const to = partitioner('java', 3);
  to.adapt((partition) => [0, 9, undefined][partition]);
  const [idle, busy, leaderless] = spread(to, 3);
  assert.ok(idle! > 4 * busy!, `${idle} and ${busy}`);
  assert.equal(leaderless, 0);
  const lost = partitioner('java', 3);
  lost.adapt(() => undefined);
  for (const count of spread(lost, 3)) assert.ok(count > 1000, `${count} of 6000`);
});

test('one partition is enough, and round-robin takes each in turn', () => {
  assert.deepEqual(spread(partitioner('java', 1), 1), [6000]);
  const turns = partitioner('round-robin', 3);
  const seen = Array.from({ length: 6 }, () => turns.partitionOf(Buffer.from('k'), 0, 1, 8));
  assert.deepEqual(seen.slice(0, 3), seen.slice(3));
  assert.deepEqual([...seen.slice(0, 3)].sort(), [0, 1, 2]);
});
