/** Stories of Kafka's error codes: their names, and the errors that the user reads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorCode, errorOf, refused } from '../../../../src/kafka/wire/errors.ts';
import { errorMeanings } from '../../../../src/kafka/wire/generated/errors.ts';

test('every code from -1 on has one name, one line of text and no full stop', () => {
  const codes = Object.values(ErrorCode);
  assert.deepEqual(
    codes,
    Array.from({ length: errorMeanings.length }, (_, index) => index - 1),
  );
  assert.ok(codes.length > 130);
  for (const code of codes) {
    const { name, message } = errorOf(code);
    assert.match(name, /^[A-Z_0-9]+$/);
    assert.match(message, /^[^\n\t]+[^\n\t.]$/, name);
  }
});

test('codes are named and known as retriable as in Kafka', () => {
  assert.equal(errorOf(0).name, 'NONE');
  assert.equal(errorOf(-1).name, 'UNKNOWN_SERVER_ERROR');
  assert.deepEqual([errorOf(3).name, errorOf(3).retriable], ['UNKNOWN_TOPIC_OR_PARTITION', true]);
  assert.deepEqual([errorOf(6).name, errorOf(6).retriable], ['NOT_LEADER_OR_FOLLOWER', true]);
  assert.deepEqual([errorOf(36).name, errorOf(36).retriable], ['TOPIC_ALREADY_EXISTS', false]);
  assert.deepEqual([errorOf(100).name, errorOf(100).retriable], ['UNKNOWN_TOPIC_ID', true]);
});

test('a code newer than kt is told by its number', () => {
  assert.equal(errorOf(9999).name, 'UNKNOWN_ERROR_CODE_9999');
  const error = refused(9999, 'topic orders');
  assert.equal(error.code, 'UNKNOWN_ERROR_CODE_9999');
  assert.equal(error.message, 'topic orders (error code 9999, which kt does not know)');
});

test('a refusal says what, why in the broker’s own words on one line, and what to type next', () => {
  const error = refused(36, 'topic orders', "Topic 'orders'\n  already exists.\n");
  assert.deepEqual(
    [error.kind, error.code, error.message],
    ['refused', 'TOPIC_ALREADY_EXISTS', "topic orders (Topic 'orders' already exists)"],
  );
  assert.match(error.hint ?? '', /--if-not-exists/);
});

test('without words from the broker Kafka’s own text is the reason, and a caller’s hint wins', () => {
  for (const silent of [undefined, null, ''])
    assert.match(refused(29, 'topic orders', silent).message, /^topic orders \(.*[^.]\)$/);
  assert.equal(refused(29, 'topic orders', null, 'ask Ada').hint, 'ask Ada');
});

test('the refusals a user meets most have a hint', () => {
  const codes = new Map<string, number>(Object.entries(ErrorCode));
  const common = [
    ...[
      'UNKNOWN_TOPIC_OR_PARTITION',
      'TOPIC_ALREADY_EXISTS',
      'INVALID_REPLICATION_FACTOR',
      'INVALID_PARTITIONS',
      'INVALID_CONFIG',
    ],
    ...['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION'],
    ...['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'NOT_ENOUGH_REPLICAS', 'INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'],
    ...['ILLEGAL_GENERATION', 'GROUP_ID_NOT_FOUND', 'INCONSISTENT_GROUP_PROTOCOL', 'UNSUPPORTED_VERSION', 'NON_EMPTY_GROUP'],
  ];
  for (const name of common) assert.ok(refused(codes.get(name)!, 'it').hint, name);
});
