import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime } from '../../../src/base/iso-time.ts';

test('a time that no date is known for is shown as its number', () => {
  assert.equal(isoTime(1_795_766_984_123), '2026-11-27T08:09:44.123Z');
  assert.equal(isoTime(-5n), '1969-12-31T23:59:59.995Z');
  assert.equal(isoTime(8_640_000_000_000_000n), '+275760-09-13T00:00:00.000Z');
  assert.equal(isoTime(8_640_000_000_000_001n), '8640000000000001');
  assert.equal(isoTime(1_795_766_984_000_000_123n), '1795766984000000123');
  assert.equal(isoTime(-9_223_372_036_854_775_808n), '-9223372036854775808');
});
