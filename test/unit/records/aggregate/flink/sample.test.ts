import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sample } from '../../../../../src/records/aggregate/flink/sample.ts';

const sample = new Sample([
  { a: 1, b: 'x', c: true, d: 1.5, deep: { e: 'y' }, list: [1], when: '2026-01-01T00:00:00Z' },
  { a: 2, b: null, big: 2n ** 60n, mixed: 'x', deep: 5, when: 7 },
  { mixed: 1, huge: 2n ** 70n, when: '2026-01-01 00:00:00.123456Z', wide: 2n ** 60n },
  { wide: 0.5 },
  'text',
  null,
]);

test('numbers are DOUBLE, and BIGINT where a double would round them', () => {
  assert.equal(sample.typeOf(['a']), 'DOUBLE');
  assert.equal(sample.typeOf(['d']), 'DOUBLE');
  assert.equal(sample.typeOf(['big']), 'BIGINT');
  assert.equal(sample.typeOf(['huge']), 'DOUBLE');
  assert.throws(() => sample.typeOf(['wide']), /value\.wide has integers beyond 2\^53, and fractions/);
});

test('texts, truth values, fields of objects, and what no record has', () => {
  assert.equal(sample.typeOf(['b']), 'STRING');
  assert.equal(sample.typeOf(['c']), 'BOOLEAN');
  assert.equal(sample.typeOf(['deep', 'e']), 'STRING');
  assert.equal(sample.typeOf(['nothing']), undefined);
  assert.equal(sample.typeOf(['toString']), undefined);
  assert.throws(() => sample.typeOf(['list']), /value\.list is a list/);
  assert.throws(() => sample.typeOf(['mixed']), /value\.mixed is a text in some records and a number in others/);
});

test('what is null, what has no fields, and what is a time', () => {
  assert.equal(sample.hasNulls(['b']), true);
  assert.equal(sample.hasNulls(['a']), false);
  assert.equal(sample.withoutFields, 2);
  assert.equal(sample.isUtcTime(['when']), true);
  assert.equal(sample.isUtcTime(['b']), false);
});
