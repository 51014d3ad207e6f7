/** The line of a progress bar. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter } from '../../../src/render/meter.ts';

test('the bar tells how much is done, how fast it goes and how long it will take', () => {
  const meter = new Meter(10_000, 'records', 0);
  assert.equal(meter.advance(2_500, 1_000), `${'█'.repeat(6)}${'░'.repeat(18)}  25%  2,500 records/s  3s left`);
  assert.equal(meter.advance(100, 1_050), undefined, 'too soon to be drawn again');
  assert.equal(meter.advance(7_400, 4_000), `${'█'.repeat(24)} 100%  2,500 records/s  0s left`);
});

test('bytes are told in units, long times in minutes and hours', () => {
  const minutes = new Meter(100 * 2 ** 20, 'bytes', 0);
  assert.equal(minutes.advance(2 ** 20, 1_000), `${'░'.repeat(24)}   1%  1MiB/s  1m 39s left`);
  assert.match(new Meter(7200, 'records', 0).advance(1, 1_000)!, / {2}1 records\/s {2}1h 59m left$/);
});

test('work that turns out larger or of no size fills the bar and stays there', () => {
  assert.match(new Meter(10, 'records', 0).advance(20, 1_000)!, / 100% {2}20 records\/s {2}0s left$/);
  assert.match(new Meter(0, 'records', 0).advance(0, 1_000)!, / 100% {2}0 records\/s$/);
});
