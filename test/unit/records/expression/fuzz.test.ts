/** Expressions made at random; `test/fuzz/expressions.ts` runs many more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzExpressions } from '../../../fuzz/expressions.ts';

test('whatever is typed is refused or evaluated, within a second, and reaches nothing but the record', async (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { compiled, refused } = await fuzzExpressions(2_000, seed);
  assert.ok(compiled > 100 && refused > 100, `${compiled} compiled, ${refused} refused`);
});
