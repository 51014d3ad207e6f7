/** Results as people read them: times with their zone, keys as they are, measures by name. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resultText } from '../../../../src/commands/aggregate/text.ts';
import type { AggregateRow } from '../../../../src/records/aggregate/results.ts';

const zone = process.env.TZ;
before(() => {
  process.env.TZ = 'Europe/Zurich';
});
after(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

function textOf(row: Partial<AggregateRow>, isGrouped = false): string {
  const whole = { windowStart: null, windowEnd: null, key: null, ...row };
  return resultText({ row: whole, value: whole, isGrouped });
}

test('windows with the zone of the machine', () => {
  const at = (text: string) => Date.parse(text);
  assert.equal(
    textOf({
      windowStart: at('2026-11-27T08:21:00Z'),
      windowEnd: at('2026-11-27T08:22:00Z'),
      key: 'books',
      count: 3,
      sum: null,
    }),
    '2026-11-27 09:21:00 - 09:22:00 +01:00  books  count=3  sum=-',
  );
  assert.equal(
    textOf({ windowStart: at('2026-11-27T22:59:59.5Z'), windowEnd: at('2026-11-27T23:00:00Z') }),
    '2026-11-27 23:59:59.500 - 2026-11-28 00:00:00 +01:00',
  );
  assert.equal(
    textOf({ windowStart: at('2026-10-25T00:30:00Z'), windowEnd: at('2026-10-25T01:30:00Z') }),
    '2026-10-25 02:30:00 +02:00 - 2026-10-25 02:30:00 +01:00',
    'when the clock is put back',
  );
});

test('keys that are no text, and large numbers, as JSON', () => {
  assert.equal(textOf({ key: ['a', 1], sum: 18_446_744_073_709_551_614n }), '["a",1]  sum=18446744073709551614');
});

test('records without a key are a group of their own, where there are groups', () => {
  assert.equal(textOf({ count: 2 }, true), 'null  count=2');
  assert.equal(textOf({ count: 2 }), 'count=2');
});

test('what --value gives, as it is', () => {
  const row = { windowStart: null, windowEnd: null, key: null };
  assert.equal(resultText({ row, value: 'plain', isGrouped: true }), 'plain');
  assert.equal(resultText({ row, value: { a: 9_007_199_254_740_993n }, isGrouped: false }), '{"a":9007199254740993}');
  assert.equal(resultText({ row, value: null, isGrouped: false }), 'null');
});
