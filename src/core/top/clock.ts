/** Time as `kt top` sees it: in one place, so that tests can let it pass. */
import { pause } from '../../base/pause.ts';

export interface Clock {
  /** In ms, of a clock that only goes forward. */
  now(): number;
  /** Epoch ms. */
  wall(): number;
  /** Rejects with the signal's reason when it is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = { now: () => performance.now(), wall: () => Date.now(), pause };
