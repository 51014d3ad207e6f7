/** The write that an interrupted run may be stuck in, because whoever reads its output has stopped reading. */
import { whenAborted } from '../base/pause.ts';

/** How long a write may still take after the run was asked to end. */
const lastWriteMs = 1_000;

/** Waits for a write; after an interruption, for a second at most, and then rejects with its reason: the write did not happen. */
export function unlessStuck(writing: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = (): void => {
      timer = setTimeout(() => reject(signal.reason), lastWriteMs);
    };
    const release = signal.aborted ? giveUp() : whenAborted(signal, giveUp);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      release?.();
      settle();
    };
    writing.then(
      () => end(resolve),
      (error) => end(() => reject(error)),
    );
  });
}
