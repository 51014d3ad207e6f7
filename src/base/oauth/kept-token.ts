/** A token that is kept while it is fresh, and asked for once by all that need it at the same time. */
import type { GivenToken } from './client.ts';

/** The part of its life for which a token is used before a new one is asked for, as in Kafka's Java client (sasl.login.refresh.window.factor). */
const freshPart = 0.8;
/** How long an older token is used after a new one could not be had, before that is tried again. */
const againMs = 10_000;

interface Kept {
  readonly text: string;
  /** Epoch ms: until when it is used, and until when it counts. */
  readonly freshUntil: number;
  readonly until: number;
}

export class KeptToken {
  readonly #ask: () => Promise<GivenToken>;
  #kept: Kept | undefined;
  #asking: Promise<string> | undefined;

  constructor(ask: () => Promise<GivenToken>) {
    this.#ask = ask;
  }

  /** @throws what `ask` throws; not while an older token still counts */
  current(): Promise<string> {
    if (this.#kept && this.#kept.freshUntil > Date.now()) return Promise.resolve(this.#kept.text);
    this.#asking ??= this.#renewed().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Gives up the token, since it was refused. @returns whether there was one, or one is on its way */
  forget(): boolean {
    const had = this.#kept !== undefined || this.#asking !== undefined;
    this.#kept = undefined;
    return had;
  }

  async #renewed(): Promise<string> {
    const askedAt = Date.now();
    try {
      const { text, lifeMs } = await this.#ask();
      this.#kept = { text, freshUntil: askedAt + lifeMs * freshPart, until: askedAt + lifeMs };
      return text;
    } catch (error) {
      const older = this.#kept;
      const now = Date.now();
      if (!older || older.until <= now) throw error;
      // Else each that needs it would wait for another failure.
      this.#kept = { ...older, freshUntil: Math.min(older.until, now + againMs) };
      return older.text;
    }
  }
}
