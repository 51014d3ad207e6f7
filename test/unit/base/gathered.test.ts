/** Gathering until a time is over. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { gatheredWithin } from '../../../src/base/gathered.ts';

test('what is found before the time is over is kept, and nothing else is waited for', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    let giveLate = (_found: readonly string[]): void => {};
    const late = new Promise<readonly string[]>((resolve) => {
      giveLate = resolve;
    });
    let isOver = false;
    const gathering = gatheredWithin<string>(450, async (add) => {
      add(['a', 'b']);
      add(await late);
    }).finally(() => {
      isOver = true;
    });
    mock.timers.tick(449);
    await Promise.resolve();
    assert.equal(isOver, false);
    mock.timers.tick(1);
    const gathered = await gathering;
    assert.deepEqual(gathered, ['a', 'b']);
    giveLate(['c']);
    await late;
    assert.deepEqual(gathered, ['a', 'b']);
  } finally {
    mock.timers.reset();
  }
});

test('work that ends or fails ends the wait', async () => {
  assert.deepEqual(await gatheredWithin(60_000, async (add) => add([1])), [1]);
  const failing = async (add: (found: readonly number[]) => void) => {
    add([1]);
    throw new Error('refused');
  };
  assert.deepEqual(await gatheredWithin(60_000, failing), [1]);
});

test('where no time is left nothing is waited for', async () => {
  assert.deepEqual(await gatheredWithin(-100, () => new Promise(() => {})), []);
});
