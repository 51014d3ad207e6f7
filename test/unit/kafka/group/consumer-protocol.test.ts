/** Subscriptions and assignments as Java's consumers of all ages write and read them, byte by byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../../../src/kafka/group/consumer-protocol.ts';

const topicT = '00000001 0001 74';
const ownsT0 = '00000001 0001 74 00000001 00000000';
const bytes = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

test('a subscription is written in the newest version, its topics sorted, nothing owned', () => {
  const expected = bytes('0003', '00000002 0001 61 0001 62', 'ffffffff', '00000000', 'ffffffff', 'ffff');
  assert.deepEqual(encodeSubscription(['b', 'a']), expected);
});

const subscriptions = [
  { name: 'version 0, before cooperative rebalancing', read: bytes('0000', topicT, 'ffffffff'), owned: [], generation: -1 },
  { name: 'version 1 with what it owns', read: bytes('0001', topicT, 'ffffffff', ownsT0), owned: [0], generation: -1 },
  {
    name: "version 1 of Java's cooperative-sticky, its generation in the user data",
    read: bytes('0001', topicT, '00000004 00000007', ownsT0),
    owned: [0],
    generation: 7,
  },
  {
    name: 'version 2 with a generation',
    read: bytes('0002', topicT, 'ffffffff', ownsT0, '00000009'),
    owned: [0],
    generation: 9,
  },
  {
    name: 'version 3 with a rack, its generation field before the user data',
    read: bytes('0003', topicT, '00000004 00000007', ownsT0, '00000009', '0001 72'),
    owned: [0],
    generation: 9,
  },
  {
    name: 'a version that is not known yet, with more at the end',
    read: bytes('0009', topicT, 'ffffffff', ownsT0, '00000009', 'ffff', 'cafe'),
    owned: [0],
    generation: 9,
  },
];

for (const { name, read, owned, generation } of subscriptions) {
  test(`a subscription is read: ${name}`, () => {
    const expected = { topics: ['t'], owned: owned.map((partition) => ({ topic: 't', partition })), generation };
    assert.deepEqual(decodeSubscription(read), expected);
  });
}

test('an assignment is written topic by topic, and read back', () => {
  const partitions = [
    { topic: 't', partition: 0 },
    { topic: 't', partition: 2 },
    { topic: 'u', partition: 1 },
  ];
  const written = bytes('0003', '00000002', '0001 74 00000002 00000000 00000002', '0001 75 00000001 00000001', 'ffffffff');
  assert.deepEqual(encodeAssignment(partitions), written);
  assert.deepEqual(decodeAssignment(written), partitions);
});

test('no bytes at all are an assignment of nothing', () => {
  assert.deepEqual(decodeAssignment(Buffer.alloc(0)), []);
});
