import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from '../../../../src/commands/lag/watch-view.ts';
import type { LagSample } from '../../../../src/core/lag/verdicts.ts';
import { ratesOf } from '../../../../src/core/lag/watch.ts';

const sample = (atMs: number, committedOffset: bigint | null, endOffset: bigint): LagSample => ({
  atMs,
  committedOffset,
  endOffset,
  lag: endOffset - (committedOffset ?? 0n),
  owned: true,
});

test('rates are records per second, and the time to catch up follows from them', () => {
  const samples = [sample(0, 0n, 1000n), sample(2000, 100n, 1020n), sample(4000, 400n, 1040n)];
  assert.deepEqual(ratesOf(samples), { inPerSecond: 10, outPerSecond: 100, catchUpSeconds: 7 });
});

test('a lag that does not fall has no time to catch up; no lag needs none', () => {
  assert.deepEqual(ratesOf([sample(0, 0n, 10n), sample(1000, 1n, 30n)]), {
    inPerSecond: 20,
    outPerSecond: 1,
    catchUpSeconds: null,
  });
  assert.equal(ratesOf([sample(0, 10n, 10n), sample(1000, 10n, 10n)]).catchUpSeconds, 0);
});

test('one sample has no rates, and gaps are stepped over', () => {
  assert.deepEqual(ratesOf([sample(0, 0n, 10n)]), { inPerSecond: null, outPerSecond: null, catchUpSeconds: null });
  const gap = { atMs: 1000, committedOffset: null, endOffset: null, lag: null, owned: false };
  assert.equal(ratesOf([sample(0, 0n, 10n), gap, sample(2000, 0n, 30n)]).inPerSecond, 10);
});

test('a topic made anew, and a first commit, begin the rates anew', () => {
  const anew = [sample(0, 900n, 1000n), sample(2000, 0n, 10n), sample(4000, 10n, 30n)];
  assert.deepEqual(ratesOf(anew), { inPerSecond: 10, outPerSecond: 5, catchUpSeconds: null });
  const begun = [sample(0, null, 1000n), sample(2000, 100n, 1000n), sample(4000, 400n, 1000n)];
  assert.deepEqual(ratesOf(begun), { inPerSecond: 0, outPerSecond: 150, catchUpSeconds: 4 });
  assert.equal(ratesOf([sample(0, null, 10n), sample(2000, null, 30n)]).outPerSecond, null);
});

test('a sparkline goes from nothing to the highest lag, with a gap where it was not known', () => {
  assert.equal(sparkline([0n, 1n, 50n, 100n, null, 0n]), '▁▂▅█ ▁');
  assert.equal(sparkline([0n, 0n]), '▁▁');
  assert.equal(sparkline(Array.from({ length: 50 }, () => 5n)).length, 20);
});
