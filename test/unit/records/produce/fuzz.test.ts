/** Input made by mutation; `test/fuzz/input.ts` makes much more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzInput } from '../../../fuzz/input.ts';

test('whatever the input is, each line is read or refused by its number, and no good line before it is lost', async (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { read, refused } = await fuzzInput(2_000, seed);
  assert.ok(read > 100 && refused > 100, `${read} read, ${refused} refused`);
});
