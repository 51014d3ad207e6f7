/** What measures come to, however values are spread, ordered, merged and saved in between. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExactJson } from '../../../../src/base/json/exact-json.ts';
import { exactJsonText, parseExactJson } from '../../../../src/base/json/exact-json.ts';
import { exactNumber, identityOf } from '../../../../src/records/aggregate/group-key.ts';
import { type Accumulator, JsonText, type Measurable } from '../../../../src/records/aggregate/measures/accumulator.ts';
import { isMeasurable, makeAccumulator } from '../../../../src/records/aggregate/measures/index.ts';
import type { MeasureKind } from '../../../../src/records/aggregate/spec.ts';
import { randomOf } from '../../../fuzz/random.ts';

function gathered(kind: MeasureKind, values: readonly Measurable[]): Accumulator {
  const accumulator = makeAccumulator(kind);
  for (const value of values) accumulator.add(value);
  return accumulator;
}

function resultOf(kind: MeasureKind, values: readonly Measurable[]): unknown {
  return gathered(kind, values).result();
}

/** As a changelog keeps it. */
function savedAndRead(kind: MeasureKind, accumulator: Accumulator): Accumulator {
  return makeAccumulator(kind, parseExactJson(exactJsonText(accumulator.state())) as ExactJson);
}

test('sums of integers are exact beyond what a number holds', () => {
  const largest = 9_007_199_254_740_991;
  assert.equal(resultOf('sum', [largest, largest, 2]), 18_014_398_509_481_984n);
  assert.equal(resultOf('sum', [9_223_372_036_854_775_807n, 9_223_372_036_854_775_807n]), 18_446_744_073_709_551_614n);
  assert.equal(resultOf('sum', [largest, largest, -largest]), largest);
  assert.equal(resultOf('sum', [2n ** 70n, -(2n ** 70n)]), 0);
});

test('sums of other numbers lose nothing to rounding', () => {
  assert.equal(resultOf('sum', Array(10).fill(0.1)), 1);
  assert.equal(resultOf('sum', [1e100, 1, -1e100, 0.5]), 1.5);
  assert.equal(resultOf('sum', [0.5, 9_007_199_254_740_993n]), 9_007_199_254_740_994);
  assert.equal(resultOf('sum', [1.5e308, 1.5e308]), Number.POSITIVE_INFINITY, 'which the result then says');
  assert.equal(resultOf('avg', [1, 2, 4.5]), 2.5);
});

test('where nothing was measured, there is nothing to tell', () => {
  for (const kind of ['sum', 'avg', 'min', 'max', 'p50', 'p99'] as const) assert.equal(resultOf(kind, []), null, kind);
  assert.equal(resultOf('distinct', []), 0);
  assert.equal(resultOf('count', []), 0);
});

test('smallest and largest: numbers by size, texts by characters, numbers before texts', () => {
  const values = ['b', 3, 9_007_199_254_740_993n, 'a', -1.5];
  assert.equal(resultOf('min', values), -1.5);
  assert.equal(resultOf('max', values), 'b');
  assert.equal(resultOf('max', [1, 9_007_199_254_740_993n, 9_007_199_254_740_992]), 9_007_199_254_740_993n);
  assert.equal(resultOf('min', ['b', 'a']), 'a');
});

test('distinct tells kinds of values apart, and lists and objects by their JSON', () => {
  assert.equal(resultOf('distinct', [1, '1', true, 'true', 1, 'x', new JsonText('[1]'), new JsonText('[1]'), '[1]']), 7);
});

test('distinct is exact up to 1,000 values, and an estimate within a few percent beyond', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `user-${index % count}`);
  assert.equal(resultOf('distinct', [...numbered(1_000), ...numbered(1_000)]), 1_000);
  for (const count of [1_001, 5_000, 50_000, 300_000]) {
    const estimate = resultOf('distinct', numbered(count)) as number;
    assert.ok(Math.abs(estimate - count) / count < 0.03, `${estimate} for ${count}`);
  }
});

test('percentiles are interpolated up to 1,000 values, and within half a percent beyond', () => {
  assert.equal(resultOf('p50', [4, 1, 3, 2]), 2.5);
  assert.equal(resultOf('p95', [1, 2, 3]), 2.9);
  assert.equal(resultOf('p99', [7]), 7);
  const random = randomOf(1);
  const values = Array.from({ length: 40_000 }, () => (random() - 0.3) * 10 ** (random() * 12 - 3));
  const sorted = values.toSorted((a, b) => a - b);
  for (const [kind, q] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    const right = sorted[Math.floor(q * (sorted.length - 1))]!;
    const found = resultOf(kind, values) as number;
    assert.ok(Math.abs(found - right) <= Math.abs(right) * 0.00501, `${kind}: ${found} for ${right}`);
  }
});

test('the same values come to the same, in any order, from any parts, and with state saved in between', () => {
  const random = randomOf(7);
  const kinds = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'p50', 'p95', 'p99'] as const;
  for (let turn = 0; turn < 60; turn++) {
    const count = Math.floor(random() * (turn % 3 === 0 ? 4_000 : 40));
    // Quarters, whose sums are exact.
    const values = Array.from({ length: count }, () => Math.floor(random() * 1e6) / 4);
    for (const kind of kinds) {
      const whole = resultOf(kind, values);
      const parts = [makeAccumulator(kind), makeAccumulator(kind), makeAccumulator(kind)];
      for (const value of values.toSorted(() => random() - 0.5)) parts[Math.floor(random() * 3)]!.add(value);
      const [first, second, third] = parts.map((part) => savedAndRead(kind, part)) as [Accumulator, Accumulator, Accumulator];
      second.merge(third);
      first.merge(savedAndRead(kind, second));
      assert.equal(first.result(), whole, `${kind} of ${count} values`);
    }
  }
});

test('integers beyond 2^53 come to the same with state saved in between', () => {
  for (const count of [3, 1_200]) {
    const values = Array.from({ length: count }, (_, index) => 2 ** 53 + 2 * index);
    for (const kind of ['sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'] as const) {
      const half = savedAndRead(kind, gathered(kind, values.slice(0, count / 2)));
      for (const value of values.slice(count / 2)) half.add(value);
      assert.equal(Number(half.result()), Number(resultOf(kind, values)), `${kind} of ${count}`);
    }
  }
});

test('an integer is the same, written with an exponent or with all digits', () => {
  assert.equal(exactNumber(1e17), 100_000_000_000_000_000n);
  assert.equal(exactNumber(-1e20), -(10n ** 20n));
  for (const value of [5, 0.5, 2 ** 53 - 1, 1e21, -0.25]) assert.equal(exactNumber(value), value);
  assert.equal(identityOf(1e17), identityOf(100_000_000_000_000_000n));
});

test('values that a measure does not take', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.ok(!isMeasurable('sum', value) && !isMeasurable('distinct', value));
  }
  assert.ok(!isMeasurable('sum', '12') && !isMeasurable('p95', true) && !isMeasurable('max', {}));
  assert.ok(isMeasurable('max', '12') && isMeasurable('distinct', {}) && isMeasurable('avg', 2n ** 63n));
});
