import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOffsets } from '../../../../src/core/groups/offsets-file.ts';

const read = (text: string, group = 'billing') => Object.fromEntries(readOffsets(text, group));

test('what kafka-consumer-groups exports is read: of one group without its name, of several with it', () => {
  assert.deepEqual(read('orders,0,42\norders,1,7\n'), { 'orders:0': 42n, 'orders:1': 7n });
  assert.deepEqual(read('"billing","orders",0,42\n"audit","orders",0,9\n'), { 'orders:0': 42n });
});

test('what kt prints is read, as CSV, as JSON and as a table', () => {
  assert.deepEqual(read('GROUP,TOPIC,PARTITION,OFFSET\r\nbilling,orders,0,42\r\n'), { 'orders:0': 42n });
  assert.deepEqual(read('[{"group":"billing","topic":"orders","partition":0,"offset":42}]'), { 'orders:0': 42n });
  assert.deepEqual(read('TOPIC   PARTITION  OFFSET\norders          0      42\n'), { 'orders:0': 42n });
});

test('a plan is read, but for the partitions it leaves alone', () => {
  const plan = {
    group: 'billing',
    partitions: [
      { topic: 'orders', partition: 0, committedOffset: 9, targetOffset: 42 },
      { topic: 'orders', partition: 1, committedOffset: 9, targetOffset: null },
    ],
  };
  assert.deepEqual(read(JSON.stringify(plan)), { 'orders:0': 42n });
  const csv =
    'GROUP,TOPIC,PARTITION,OLDEST,NEWEST,CURRENT,TARGET,NOTE\r\n"a, b",orders,0,0,50,9,42,"x, y"\r\nbilling,orders,1,0,50,9,,\r\n';
  assert.deepEqual(read(csv, 'a, b'), { 'orders:0': 42n });
});

test("a file about one other group gives that group's offsets: so a group is copied", () => {
  assert.deepEqual(read('GROUP,TOPIC,PARTITION,OFFSET\naudit,orders,0,42\n'), { 'orders:0': 42n });
});

test('what is wrong in a file is named with its line', () => {
  const wrong = (text: string) => {
    try {
      read(text);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail('read all the same');
  };
  assert.equal(wrong('orders,0,42\norders,x,7'), 'line 2 has no partition');
  assert.equal(wrong('orders,0,-1'), 'line 1 has no offset');
  assert.equal(wrong('orders,0,1\norders,0,2'), 'partition orders:0 appears twice');
  assert.equal(wrong('[{"topic":"orders","partition":0}]'), 'item 1 has no offset');
  assert.equal(wrong('[null]'), 'item 1 is not an object');
  assert.match(wrong('{"topic"'), /^not valid JSON/);
  assert.equal(wrong(''), 'no offsets in it');
  assert.equal(wrong('"a","orders",0,1\n"b","orders",0,1'), 'no offsets of group billing in it');
});
