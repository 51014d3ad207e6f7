/** Ends a reading for which nothing has come for a time. */
import { KtError } from '../../base/errors.ts';
import { timerMs } from '../../base/pause.ts';
import { exactDuration } from '../../base/units.ts';

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
    this.#timer = setTimeout(() => this.#over.abort(new Error(`nothing came for ${this.#ms} ms`)), timerMs(this.#ms));
  }

  /** Stops the time. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

/** A reading with an end that ends because nothing comes was not read to that end. */
export function endNotReached(idleTimeoutMs: number): KtError {
  return new KtError('connection', `the end was not reached (nothing came for ${exactDuration(idleTimeoutMs)})`, {
    code: 'REQUEST_TIMED_OUT',
    hint: 'give it longer with --idle-timeout, or leave that out: a reading with an end ends there',
  });
}
