/** The one queue that every request of `kt top` passes: at most so many a second and broker, whoever asks. */
import type { Clock } from './clock.ts';

/** What the documentation promises. */
export const requestsPerSecond = 2;

/**
 * A request is sent so long after the one that is two turns before it was sent: whatever happens between a turn and the sending, and in whichever order
 * requests then go out, no second has more than two. A tenth more than a second, since networks are not exact, and brokers are to see no more either.
 */
const windowMs = 1_100;
const shownWindowMs = 10_000;

interface Turn {
  /** When its request was sent; until then, when it may be: a connection may have to be opened first. */
  at: number;
  isSent: boolean;
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
   * @param brokers the broker that it is sent to, or, where that is not known before, all those it may be sent to: it counts for each
   * @returns to be called when the request goes out, from when on it counts, or has failed; later calls do nothing. Until then it holds back
   *   what is to be sent a window later
   */
  async turn(brokers: readonly number[]): Promise<() => void> {
    const turn: Turn = { at: this.#clock.now(), isSent: false };
    for (const broker of brokers) this.#add(broker, turn);
    for (;;) {
      turn.at = Math.max(this.#clock.now(), ...brokers.map((broker) => this.#earliest(this.#before(broker, turn))));
      const waitMs = turn.at - this.#clock.now();
      if (waitMs <= 0) break;
      // On a busy machine those before it may come later than planned: it then waits for longer.
      await this.#clock.pause(waitMs, this.#signal);
    }
    return () => {
      if (!turn.isSent) turn.at = this.#clock.now();
      turn.isSent = true;
    };
  }

  /** When a request to this broker could be sent if it were asked for now, as far as that is known. */
  soonest(broker: number): number {
    return Math.max(this.#clock.now(), this.#earliest(this.#turns.get(broker)?.at(-requestsPerSecond)));
  }

  /** Counts a request that was sent without a turn. @param at when */
  count(brokers: readonly number[], at: number): void {
    for (const broker of brokers) this.#add(broker, { at, isSent: true });
  }

  /** Requests per second over the last ten seconds: in all, and to the broker that got most. */
  rates(): { readonly all: number; readonly busiest: number } {
    const now = this.#clock.now();
    const counts = [...this.#turns.values()].map(
      (turns) => turns.filter(({ at }) => at <= now && at > now - shownWindowMs).length / (shownWindowMs / 1000),
    );
    return { all: counts.reduce((sum, each) => sum + each, 0), busiest: Math.max(0, ...counts) };
  }

  /** The request to this broker that has to be a window old. */
  #before(broker: number, turn: Turn): Turn | undefined {
    const turns = this.#turns.get(broker)!;
    return turns[turns.indexOf(turn) - requestsPerSecond];
  }

  #earliest(before: Turn | undefined): number {
    if (!before) return Number.NEGATIVE_INFINITY;
    return (before.isSent ? before.at : Math.max(before.at, this.#clock.now())) + windowMs;
  }

  #add(broker: number, turn: Turn): void {
    const turns = this.#turns.get(broker) ?? [];
    this.#turns.set(broker, turns);
    turns.push(turn);
    while (turns[0]!.at < turn.at - shownWindowMs && turns[0]!.isSent) turns.shift();
  }
}
