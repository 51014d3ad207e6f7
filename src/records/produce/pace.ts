/** A steady rate: records at even intervals, however fast the input comes. */
import { pause } from '../../base/pause.ts';

/** How much of a late timer's delay is made up for: less would lower the rate, more would cause a burst after a stall. */
const slackMs = 20;

export class Pace {
  readonly #intervalMs: number;
  readonly #signal: AbortSignal;
  /** When the next record may go. */
  #dueAt = performance.now();

  constructor(recordsPerSecond: number, signal: AbortSignal) {
    this.#intervalMs = 1000 / recordsPerSecond;
    this.#signal = signal;
  }

  /** How long until the next record may go, in ms. */
  get leftMs(): number {
    return Math.max(0, this.#dueAt - performance.now());
  }

  /** Whether it is too early for the next record. */
  get isEarly(): boolean {
    return this.leftMs > 0;
  }

  /** Resolves when the next record may go, or rejects with the signal's reason. */
  async turn(): Promise<void> {
    while (this.isEarly) await pause(Math.ceil(this.leftMs), this.#signal);
  }

  /** Counts a record that went. */
  took(): void {
    this.#dueAt = Math.max(this.#dueAt, performance.now() - slackMs) + this.#intervalMs;
  }
}
