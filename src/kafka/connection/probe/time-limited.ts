/** A time limit for what has none of its own. */
import { whenAborted } from '../../../base/pause.ts';

/**
 * The result of the work, unless it takes longer or is interrupted.
 * @param late the error when it takes longer than `ms`
 * @throws `late()`, the reason of the signal, or what the work throws
 */
export function timeLimited<T>(work: Promise<T>, ms: number, signal: AbortSignal, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      release();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(late())), ms);
    const release = whenAborted(signal, () => end(() => reject(signal.reason)));
    work.then(
      (result) => end(() => resolve(result)),
      (error) => end(() => reject(error)),
    );
  });
}
