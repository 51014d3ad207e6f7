/** Which group protocol is tried for which group on which brokers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { isOtherProtocol, prefersConsumerProtocol } from '../../../../src/kafka/group/protocol.ts';
import { FakeGroup } from './fake-group.ts';

function prefers(groupState: string, options: { version?: number; sessionTimeoutMs?: number } = {}) {
  const { version = 1, ...question } = options;
  const fake = new FakeGroup();
  fake.versions.ConsumerGroupHeartbeat = version;
  fake.answer('DescribeGroups', { groups: [{ errorCode: 0, groupState }] } as never);
  return prefersConsumerProtocol(fake.cluster, { group: 'orders', signal: fake.signal, ...question });
}

for (const state of ['Dead', 'Empty'])
  test(`a group without classic members (${state}) is joined by the newer protocol`, async () => {
    assert.equal(await prefers(state), true);
  });

for (const state of ['PreparingRebalance', 'CompletingRebalance', 'Stable'])
  test(`a group with classic members (${state}) stays classic`, async () => {
    assert.equal(await prefers(state), false);
  });

test('brokers from before Kafka 4.0 are asked by the classic protocol, also where they have the preview of the newer one', async () => {
  assert.equal(await prefers('Dead', { version: -1 }), false);
  assert.equal(await prefers('Dead', { version: 0 }), false);
});

test('only the classic protocol lets a member set its session timeout', async () => {
  assert.equal(await prefers('Dead', { sessionTimeoutMs: 6_000 }), false);
});

test('only a refusal of the protocol calls for the other one', () => {
  for (const code of ['UNSUPPORTED_VERSION', 'GROUP_ID_NOT_FOUND']) {
    assert.equal(isOtherProtocol(new KtError('refused', 'no', { code })), true);
  }
  assert.equal(isOtherProtocol(new KtError('refused', 'no', { code: 'GROUP_AUTHORIZATION_FAILED' })), false);
  assert.equal(isOtherProtocol(new Error('interrupted')), false);
});
