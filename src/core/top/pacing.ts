/** The one queue that every request of `kt top` passes: at most so many a second and broker, whoever asks. */
import type { Clock } from './clock.ts';

/** What the documentation promises. */
export const requestsPerSecond = 2;

/** A little more than a second, since neither timers nor networks are exact. */
const windowMs = 1_020;
const shownWindowMs = 10_000;

export class Pacing {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** When requests were, or will be, sent to each broker; oldest first. */
  readonly #times = new Map<number, number[]>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /**
   * Resolves when one more request may be sent; the turns of a broker come in the order asked for.
   * @param brokers the broker that it is sent to, or all those it may be sent to: it counts for each
   */
  async turn(brokers: readonly number[]): Promise<void> {
    const now = this.#clock.now();
    let at = now;
    for (const broker of brokers) {
      const before = this.#times.get(broker)?.at(-requestsPerSecond);
      if (before !== undefined) at = Math.max(at, before + windowMs);
    }
    for (const broker of brokers) this.#add(broker, at, now);
    if (at > now) await this.#clock.pause(at - now, this.#signal);
  }

  /** Requests per second over the last ten seconds: in all, and to the broker that got most. */
  rates(): { readonly all: number; readonly busiest: number } {
    const now = this.#clock.now();
    const counts = [...this.#times.values()].map(
      (times) => times.filter((at) => at <= now && at > now - shownWindowMs).length / (shownWindowMs / 1000),
    );
    return { all: counts.reduce((sum, each) => sum + each, 0), busiest: Math.max(0, ...counts) };
  }

  #add(broker: number, at: number, now: number): void {
    const times = this.#times.get(broker) ?? [];
    // Whoever waits for several brokers may come after one that asked later.
    times.push(at);
    times.sort((a, b) => a - b);
    while (times[0]! < now - shownWindowMs) times.shift();
    this.#times.set(broker, times);
  }
}
