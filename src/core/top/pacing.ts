/** The one queue that every request of `kt top` passes: at most so many a second and broker, whoever asks. */
import type { Clock } from './clock.ts';

/** What the documentation promises. */
export const requestsPerSecond = 2;

/** A little more than a second, since neither timers nor networks are exact. */
const windowMs = 1_020;
const shownWindowMs = 10_000;

interface Turn {
  /** When its request was sent, or is to be sent. */
  at: number;
  /** Whether it was given and its request is not yet sent: a connection may have to be opened first. */
  isHeld: boolean;
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
   * @returns to be called when the request goes out, from when on it counts, or has failed; later calls do nothing
   */
  async turn(brokers: readonly number[]): Promise<() => void> {
    const turn: Turn = { at: this.#clock.now(), isHeld: false };
    for (const broker of brokers) this.#add(broker, turn);
    for (;;) {
      turn.at = Math.max(this.#clock.now(), ...brokers.map((broker) => this.#earliest(broker, turn, brokers.length === 1)));
      const waitMs = turn.at - this.#clock.now();
      if (waitMs <= 0) break;
      // On a busy machine those before it may come later than planned: it then waits for longer.
      await this.#clock.pause(waitMs, this.#signal);
    }
    // What may go to several brokers goes to one whose connection is open, so at once.
    turn.isHeld = brokers.length === 1;
    return () => {
      if (turn.isHeld) turn.at = this.#clock.now();
      turn.isHeld = false;
    };
  }

  /** Counts a request that was sent without a turn. @param at when */
  count(brokers: readonly number[], at: number): void {
    for (const broker of brokers) this.#add(broker, { at, isHeld: false });
  }

  /** Requests per second over the last ten seconds: in all, and to the broker that got most. */
  rates(): { readonly all: number; readonly busiest: number } {
    const now = this.#clock.now();
    const counts = [...this.#turns.values()].map(
      (turns) => turns.filter(({ at }) => at <= now && at > now - shownWindowMs).length / (shownWindowMs / 1000),
    );
    return { all: counts.reduce((sum, each) => sum + each, 0), busiest: Math.max(0, ...counts) };
  }

  /**
   * When a turn may be at the earliest: a window after the request that is so many turns before it was sent. One that waits for a connection
   * holds back what is for that broker, but nothing that others can answer.
   */
  #earliest(broker: number, turn: Turn, isOnly: boolean): number {
    const turns = this.#turns.get(broker)!;
    const before = turns[turns.indexOf(turn) - requestsPerSecond];
    if (!before) return Number.NEGATIVE_INFINITY;
    return (before.isHeld && isOnly ? this.#clock.now() : before.at) + windowMs;
  }

  #add(broker: number, turn: Turn): void {
    const turns = this.#turns.get(broker) ?? [];
    this.#turns.set(broker, turns);
    turns.push(turn);
    while (turns[0]!.at < turn.at - shownWindowMs && !turns[0]!.isHeld) turns.shift();
  }
}
