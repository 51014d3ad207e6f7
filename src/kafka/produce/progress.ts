/** Waiting for a producer that works in the background: until it makes progress, fails for good or is interrupted. */
import { KtError } from '../../base/errors.ts';

export class ProducerProgress {
  readonly #signal: AbortSignal;
  #waiters: (() => void)[] = [];
  /** What ended the producer: the first failure. */
  #failure: unknown;
  #ending = new AbortController();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Aborted, with the failure as its reason, when the producer fails for good: for what waits for something else meanwhile. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** Resolves when something was answered; rejects with what ended the producer, or with the signal's reason. */
  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      if (this.#signal.aborted) return reject(this.#signal.reason);
      const onAbort = () => reject(this.#signal.reason);
      this.#signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(() => {
        this.#signal.removeEventListener('abort', onAbort);
        if (this.#failure === undefined) resolve();
        else reject(this.#failure);
      });
    });
  }

  /** @throws what ended the producer, if something did */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Wakes all who wait. */
  made(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  /** Ends the producer. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#ending.abort(this.#failure);
    this.made();
  }

  /** Forgets a failure that an aborted transaction took with it; a defect of kt's own stays. */
  recover(): void {
    if (!(this.#failure instanceof KtError) || this.#failure.kind === 'bug') return;
    this.#failure = undefined;
    this.#ending = new AbortController();
  }
}
