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
