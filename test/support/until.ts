/** Waits for a condition: checks it again and again, up to a deadline, more seldom the longer it takes: a condition may cost a process. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** @throws {Error} naming the condition if it is not true in time; a condition that throws ends the wait too. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  timeoutMs = 120_000,
): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    const waited = performance.now() - start;
    if (waited > timeoutMs) throw new Error(`waited ${timeoutMs / 1000} s for: ${typeof what === 'string' ? what : what()}`);
    await delay(Math.min(100, Math.max(5, waited / 10)));
  }
}

/**
 * Waits until what is read equals this. Brokers follow the controller, and each other, with a delay: what one process has just changed,
 * another one may see a little later.
 * @throws {AssertionError} if it is still something else in the end
 */
export async function untilEqual(
  read: () => Promise<unknown>,
  expected: unknown,
  what?: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  const isOver = async () => {
    last = await read();
    return isDeepStrictEqual(last, expected) || performance.now() > deadline;
  };
  await until(isOver, 'equal', 2 * timeoutMs);
  assert.deepEqual(last, expected, what);
}
