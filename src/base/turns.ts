/** Lets the event loop turn during long work: only then are signals heard, sockets read and timers called. */

/** How long work may go on before others have their turn, in milliseconds. */
export const turnMs = 100;

/** The turns of one piece of work. */
export class Turns {
  #lastAt = performance.now();

  /** Resolves once the others had their turn; undefined where they had it a moment ago. */
  give(): Promise<void> | undefined {
    if (performance.now() - this.#lastAt < turnMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#lastAt = performance.now();
        resolve();
      });
    });
  }
}
