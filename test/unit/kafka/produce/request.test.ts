/** What a broker's answer to a batch means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionDelivery } from '../../../../src/kafka/produce/delivery.ts';
import { answersByPartition, answerTo, judge } from '../../../../src/kafka/produce/request.ts';
import { newBatch } from '../../../../src/kafka/produce/sealed-batch.ts';

const noRoom = Buffer.alloc(0);

function verdict(
  errorCode: number,
  { transactional = false, first = true, own }: { transactional?: boolean; first?: boolean; own?: string } = {},
) {
  const delivery = new PartitionDelivery('orders', 0);
  const batch = newBatch(delivery, { bytes: noRoom, lines: [1], payload: 0 });
  delivery.inFlight.push(...(first ? [] : [newBatch(delivery, { bytes: noRoom, lines: [2], payload: 0 })]), batch);
  const answer = {
    index: 0,
    errorCode,
    baseOffset: 7n,
    logAppendTimeMs: -1n,
    logStartOffset: 0n,
    recordErrors: own === undefined ? [] : [{ batchIndex: 0, batchIndexErrorMessage: own }],
    errorMessage: 'One or more records have been rejected',
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
  return judge(batch, answer, transactional);
}

test('a batch that was stored has its offset; one that was stored before has none', () => {
  assert.deepEqual(verdict(0), { result: 'written', baseOffset: 7n });
  assert.deepEqual(verdict(46), { result: 'written', baseOffset: -1n });
});

test('a leader that moved is looked up; one that is slow is kept, and may have written', () => {
  const { error: _moved, ...moved } = verdict(6) as Record<string, unknown>;
  assert.deepEqual(moved, { result: 'again', needsProducerId: false, needsLeader: true, maybeWritten: false });
  const { error: _slow, ...slow } = verdict(7) as Record<string, unknown>;
  assert.deepEqual(slow, { result: 'again', needsProducerId: false, needsLeader: false, maybeWritten: true });
});

test('a gap at the head needs a new producer id, behind another batch it does not, and in a transaction it is the end', () => {
  const again = (found: ReturnType<typeof verdict>) => found.result === 'again' && found.needsProducerId;
  assert.equal(again(verdict(45)), true);
  assert.equal(verdict(45, { first: false }).result, 'again');
  assert.equal(again(verdict(45, { first: false })), false);
  assert.equal(verdict(45, { transactional: true }).result, 'failed');
});

test('a record alone in its batch is refused in the words about it, and a bad time with the configs that allow it', () => {
  const refused = verdict(32, { own: 'Timestamp 5 is out of range [6, 9]' });
  assert.ok(refused.result === 'failed');
  assert.equal(refused.error.message, 'writing to orders:0 (Timestamp 5 is out of range [6, 9])');
  assert.match(refused.error.hint!, /message\.timestamp\.before\.max\.ms .* message\.timestamp\.after\.max\.ms/);
  const unnamed = verdict(32);
  assert.ok(unnamed.result === 'failed');
  assert.match(unnamed.error.message, /One or more records have been rejected/);
});

test('a partition that the answer leaves out is an error', () => {
  const batch = newBatch(new PartitionDelivery('orders', 3), { bytes: noRoom, lines: [1], payload: 0 });
  assert.throws(() => answerTo(batch, answersByPartition({ responses: [] } as never)), /leaves out orders:3/);
});
