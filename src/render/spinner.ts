/** A spinner on stderr for longer work; it is erased before anything else is written. */
import type { Progress } from '../base/progress.ts';

const patienceMs = 200;

export interface Spinner extends Progress {
  /** Erases the spinner until its next turn, before other text is written. */
  clear(): void;
}

/** Appears after 200 ms; ora is loaded only then. */
export function spinner(text: string, color: boolean): Spinner {
  let words = text;
  let stopped = false;
  let shown: import('ora').Ora | undefined;
  const timer = setTimeout(async () => {
    const { default: ora } = await import('ora');
    if (stopped) return;
    // discardStdin would swallow input for a command that reads stdin.
    shown = ora({
      text: words,
      stream: process.stderr,
      discardStdin: false,
      ...(color ? {} : { color: false as const }),
    }).start();
  }, patienceMs);
  timer.unref();
  return {
    update(next) {
      words = next;
      if (shown) shown.text = next;
    },
    clear() {
      shown?.clear();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      shown?.stop();
    },
  };
}
