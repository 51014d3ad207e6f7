/** A steady rate: records are evenly spaced, and a stall is not made up for. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Pace } from '../../../../src/records/produce/pace.ts';

/** Counts the records that may go at once at a moment, on a clock of the test's. */
function paced(recordsPerSecond: number) {
  let nowMs = 0;
  const clock = mock.method(performance, 'now', () => nowMs);
  const pace = new Pace(recordsPerSecond, new AbortController().signal);
  return {
    at(ms: number): number {
      nowMs = ms;
      let count = 0;
      for (; !pace.isEarly; count++) pace.took();
      return count;
    },
    end: () => clock.mock.restore(),
  };
}

test('records go one by one, at even distances', () => {
  const pace = paced(100);
  assert.deepEqual(
    [0, 5, 10, 15, 20, 29, 30].map((ms) => pace.at(ms)),
    [1, 0, 1, 0, 1, 0, 1],
  );
  pace.end();
});

test('a timer that comes late does not lower the rate, and a stall of a minute makes no burst', () => {
  const pace = paced(1000);
  pace.at(0);
  assert.equal(pace.at(10), 10);
  assert.equal(pace.at(60_000), 21);
  pace.end();
});

test('an interruption ends the wait for a turn', async () => {
  const interruption = new AbortController();
  const pace = new Pace(0.001, interruption.signal);
  pace.took();
  const turn = pace.turn();
  interruption.abort(new Error('interrupted'));
  await assert.rejects(turn, /interrupted/);
});
