/** Tokens that are kept: how long, for whom, and what happens when no new one is given. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptToken } from '../../../../src/base/oauth/kept-token.ts';

test('a token serves for four fifths of its life; who asks meanwhile waits for the same new one', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  let given = 0;
  const kept = new KeptToken(async () => ({ text: `token-${++given}`, lifeMs: 1_000 }));
  assert.deepEqual(await Promise.all([kept.current(), kept.current()]), ['token-1', 'token-1']);
  t.mock.timers.setTime(799);
  assert.equal(await kept.current(), 'token-1');
  t.mock.timers.setTime(801);
  assert.deepEqual(await Promise.all([kept.current(), kept.current()]), ['token-2', 'token-2']);
});

test('where no new one is given, the older one serves to its end, and then the failure is told', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  let fails = false;
  let asked = 0;
  const kept = new KeptToken(async () => {
    asked++;
    if (fails) throw new Error('closed');
    return { text: 'token', lifeMs: 100_000 };
  });
  await kept.current();
  fails = true;
  t.mock.timers.setTime(85_000);
  assert.equal(await kept.current(), 'token');
  assert.equal(await kept.current(), 'token');
  assert.equal(asked, 2, 'not again at once');
  t.mock.timers.setTime(96_000);
  assert.equal(await kept.current(), 'token');
  assert.equal(asked, 3);
  t.mock.timers.setTime(100_001);
  await assert.rejects(kept.current(), /closed/);
  fails = false;
  assert.equal(await kept.current(), 'token');
});

test('a token that was refused is not used again', async () => {
  let given = 0;
  const kept = new KeptToken(async () => ({ text: `token-${++given}`, lifeMs: 60_000 }));
  assert.equal(kept.forget(), false);
  await kept.current();
  assert.equal(kept.forget(), true);
  assert.equal(await kept.current(), 'token-2');
});
