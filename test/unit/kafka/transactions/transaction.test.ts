/** A producer's side of transactions: what is retried, what ends it, and what is known afterwards. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { Transaction } from '../../../../src/kafka/transactions/transaction.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

const code = {
  loading: 14,
  notCoordinator: 16,
  epoch: 47,
  invalidState: 48,
  timeout: 50,
  concurrent: 51,
  notAttempted: 55,
  denied: 29,
};
const lost = new KtError('connection', 'lost');

/** Error codes of successive answers; 0 once they are used up; an error is a lost connection. */
function answers(...outcomes: readonly (number | Error)[]): Answerer {
  return (body, _target, tries) => {
    const outcome = outcomes[tries - 1] ?? 0;
    if (outcome instanceof Error) throw outcome;
    const partitions = (body.v3AndBelowTopics ?? []).map(
      ({ name, partitions: numbers }: { name: string; partitions: number[] }) => ({
        name,
        resultsByPartition: numbers.map((partitionIndex, index) => ({
          partitionIndex,
          partitionErrorCode: outcome !== 0 && index === 0 ? code.notAttempted : outcome,
        })),
      }),
    );
    return { errorCode: outcome, producerId: 7n, producerEpoch: 3, resultsByTopicV3AndBelow: partitions };
  };
}

function setUp(replies: Readonly<Record<string, Answerer>>, patienceMs = 10_000) {
  const lookUps: boolean[] = [];
  const cluster = fakeCluster({
    answers: { InitProducerId: answers(), AddPartitionsToTxn: answers(), EndTxn: answers(), ...replies },
    coordinators: (ids, fresh) => {
      lookUps.push(fresh);
      return new Map(ids.map((id) => [id, 1]));
    },
  });
  const id = randomUUID();
  return { cluster, lookUps, id, transaction: new Transaction(cluster, id, { giveUpMs: patienceMs }) };
}

const partitions = [
  { topic: 'orders', partition: 0 },
  { topic: 'orders', partition: 2 },
  { topic: 'audit', partition: 1 },
];

test('a transaction names its partitions by topic, and is committed under the epoch it began with', async () => {
  const { cluster, id, transaction } = setUp({});
  assert.deepEqual(await transaction.init(), { id: 7n, epoch: 3 });
  await transaction.addPartitions(partitions);
  assert.equal(transaction.state, 'open');
  await transaction.commit();
  assert.equal(transaction.state, 'empty');
  assert.deepEqual(
    cluster.sent.slice(1).map(({ body, target }) => [body, target]),
    [
      [
        {
          v3AndBelowTransactionalId: id,
          v3AndBelowProducerId: 7n,
          v3AndBelowProducerEpoch: 3,
          v3AndBelowTopics: [
            { name: 'orders', partitions: [0, 2] },
            { name: 'audit', partitions: [1] },
          ],
        },
        { transactionalId: id },
      ],
      [{ transactionalId: id, producerId: 7n, producerEpoch: 3, committed: true }, { transactionalId: id }],
    ],
  );
});

test('a coordinator that moves is looked up afresh; one that loads or still ends the last transaction is asked again', async () => {
  const { cluster, lookUps, transaction } = setUp({
    InitProducerId: answers(code.notCoordinator, lost, code.loading, code.concurrent),
    AddPartitionsToTxn: answers(code.concurrent),
  });
  await transaction.init();
  assert.deepEqual(lookUps, [true, true]);
  await transaction.addPartitions(partitions);
  assert.equal(cluster.sent.length, 7);
});

test('what has nothing in it needs no end', async () => {
  const { cluster, transaction } = setUp({});
  await transaction.init();
  await transaction.commit();
  await transaction.abort();
  assert.equal(cluster.sent.length, 1);
});

test('a broker that allows only short transactions gets one', async () => {
  const { cluster, transaction } = setUp({ InitProducerId: answers(code.timeout) });
  await transaction.init();
  assert.deepEqual(
    cluster.sent.map(({ body }) => body.transactionTimeoutMs),
    [900_000, 60_000],
  );
});

test('a producer whose id was taken over says so, and does not abort what it no longer owns', async () => {
  const { cluster, transaction } = setUp({ EndTxn: answers(code.epoch) });
  await transaction.init();
  await transaction.addPartitions(partitions);
  await assert.rejects(transaction.commit(), { kind: 'refused', code: 'PRODUCER_FENCED', message: /took over/ });
  assert.equal(transaction.state, 'fenced');
  await transaction.abort();
  assert.equal(cluster.sent.filter(({ api }) => api === 'EndTxn').length, 1);
});

