import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { pause, whenAborted } from '../../../src/base/pause.ts';

test('an interruption ends every wait at once, with its reason', async () => {
  const command = new AbortController();
  const waits = Array.from({ length: 50 }, () => pause(60_000, command.signal));
  command.abort(new Error('interrupted'));
  for (const wait of waits) await assert.rejects(wait, { message: 'interrupted' });
  await assert.rejects(pause(0, command.signal), { message: 'interrupted' });
});

test('a wait of months does not end at once, as timers of months do', async () => {
  const command = new AbortController();
  const months = pause(90 * 24 * 3_600_000, command.signal).then(() => 'over');
  assert.equal(await Promise.race([months, pause(20, command.signal).then(() => 'waiting')]), 'waiting');
  command.abort(new Error('interrupted'));
  await assert.rejects(months, { message: 'interrupted' });
});

test('hundreds wait for one signal without a warning of a leak', async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on('warning', listener);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 300 }, () => pause(1, signal)));
  process.emitWarning('the last');
  await once(process, 'warning');
  process.off('warning', listener);
  assert.deepEqual(
    warnings.map(({ message }) => message),
    ['the last'],
  );
});

test('who no longer waits is not told', () => {
  const command = new AbortController();
  const told: string[] = [];
  const release = whenAborted(command.signal, () => told.push('released'));
  whenAborted(command.signal, () => told.push('waiting'));
  release();
  command.abort();
  assert.deepEqual(told, ['waiting']);
});
