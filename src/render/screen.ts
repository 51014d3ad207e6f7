/** The terminal as a live view sees it. */

/** What a live view needs of the terminal. */
export interface Screen {
  size(): { readonly columns: number; readonly lines: number };
  /** Calls back when the window's size changes, until the returned function is called. */
  onResize(listener: () => void): () => void;
  /**
   * Calls back with what the terminal sends, as it comes (parts of keys, or several at once), which is not echoed, until the returned
   * function is called; does nothing if stdin is not a terminal.
   */
  onInput(listener: (chunk: Buffer | string) => void): () => void;
  /** Whether it shows more than ASCII, as the locale says. */
  readonly unicode: boolean;
  /** How long the rest of a key's sequence may take to come, in ms. */
  readonly escapeMs: number;
  /** Does what Ctrl-C does; while keys are read, Ctrl-C raises no signal. */
  interrupt(): void;
  /** What Ctrl-Z does, for the same reason. */
  stop(): void;
  /**
   * Calls `leave` before the process is stopped (SIGTSTP), and `enter` when it goes on, until the returned function is called. A process
   * that was stopped without notice (SIGSTOP) is only told that it goes on.
   */
  onStop(leave: () => void, enter: () => void): () => void;
}
