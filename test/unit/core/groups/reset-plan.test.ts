import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { planPartition, type ResetPlace, type ResetTarget, totalsOf } from '../../../../src/core/groups/reset-plan.ts';

/** A log of offsets 10 to 50, committed at 30. */
const place: ResetPlace = { topic: 'orders', partition: 0, startOffset: 10n, endOffset: 50n, committedOffset: 30n };
const plan = (to: ResetTarget, over: Partial<ResetPlace> = {}) => {
  const { targetOffset, reread, skipped, status, note } = planPartition({ ...place, ...over }, to);
  return { targetOffset, reread, skipped, status, ...(note === undefined ? {} : { note }) };
};
const planned = (targetOffset: bigint, reread: bigint | null, skipped: bigint | null, note?: string) => ({
  targetOffset,
  reread,
  skipped,
  status: 'planned',
  ...(note === undefined ? {} : { note }),
});

test('beginning re-reads what was read, end skips what was not', () => {
  assert.deepEqual(plan({ at: 'beginning' }), planned(10n, 20n, 0n));
  assert.deepEqual(plan({ at: 'end' }), planned(50n, 0n, 20n));
});

test('an offset outside of the log becomes its start or end, and the plan says so', () => {
  assert.deepEqual(plan({ at: 'offset', offset: 35n }), planned(35n, 0n, 5n));
  assert.deepEqual(plan({ at: 'offset', offset: 3n }), planned(10n, 20n, 0n, '3 is before the log: set to its start'));
  assert.deepEqual(plan({ at: 'offset', offset: 51n }), planned(50n, 0n, 20n, '51 is beyond the log: set to its end'));
});

test('a shift goes from the commit, and stops at the ends of the log', () => {
  assert.deepEqual(plan({ at: 'shift', by: 1n }), planned(31n, 0n, 1n));
  assert.deepEqual(plan({ at: 'shift', by: -5n }), planned(25n, 5n, 0n));
  assert.deepEqual(plan({ at: 'shift', by: -31n }), planned(10n, 20n, 0n, '-1 is before the log: set to its start'));
  assert.deepEqual(plan({ at: 'shift', by: 0n }), planned(30n, 0n, 0n));
});

test('a partition that was never committed cannot be shifted, and is left alone', () => {
  assert.deepEqual(plan({ at: 'shift', by: -5n }, { committedOffset: null }), {
    targetOffset: null,
    reread: null,
    skipped: null,
    status: 'left',
    note: 'never committed: nothing to shift',
  });
});

test('what is read again or skipped is not known where nothing was committed', () => {
  assert.deepEqual(plan({ at: 'beginning' }, { committedOffset: null }), planned(10n, null, null));
});

test('the last N of a partition begin no earlier than the log', () => {
  assert.deepEqual(plan({ at: 'last', count: 5 }), planned(45n, 0n, 15n));
  assert.deepEqual(plan({ at: 'last', count: 500 }), planned(10n, 20n, 0n));
});

test('a time means the first record since then, and the end if there is none', () => {
  const time = { at: 'time', timestampMs: 0 } as const;
  assert.deepEqual(plan(time, { atTime: 12n }), planned(12n, 18n, 0n));
  assert.deepEqual(plan(time, { atTime: -1n }), planned(50n, 0n, 20n, 'no record at that time or later: set to the end'));
});

test('current is the commit, brought back into the log; the end where there is none', () => {
  assert.deepEqual(plan({ at: 'current' }), planned(30n, 0n, 0n));
  assert.deepEqual(
    plan({ at: 'current' }, { committedOffset: null }),
    planned(50n, null, null, 'never committed: set to the end'),
  );
  assert.deepEqual(
    plan({ at: 'current' }, { committedOffset: 4n }),
    planned(10n, 0n, 0n, '4 is before the log: set to its start'),
  );
});

test('records that retention deleted unread are neither read again nor skipped', () => {
  assert.deepEqual(plan({ at: 'offset', offset: 15n }, { committedOffset: 4n }), planned(15n, 0n, 5n));
  assert.deepEqual(plan({ at: 'offset', offset: 45n }, { committedOffset: 90n }), planned(45n, 5n, 0n));
});

test('given offsets are taken, and a partition without one is left alone', () => {
  assert.equal(plan({ at: 'given', offsets: new Map([['orders:0', 12n]]) }).targetOffset, 12n);
  assert.equal(plan({ at: 'given', offsets: new Map() }).status, 'left');
});

test('a partition that is gone is left alone, one that cannot be asked fails', () => {
  const gone = { startOffset: null, endOffset: null };
  assert.equal(plan({ at: 'beginning' }, gone).note, 'the partition is gone');
  assert.equal(plan({ at: 'beginning' }, { ...gone, error: new KtError('refused', 'no leader') }).status, 'failed');
});

test('totals count what is known', () => {
  const rows = [
    planPartition(place, { at: 'beginning' }),
    planPartition({ ...place, committedOffset: null }, { at: 'beginning' }),
    planPartition(place, { at: 'end' }),
  ];
  assert.deepEqual(totalsOf(rows), { reread: 20n, skipped: 20n });
});
