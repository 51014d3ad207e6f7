import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coordinatorFinder } from '../../../src/kafka/coordinators.ts';
import { type Answerer, fakeCluster } from '../../support/fake-cluster.ts';

const loading = 14;
const notAuthorized = 30;

/** Answers from `of`, in the old or the new way; a number below zero is an error code. */
function finder(version: number, of: (key: string, tries: number) => number, signal?: AbortSignal) {
  const found = (key: string, tries: number) => {
    const broker = of(key, tries);
    return { key, nodeId: broker < 0 ? -1 : broker, errorCode: broker < 0 ? -broker : 0, errorMessage: null };
  };
  const FindCoordinator: Answerer = ({ key, coordinatorKeys }, _target, tries) =>
    version < 4 ? found(key, tries) : { coordinators: coordinatorKeys.map((each: string) => found(each, tries)) };
  const cluster = fakeCluster({
    answers: { FindCoordinator },
    versions: { FindCoordinator: version },
    ...(signal && { signal }),
  });
  return { cluster, finder: coordinatorFinder({ ...cluster, timeoutMs: 250 }) };
}

test('many groups are asked for in one request, and what is known is not asked for again', async () => {
  const { cluster, finder: coordinators } = finder(4, (key) => key.length);
  const found = await coordinators.find('group', ['a', 'bb', 'a'], false);
  assert.deepEqual([found.get('a'), found.get('bb')], [1, 2]);
  await coordinators.find('group', ['bb', 'a'], false);
  assert.deepEqual(
    cluster.sent.map(({ body }) => body),
    [{ keyType: 0, coordinatorKeys: ['a', 'bb'] }],
  );
  await coordinators.find('transaction', ['a'], false);
  await coordinators.find('group', ['bb'], true);
  assert.deepEqual(
    cluster.sent.slice(1).map(({ body }) => [body.keyType, body.coordinatorKeys]),
    [
      [1, ['a']],
      [0, ['bb']],
    ],
  );
});

test('brokers before KIP-699 are asked for one group at a time', async () => {
  const { cluster, finder: coordinators } = finder(3, (key) => key.length);
  const found = await coordinators.find('group', ['a', 'bb'], false);
  assert.deepEqual(
    [...found],
    [
      ['a', 1],
      ['bb', 2],
    ],
  );
  assert.deepEqual(
    cluster.sent.map(({ body }) => body),
    [
      { key: 'a', keyType: 0 },
      { key: 'bb', keyType: 0 },
    ],
  );
});

test('a coordinator that is still loading is asked for again, alone', async () => {
  const { cluster, finder: coordinators } = finder(4, (key, tries) => (key === 'b' && tries < 3 ? -loading : 7));
  const found = await coordinators.find('group', ['a', 'b'], false);
  assert.deepEqual([...found].sort(), [
    ['a', 7],
    ['b', 7],
  ]);
  assert.deepEqual(
    cluster.sent.map(({ body }) => body.coordinatorKeys),
    [['a', 'b'], ['b'], ['b']],
  );
});

test('a coordinator that never becomes available, one that is refused, and an interruption', async () => {
  await assert.rejects(finder(4, () => -loading).finder.find('group', ['g'], false), {
    kind: 'connection',
    code: 'COORDINATOR_NOT_AVAILABLE',
    message: 'no coordinator for group g (waited 0.25s)',
  });
  await assert.rejects(finder(4, () => -notAuthorized).finder.find('group', ['g'], false), {
    kind: 'refused',
    code: 'GROUP_AUTHORIZATION_FAILED',
  });
  const interrupted = AbortSignal.abort(new Error('interrupted'));
  await assert.rejects(finder(4, () => -loading, interrupted).finder.find('group', ['g'], false), { message: 'interrupted' });
});
