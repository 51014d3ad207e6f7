/** Where a member of a group continues after it was out of the group. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptPositions } from '../../../../src/records/source/kept-positions.ts';

function at(committedOffset: bigint | null) {
  return [{ topic: 'orders', partition: 0, committedOffset, committedLeaderEpoch: -1 }];
}

function offsets(offset: bigint) {
  return new Map([['orders', new Map([[0, offset]])]]);
}

function continuesAt(kept: KeptPositions, committed: bigint | null): bigint | null {
  return kept.continued(at(committed))[0]!.committedOffset;
}

test('a member that is back repeats nothing it has handled, while nobody else moved the offset of the group', () => {
  const kept = new KeptPositions();
  assert.equal(continuesAt(kept, null), null);
  kept.handled(offsets(5n));
  kept.committed(offsets(5n));
  kept.handled(offsets(7n));
  kept.handled(offsets(9n));
  // The commits of 7 and 9 were lost, or only their answers were.
  for (const committed of [5n, 7n, 9n]) assert.equal(continuesAt(kept, committed), 9n);
});

test('where somebody else committed, or the topic was made anew, the offset of the group counts', () => {
  const kept = new KeptPositions();
  continuesAt(kept, 0n);
  kept.handled(offsets(9n));
  kept.committed(offsets(9n));
  for (const committed of [0n, 4n, 20n, null]) assert.equal(continuesAt(kept, committed), committed);
  kept.handled(offsets(30n));
  kept.forget('orders');
  assert.equal(continuesAt(kept, null), null);
});
