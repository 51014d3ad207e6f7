/** Properties files made at random; `test/fuzz/properties.ts` makes many more, and compares them with Java's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzProperties } from '../../fuzz/properties.ts';

test('whatever stands in a properties file is read, or refused with its line', (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { read, refused } = fuzzProperties(2_000, seed, false);
  assert.ok(read > 500 && refused > 100, `${read} read, ${refused} refused`);
});
