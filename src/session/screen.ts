/** The terminal as live output uses it: its size, keys and Ctrl-C. */
import type { Io } from '../io.ts';
import type { Screen } from '../render/screen.ts';

/** Shorter than a person notices. */
const settleMs = 50;

const localEscapeMs = 25;
const remoteEscapeMs = 100;

/** @param interrupt ends the run, as Ctrl-C does */
export function screenOf(io: Io, interrupt: () => void): Screen {
  return {
    size: () => ({ columns: io.columns(), lines: io.lines() }),
    onResize: (listener) => io.onSignal('SIGWINCH', listener),
    onInput: (listener) => readTerminal(io, listener),
    unicode: /utf-?8/i.test(io.env['LC_ALL'] || io.env['LC_CTYPE'] || io.env['LANG'] || 'UTF-8'),
    escapeMs: io.env['SSH_CONNECTION'] ? remoteEscapeMs : localEscapeMs,
    interrupt,
    stop: () => io.stop(),
    onStop(leave, enter) {
      let over = false;
      let unlisten = io.onSignal('SIGTSTP', stopped);
      function stopped(): void {
        leave();
        // Without a listener the signal does what it does by default: it stops the process, or nothing where no shell could continue it.
        unlisten();
        io.stop();
        // Other threads may run a little further before all of them are stopped.
        setTimeout(goneOn, settleMs);
      }
      function goneOn(): void {
        if (over) return;
        unlisten();
        unlisten = io.onSignal('SIGTSTP', stopped);
        enter();
      }
      const unlistenContinued = io.onSignal('SIGCONT', goneOn);
      return () => {
        over = true;
        unlisten();
        unlistenContinued();
      };
    },
  };
}

/** Reads what is typed, without echo, until the returned function is called; does nothing if stdin is no terminal. */
function readTerminal(io: Io, listener: (chunk: Buffer | string) => void): () => void {
  if (!io.terminal.stdin) return () => {};
  const stdin = io.stdin as Io['stdin'] & { setRawMode?(raw: boolean): void };
  // A terminal that was closed: SIGHUP tells of it.
  const ignore = (): void => {};
  stdin.setRawMode?.(true);
  stdin.on('data', listener).on('error', ignore);
  stdin.resume();
  return () => {
    stdin.off('data', listener).off('error', ignore);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
}
