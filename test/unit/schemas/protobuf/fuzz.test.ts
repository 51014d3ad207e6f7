/** Damaged Protobuf made by mutation; `test/fuzz/protobuf.ts` makes much more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzProtobuf } from '../../../fuzz/protobuf.ts';

test('damaged payloads, texts and schemas are refused, and nothing else happens', async (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { read, refused } = await fuzzProtobuf(2_000, seed);
  assert.ok(read > 100 && refused > 100, `${read} read, ${refused} refused`);
});
