/** Stories of messages inside other messages' bytes: consumers of other ages can be read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage, encodeMessage } from '../../../../src/kafka/wire/message.ts';
import { WireError } from '../../../../src/kafka/wire/reader.ts';

const subscription = {
  topics: ['orders'],
  userData: null,
  ownedPartitions: [{ topic: 'orders', partitions: [1, 2] }],
  generationId: 4,
  rackId: 'r1',
};

test('a subscription is read back in the version it was written in', () => {
  assert.deepEqual(
    decodeMessage('ConsumerProtocolSubscription', 3, encodeMessage('ConsumerProtocolSubscription', 3, subscription)),
    subscription,
  );
});

test('a subscription of an older member has defaults for what it does not say', () => {
  const old = encodeMessage('ConsumerProtocolSubscription', 0, {
    ...subscription,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
  });
  assert.equal(old.toString('hex'), '00000001 0006 6f7264657273 ffffffff'.replaceAll(' ', ''));
  assert.deepEqual(decodeMessage('ConsumerProtocolSubscription', 0, old), {
    ...subscription,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
  });
});

test('a subscription of a member newer than kt is read as far as kt knows it', () => {
  const newer = Buffer.concat([encodeMessage('ConsumerProtocolSubscription', 3, subscription), Buffer.of(1, 2, 3)]);
  assert.deepEqual(decodeMessage('ConsumerProtocolSubscription', 9, newer), subscription);
});

test('bytes that are no assignment are an error', () => {
  assert.throws(() => decodeMessage('ConsumerProtocolAssignment', 0, Buffer.of(0, 0, 0, 9, 0, 3)), WireError);
});
