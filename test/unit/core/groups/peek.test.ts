import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideCommit, type PeekPlace } from '../../../../src/core/groups/peek.ts';
import type { RecordView } from '../../../../src/kafka/batch/record.ts';

const place = (partition: number, committedOffset: bigint): PeekPlace => ({
  topic: 'orders',
  partition,
  committedOffset,
  startOffset: 0n,
  endOffset: 9n,
  lag: 9n - committedOffset,
  memberId: null,
  groupInstanceId: null,
  clientId: null,
  host: null,
});
const record = (partition: number, offset: bigint) => ({ topic: 'orders', partition, exactOffset: () => offset }) as RecordView;

test('the next record is the first one at or after the committed offset, even with gaps between', () => {
  const beside = besideCommit([place(0, 4n), place(1, 0n)]);
  const told = [record(0, 2n), record(0, 3n), record(0, 6n), record(0, 7n), record(1, 0n), record(1, 1n)].map(
    (each) => beside(each)[1],
  );
  assert.deepEqual(told, ['before', 'before', 'next', 'after', 'next', 'after']);
});
