/** The list of transactions is whole: what a coordinator that moves would leave out is waited for, or said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { listTransactions } from '../../../../src/core/transactions/list.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const transactionsTopic = '__transaction_state';
const [notCoordinator, idNotFound] = [16, 105];
const all = { states: [], producerIds: [] };
const brokerOf = (target: unknown) => (target as { broker: number }).broker;

/** Broker 1 has the transaction `a`, broker 2 has `b`. */
const listed =
  (isListed: (broker: number, tries: number) => boolean): Answerer =>
  (_, target, tries) => ({
    errorCode: 0,
    unknownStateFilters: [],
    transactionStates: isListed(brokerOf(target), tries)
      ? [{ transactionalId: ['a', 'b'][brokerOf(target) - 1], producerId: 1n, transactionState: 'Ongoing' }]
      : [],
  });
const described =
  (errorCode: (broker: number, tries: number) => number): Answerer =>
  ({ transactionalIds }, target, tries) => ({
    transactionStates: transactionalIds.map((transactionalId: string) => ({
      ...{ transactionalId, errorCode: errorCode(brokerOf(target), tries) },
    })),
  });

function cluster(answers: Readonly<Record<string, Answerer>>, timeoutMs: number) {
  return fakeCluster({
    timeoutMs,
    topics: () => ({ [transactionsTopic]: [1, 2] }),
    answers: {
      FindCoordinator: ({ keyType, coordinatorKeys }) => ({
        coordinators: coordinatorKeys.map((key: string, at: number) => ({
          ...{ key, nodeId: at + 1, errorCode: keyType === 1 ? 0 : 42, errorMessage: null },
        })),
      }),
      DescribeTransactions: described(() => idNotFound),
      ListTransactions: listed((broker) => broker < 3),
      ...answers,
    },
  });
}

const listedBy = async (fake: ReturnType<typeof cluster>) => {
  const { transactions, problems } = await listTransactions(fake, all);
  return [transactions.map(({ transactionalId: id }) => id), problems.map(({ kind, message }) => `${kind}: ${message}`)];
};

test('coordinators that serve all their partitions are asked once', async () => {
  const fake = cluster({}, 60_000);
  assert.deepEqual(await listedBy(fake), [['a', 'b'], []]);
  assert.equal(fake.sent.filter(({ api }) => api === 'ListTransactions').length, 3);
});

test('a broker that has just become coordinator and lists nothing yet is asked again', async () => {
  // Two brokers are asked before and after: the first four answers are the first round's.
  const fake = cluster(
    {
      DescribeTransactions: described((broker, tries) => (broker === 2 && tries <= 4 ? notCoordinator : idNotFound)),
      ListTransactions: listed((broker, tries) => broker === 1 || (broker === 2 && tries > 3)),
    },
    60_000,
  );
  assert.deepEqual(await listedBy(fake), [['a', 'b'], []]);
});

test('where it does not come in time, the list says what it lacks', async () => {
  const fake = cluster(
    {
      DescribeTransactions: described((broker) => (broker === 2 ? notCoordinator : idNotFound)),
      ListTransactions: listed((broker) => broker === 1),
    },
    250,
  );
  assert.deepEqual(await listedBy(fake), [
    ['a'],
    ['connection: transactions that cannot be listed (the coordinator of 1 partition of __transaction_state is moving)'],
  ]);
});

test('a broker that goes down while it is asked, and comes back, leaves no gap', async () => {
  const whole = listed((broker) => broker < 3);
  const fake = cluster(
    {
      ListTransactions: (body, target, tries) => {
        // Lost in two rounds of three brokers each.
        if (brokerOf(target) === 2 && tries <= 6) throw new KtError('connection', 'gone', { code: 'ECONNREFUSED' });
        return whole(body, target, tries);
      },
    },
    60_000,
  );
  assert.deepEqual(await listedBy(fake), [['a', 'b'], []]);
});
