/** A transaction hangs only where nobody will end it: everything that may still be ended is left alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hangingProducer } from '../../../../src/core/transactions/abort.ts';
import { describeTransactions } from '../../../../src/core/transactions/describe.ts';
import { hangingTransactions } from '../../../../src/core/transactions/hanging.ts';
import { listTransactions } from '../../../../src/core/transactions/list.ts';
import type { Target } from '../../../../src/kafka/cluster.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const orders = { topic: 'orders', partition: 0 };
const now = Date.now();
const isAt2 = (target: Target) => typeof target === 'object' && 'broker' in target && target.broker === 2;
const minute = 60_000;

interface Known {
  readonly id: string;
  readonly producerId: bigint;
  readonly partitions: readonly number[];
  readonly errorCode?: number;
}

/** Producers 1 to 3 have transactions open in orders:0, the third for a moment only; 4 has none. */
function cluster(known: readonly Known[], more: Readonly<Record<string, Answerer>> = {}, versions = {}) {
  const producer = (producerId: bigint, start: bigint, ageMs: number) => ({
    ...{ producerId, producerEpoch: 0, lastSequence: 0, coordinatorEpoch: -1 },
    ...{ lastTimestamp: BigInt(now - ageMs), currentTxnStartOffset: start },
  });
  return fakeCluster({
    timeoutMs: 0,
    versions,
    topics: () => ({ orders: [1] }),
    coordinators: (names) => new Map(names.map((name) => [name, 2])),
    answers: {
      DescribeProducers: () => ({
        topics: [
          {
            name: 'orders',
            partitions: [
              {
                ...{ partitionIndex: 0, errorCode: 0, errorMessage: null },
                activeProducers: [
                  producer(1n, 5n, 60 * minute),
                  producer(2n, 7n, 60 * minute),
                  producer(3n, 9n, minute),
                  producer(4n, -1n, 60 * minute),
                ],
              },
            ],
          },
        ],
      }),
      ListTransactions: (body, target) => ({
        errorCode: 0,
        unknownStateFilters: [],
        transactionStates: known
          .filter(
            ({ producerId }) =>
              isAt2(target) && (body.producerIdFilters.length === 0 || body.producerIdFilters.includes(producerId)),
          )
          .map(({ id, producerId }) => ({ transactionalId: id, producerId, transactionState: 'Ongoing' })),
      }),
      DescribeTransactions: ({ transactionalIds }: { transactionalIds: string[] }) => ({
        transactionStates: transactionalIds.map((id) => {
          const found = known.find((each) => each.id === id);
          return {
            ...{ transactionalId: id, errorCode: found ? (found.errorCode ?? 0) : 105, transactionState: 'Ongoing' },
            ...{ transactionTimeoutMs: minute, transactionStartTimeMs: BigInt(Date.now() - minute), producerEpoch: 0 },
            producerId: found?.producerId ?? -1n,
            topics: found ? [{ topic: 'orders', partitions: found.partitions }] : [],
          };
        }),
      }),
      ...more,
    },
  });
}

const offsets = async (...args: Parameters<typeof cluster>) =>
  (await hangingTransactions(cluster(...args), [orders], 15 * minute)).transactions.map(({ startOffset }) => startOffset);

test('old ones that no coordinator knows hang; recent ones, and producers without a transaction, do not', async () => {
  assert.deepEqual(await offsets([]), [5n, 7n]);
});

test('one whose coordinator knows it there does not hang; one it knows elsewhere does', async () => {
  const here = { id: 'a', producerId: 1n, partitions: [0] };
  const elsewhere = { id: 'b', producerId: 2n, partitions: [1] };
  assert.deepEqual(await offsets([here, elsewhere]), [7n]);
});

test('one that ended meanwhile does not hang', async () => {
  let asked = 0;
  const first = cluster([]);
  const ending: Answerer = async (body, target, tries) => {
    asked = tries;
    const answer = await first.request('DescribeProducers', body, target);
    if (tries > 1)
      (
        answer.topics[0]!.partitions[0]!.activeProducers as unknown as { currentTxnStartOffset: bigint }[]
      )[0]!.currentTxnStartOffset = -1n;
    return answer;
  };
  assert.deepEqual(await offsets([], { DescribeProducers: ending }), [7n]);
  assert.equal(asked, 2);
});

test('nothing is said to hang while a coordinator does not answer, or hides what it knows', async () => {
  const silent: Answerer = (_body, target) => {
    if (isAt2(target)) return { errorCode: 14, unknownStateFilters: [], transactionStates: [] };
    return { errorCode: 0, unknownStateFilters: [], transactionStates: [] };
  };
  await assert.rejects(offsets([], { ListTransactions: silent }), { code: 'COORDINATOR_LOAD_IN_PROGRESS' });
  const hidden = { id: 'a', producerId: 1n, partitions: [0], errorCode: 53 };
  await assert.rejects(offsets([hidden]), /no permission: DESCRIBE on transactional id a/);
});

test('a place without a transaction, and one whose transaction can be ended as a whole, are refused', async () => {
  const known = cluster([{ id: 'payments', producerId: 1n, partitions: [0] }]);
  await assert.rejects(hangingProducer(known, orders, 6n), { kind: 'refused' });
  await assert.rejects(hangingProducer(known, orders, 5n), { kind: 'usage', hint: /kt transactions abort payments/ });
  assert.equal((await hangingProducer(known, orders, 7n)).producerId, 2n);
});

test('brokers that cannot filter by duration are asked for each transaction', async () => {
  const known = [{ id: 'a', producerId: 1n, partitions: [0] }];
  const filter = (longerThanMs: number) => ({ states: [], producerIds: [], longerThanMs });
  const old = cluster(known, {}, { ListTransactions: 0 });
  assert.equal((await listTransactions(old, filter(30_000))).transactions.length, 1);
  assert.equal((await listTransactions(old, filter(90_000))).transactions.length, 0);
  const newer = cluster(known);
  await listTransactions(newer, filter(30_000));
  assert.ok(newer.sent.every(({ api }) => api === 'ListTransactions'));
});

test('an unknown id is an error beside the transactions that there are', async () => {
  const described = await describeTransactions(cluster([{ id: 'a', producerId: 1n, partitions: [1, 0] }]), ['a', 'b']);
  assert.deepEqual((described.get('a') as { partitions: unknown }).partitions, [
    { topic: 'orders', partition: 0 },
    { topic: 'orders', partition: 1 },
  ]);
  assert.match((described.get('b') as Error).message, /unknown transactional id b/);
});
