/** The one queue that every request of `kt top` passes: at most so many a second and broker, whoever asks. */
import type { Clock } from './clock.ts';

/** What the documentation promises. */
export const requestsPerSecond = 2;

/** A little more than a second, since neither timers nor networks are exact. */
const windowMs = 1_020;
const shownWindowMs = 10_000;

/** When a request was sent, or is to be sent. */
interface Turn {
  at: number;
}

export class Pacing {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** The turns of each broker, in their order. */
  readonly #turns = new Map<number, Turn[]>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /**
   * Resolves when one more request may be sent; the turns of a broker come in the order asked for.
   * @param brokers the broker that it is sent to, or all those it may be sent to: it counts for each
   */
  async turn(brokers: readonly number[]): Promise<void> {
    const turn: Turn = { at: this.#clock.now() };
    for (const broker of brokers) this.#add(broker, turn);
    for (;;) {
      turn.at = Math.max(this.#clock.now(), ...brokers.map((broker) => this.#earliest(broker, turn)));
      const waitMs = turn.at - this.#clock.now();
      if (waitMs <= 0) return;
      // On a busy machine those before it may come later than planned: it then waits for longer.
      await this.#clock.pause(waitMs, this.#signal);
    }
  }

  /** Requests per second over the last ten seconds: in all, and to the broker that got most. */
  rates(): { readonly all: number; readonly busiest: number } {
    const now = this.#clock.now();
    const counts = [...this.#turns.values()].map(
      (turns) => turns.filter(({ at }) => at <= now && at > now - shownWindowMs).length / (shownWindowMs / 1000),
    );
    return { all: counts.reduce((sum, each) => sum + each, 0), busiest: Math.max(0, ...counts) };
  }

  /** When a turn may be at the earliest: a window after the one that is so many turns before it. */
  #earliest(broker: number, turn: Turn): number {
    const turns = this.#turns.get(broker)!;
    const before = turns[turns.indexOf(turn) - requestsPerSecond];
    return before ? before.at + windowMs : Number.NEGATIVE_INFINITY;
  }

  #add(broker: number, turn: Turn): void {
    const turns = this.#turns.get(broker) ?? [];
    this.#turns.set(broker, turns);
    turns.push(turn);
    while (turns[0]!.at < turn.at - shownWindowMs) turns.shift();
  }
}
