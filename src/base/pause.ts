/** Waits that an interruption ends. */

/** Timers take no more than 24 days: one that is set to more ends at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What to set a timer to, so that it ends after so long or, beyond what a timer takes, earlier. */
export function timerMs(ms: number): number {
  return Math.min(ms, longestTimerMs);
}

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `end` when the signal is aborted later, until the returned function is called.
 * A signal gets one listener however many wait for it: hundreds of requests may, and Node warns about a leak from 11 listeners on.
 */
export function whenAborted(signal: AbortSignal, end: () => void): () => void {
  let ends = waiting.get(signal);
  if (!ends) {
    const all = new Set<() => void>();
    signal.addEventListener('abort', () => [...all].forEach((each) => void each()), { once: true });
    waiting.set(signal, all);
    ends = all;
  }
  ends.add(end);
  return () => ends.delete(end);
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      release();
      resolve();
    }, timerMs(ms));
    const release = whenAborted(signal, () => {
      clearTimeout(timer);
      release();
      reject(signal.reason);
    });
  });
}

/** The result, or undefined when it takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timerMs(ms), undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
