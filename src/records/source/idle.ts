/** Ends a reading for which nothing has come for a time. */

/** The time counts while the reading waits for brokers, not while what came is being handled. */
export class IdleEnd {
  readonly #ms: number;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Starts the time, anew where it was running: the reading begins, or records came, wanted or not. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#over.abort(new Error(`nothing came for ${this.#ms} ms`)), this.#ms);
  }

  /** Stops the time. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