test('a commit without an answer may have happened: it is not aborted', async () => {
  const { cluster, transaction } = setUp({ EndTxn: answers(lost, lost, lost) }, 0);
  await transaction.init();
  await transaction.addPartitions(partitions);
  await assert.rejects(transaction.commit(), { kind: 'connection' });
  assert.equal(transaction.state, 'unknown');
  await transaction.abort();
  assert.equal(cluster.sent.filter(({ body }) => body.committed === false).length, 0);
});

test('the refused partition is reported, not those left out because of it; nothing stays open', async () => {
  const { transaction } = setUp({ AddPartitionsToTxn: answers(code.denied), EndTxn: answers(code.invalidState) });
  await transaction.init();
  await assert.rejects(transaction.addPartitions(partitions), { kind: 'refused', code: 'TOPIC_AUTHORIZATION_FAILED' });
  await transaction.abort();
  assert.equal(transaction.state, 'empty');
});

const member = { group: 'copiers', memberId: 'me', generationId: 4, groupInstanceId: null };
const offsets = new Map([['orders', new Map([[2, 7n]])]]);

function offsetAnswers(...codes: readonly number[]): Answerer {
  return (_body, _target, tries) => ({
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 2, errorCode: codes[tries - 1] ?? 0 }] }],
  });
}

test('offsets are added for the group once in each transaction, then committed by its coordinator under the member', async () => {
  const { cluster, id, transaction } = setUp({
    AddOffsetsToTxn: answers(code.concurrent),
    TxnOffsetCommit: offsetAnswers(code.loading),
  });
  await transaction.init();
  assert.equal(await transaction.addOffsets(member, offsets), 'committed');
  assert.equal(await transaction.addOffsets(member, offsets), 'committed');
  await transaction.commit();
  assert.equal(await transaction.addOffsets(member, offsets), 'committed');
  const sent = cluster.sent.slice(1);
  assert.deepEqual(
    sent.map(({ api }) => api),
    [
      ...['AddOffsetsToTxn', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'TxnOffsetCommit', 'TxnOffsetCommit', 'EndTxn'],
      ...['AddOffsetsToTxn', 'TxnOffsetCommit'],
    ],
  );
  const { body, target } = sent[2]!;
  assert.deepEqual(target, { group: 'copiers' });
  assert.deepEqual(body, {
    transactionalId: id,
    groupId: 'copiers',
    producerId: 7n,
    producerEpoch: 3,
    generationId: 4,
    memberId: 'me',
    groupInstanceId: null,
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 2, committedOffset: 7n, committedMetadata: '' }] }],
  });
});

for (const [name, errorCode] of Object.entries({
  ILLEGAL_GENERATION: 22,
  UNKNOWN_MEMBER_ID: 25,
  FENCED_INSTANCE_ID: 82,
  STALE_MEMBER_EPOCH: 113,
})) {
  test(`offsets of a member that the group has moved on without (${name}) are stale, and the transaction can be aborted`, async () => {
    const { transaction } = setUp({ AddOffsetsToTxn: answers(), TxnOffsetCommit: offsetAnswers(errorCode) });
    await transaction.init();
    assert.equal(await transaction.addOffsets(member, offsets), 'stale');
    await transaction.abort();
    assert.equal(transaction.state, 'empty');
  });
}

test('offsets of a producer that was fenced are refused as such; those of a topic without permission by name', async () => {
  const fenced = setUp({ AddOffsetsToTxn: answers(), TxnOffsetCommit: offsetAnswers(code.epoch) });
  await fenced.transaction.init();
  await assert.rejects(fenced.transaction.addOffsets(member, offsets), { kind: 'refused', code: 'PRODUCER_FENCED' });
  assert.equal(fenced.transaction.state, 'fenced');
  const denied = setUp({ AddOffsetsToTxn: answers(), TxnOffsetCommit: offsetAnswers(code.denied) });
  await denied.transaction.init();
  await assert.rejects(denied.transaction.addOffsets(member, offsets), {
    code: 'TOPIC_AUTHORIZATION_FAILED',
    message: /cannot add offsets of group copiers to the transaction for orders:2/,
  });
});

test('after an abort with batches that nobody acknowledged the next transaction begins under a new epoch of the same id, once', async () => {
  const { cluster, transaction } = setUp({ AddOffsetsToTxn: answers(), TxnOffsetCommit: offsetAnswers() });
  await transaction.init();
  await transaction.addPartitions(partitions);
  await transaction.abort(true);
  await Promise.all([transaction.addPartitions(partitions), transaction.addOffsets(member, offsets)]);
  await transaction.commit();
  await transaction.addPartitions(partitions);
  const asked = cluster.sent
    .filter(({ api }) => api === 'InitProducerId')
    .map(({ body }) => [body.producerId, body.producerEpoch]);
  assert.deepEqual(asked, [
    [-1n, -1],
    [7n, 3],
  ]);
});
