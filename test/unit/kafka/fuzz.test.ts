/** Answers damaged at random; `test/fuzz/answers.ts` runs many more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzAnswers } from '../../fuzz/answers.ts';

for (const seed of [1, Math.floor(Math.random() * 2 ** 31)]) {
  test('whatever a broker answers is read, or refused as what it is, in time and within memory', async (during) => {
    during.diagnostic(`seed ${seed}`);
    const { read, refused } = await fuzzAnswers(4_000, seed);
    assert.ok(read > 100 && refused > 1_000, `${read} read, ${refused} refused`);
  });
}
