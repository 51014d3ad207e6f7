/** Waits for a condition: checks it again and again, up to a deadline. */
import { setTimeout as delay } from 'node:timers/promises';

/** @throws {Error} naming the condition if it is not true in time; a condition that throws ends the wait too. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs / 1000} s for: ${typeof what === 'string' ? what : what()}`);
    await delay(5);
  }
}
