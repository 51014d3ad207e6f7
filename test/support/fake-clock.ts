/** A clock that a test lets run: timers fire in their order, and what waits for them goes on in between. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/core/top/clock.ts';

export interface FakeClock extends Clock {
  /** Lets this many ms pass. */
  pass(ms: number): Promise<void>;
}

export function fakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<{ at: number; fire: () => void }>();
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) await turn();
  };
  return {
    now: () => now,
    wall: () => 1_700_000_000_000 + now,
    pause(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const timer = { at: now + ms, fire: resolve };
        timers.add(timer);
        signal.addEventListener('abort', () => timers.delete(timer) && reject(signal.reason), { once: true });
      });
    },
    async pass(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = [...timers].sort((a, b) => a.at - b.at)[0];
        if (!next || next.at > until) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.fire();
        await settle();
      }
      now = until;
    },
  };
}
