/** Damaged Avro made by mutation; `test/fuzz/avro.ts` makes much more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzAvro } from '../../../fuzz/avro.ts';

test('damaged payloads, texts and schemas are refused, and nothing else happens', (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { read, refused } = fuzzAvro(4_000, seed);
  assert.ok(read > 100 && refused > 100, `${read} read, ${refused} refused`);
});
