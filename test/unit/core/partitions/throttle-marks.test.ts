/** kt recognizes its own throttles, and only those, by the marks in a topic's list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { largestRate, markEntries, marksIn } from '../../../../src/core/partitions/throttle-marks.ts';

test('marks are found again, whatever else is in the list', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(100_000), { minLength: 1 }),
      fc.integer({ min: 1, max: largestRate }),
      fc.array(fc.tuple(fc.nat(10_000), fc.nat(100))),
      (brokers, rate, others) => {
        const list = [
          ...others.map(([partition, broker]) => `${partition}:${broker}`),
          ...markEntries({ brokers, rate, since: 1_800_000_000 }),
        ];
        assert.deepEqual(marksIn(list.join()), { brokers, rates: [rate], times: [1_800_000_000] });
      },
    ),
  );
});

test('every entry is what a broker takes: two numbers that fit into 32 bits', () => {
  for (const entry of markEntries({ brokers: [1, 2], rate: largestRate, since: 1_800_000_000 })) {
    assert.match(entry, /^\d+:\d+$/);
    for (const number of entry.split(':').map(Number)) assert.ok(number < 2 ** 31);
  }
});

test('lists of others have no marks', () => {
  for (const list of ['', '*', '0:1,1:2', 'none']) assert.equal(marksIn(list), undefined);
});
