import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { namePattern, namePatternAmong, unambiguous, unmatchedHint } from '../../../src/base/name-pattern.ts';
import { loadRegexFor } from '../../../src/base/regex/plain.ts';

await loadRegexFor(['(a+)+']);
const names = ['orders', 'orders-eu', 'orders.v1', 'ordersXv1', 'payments'];
const matching = (text: string) => names.filter((name) => namePattern(text).matches(name));

test('a name stands for itself only, its dots included', () => {
  assert.equal(namePattern('orders.v1').exact, true);
  assert.deepEqual(matching('orders.v1'), ['orders.v1']);
});

test('* and ? make a glob, in which a dot is a dot', () => {
  assert.deepEqual(matching('orders*'), ['orders', 'orders-eu', 'orders.v1', 'ordersXv1']);
  assert.deepEqual(matching('orders.*'), ['orders.v1']);
  assert.deepEqual(matching('orders?v1'), ['orders.v1', 'ordersXv1']);
});

test('other special characters, or slashes, make a regular expression for the whole name, as in Kafka', () => {
  assert.deepEqual(matching('orders(-eu)?'), ['orders', 'orders-eu']);
  assert.deepEqual(matching('/orders.*/'), ['orders', 'orders-eu', 'orders.v1', 'ordersXv1']);
  assert.deepEqual(matching('orders|payments'), ['orders', 'payments']);
  assert.deepEqual(matching('^pay'), []);
});

test('a broken regular expression is a usage error', () => {
  assert.throws(
    () => namePattern('orders-('),
    (error) =>
      error instanceof KtError && error.kind === 'usage' && /'orders-\(' \(not a regular expression: /.test(error.message),
  );
});

test('a pattern stands for the name that is its own text too, and can be written so that it does not', () => {
  for (const text of ['a+b', '*', 'x(1)', '/odd/', 'a[', 'two\nlines*']) {
    const others = ['aab', 'b', 'x1', 'odd', 'two\nlines!'];
    const { matches } = namePatternAmong(text, new Set([text]));
    assert.ok(matches(text), text);
    const { name } = unambiguous(text);
    assert.deepEqual([text, ...others].filter(namePattern(name).matches), [text], name);
  }
  assert.equal(namePatternAmong('a[', new Set(['a['])).exact, true);
  assert.throws(() => namePatternAmong('a[', new Set(['a'])), KtError);
  assert.deepEqual(['*', 'b'].filter(namePattern(unambiguous('*').pattern).matches), ['*', 'b']);
  assert.deepEqual(['a+b', 'aab'].filter(namePattern(unambiguous('a+b').pattern).matches), ['aab']);
});

test('a glob that finds nothing but was meant as a regular expression says how to write one', () => {
  assert.match(unmatchedHint(namePattern('payment.*'), names)!, /'\/payment\.\*\/'/);
  assert.equal(unmatchedHint(namePattern('nothing.*'), names), undefined);
  assert.equal(unmatchedHint(namePattern('*x'), names), undefined);
});
