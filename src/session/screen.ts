/** The terminal as live output uses it: its size, keys and Ctrl-C. */
import type { Io } from '../io.ts';
import type { Screen } from '../render/screen.ts';

/** @param interrupt ends the run, as Ctrl-C does */
export function screenOf(io: Io, interrupt: () => void): Screen {
  return {
    size: () => ({ columns: io.columns(), lines: io.lines() }),
    onResize: (listener) => io.onSignal('SIGWINCH', listener),
    onKey(listener) {
      if (!io.terminal.stdin) return () => {};
      const stdin = io.stdin as Io['stdin'] & { setRawMode?(raw: boolean): void };
      const read = (chunk: Buffer | string): void => {
        for (const key of chunk.toString()) listener(key);
      };
      stdin.setRawMode?.(true);
      stdin.on('data', read);
      return () => {
        stdin.off('data', read);
        stdin.setRawMode?.(false);
        stdin.pause();
      };
    },
    interrupt,
  };
}
