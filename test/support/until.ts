/** Waits for a condition: checks it again and again, up to a deadline, more seldom the longer it takes: a condition may cost a process. */
import { setTimeout as delay } from 'node:timers/promises';

/** @throws {Error} naming the condition if it is not true in time; a condition that throws ends the wait too. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  timeoutMs = 60_000,
): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    const waited = performance.now() - start;
    if (waited > timeoutMs) throw new Error(`waited ${timeoutMs / 1000} s for: ${typeof what === 'string' ? what : what()}`);
    await delay(Math.min(100, Math.max(5, waited / 10)));
  }
}
