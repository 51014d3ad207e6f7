/** Numbers as people read them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { humanCell } from '../../../src/render/human.ts';

test('numbers are written for people by what they count', () => {
  assert.equal(humanCell(1_234_567n, 'count'), '1,234,567');
  assert.equal(humanCell(19_519_566, 'bytes'), '18.6MiB');
  assert.equal(humanCell(125.4, 'seconds'), '2m5s');
  assert.equal(humanCell(0, 'seconds'), '0s');
  assert.equal(humanCell(90_000, 'ms'), '1m30s');
  assert.equal(humanCell(1001, undefined), 1001);
  assert.equal(humanCell(null, 'bytes'), null);
});
