/** Records that brokers refused are known again, and no others are taken for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusals } from '../../../../src/records/pipe/refusals.ts';

test('a refused record is known by its topic, partition and offset together', () => {
  const refusals = new Refusals();
  const large = { topic: 'orders', partition: 0, offset: 7 };
  const other = { topic: 'users', partition: 3, offset: 7 };
  refusals.add(large, 'too large');
  refusals.add(other, 'too old');
  assert.equal(refusals.of({ ...large }), 'too large');
  assert.equal(refusals.of({ ...other }), 'too old');
  for (const near of [{ topic: 'users' }, { partition: 1 }, { offset: 8 }])
    assert.equal(refusals.of({ ...large, ...near }), undefined);
});

test('it is forgotten when the transaction in which it came again is committed, and no sooner', () => {
  const refusals = new Refusals();
  const [first, second] = [7, 8].map((offset) => ({ topic: 'orders', partition: 0, offset }));
  refusals.add(first!, 'too large');
  refusals.add(second!, 'too old');
  assert.equal(refusals.of(first!), 'too large');
  refusals.undone();
  refusals.committed();
  assert.equal(refusals.of(first!), 'too large', 'it comes once more after the transaction was aborted');
  refusals.committed();
  assert.equal(refusals.of(first!), undefined);
  assert.equal(refusals.of(second!), 'too old', 'it has not come yet');
});
