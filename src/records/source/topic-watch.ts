/** Looks up at intervals which topics match names and patterns. */
import { KtError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster, ClusterMetadata, TopicMetadata } from '../../kafka/cluster.ts';

/** How long between two looks. */
const lookMs = 5_000;

export interface Look {
  /** Those that match; patterns find no internal ones. */
  readonly topics: readonly TopicMetadata[];
  readonly metadata: ClusterMetadata;
}

export class TopicWatch {
  readonly #cluster: Cluster;
  readonly #names: readonly string[];
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;

  /** @param names names and patterns */
  constructor(cluster: Cluster, names: readonly string[], signal: AbortSignal) {
    this.#cluster = cluster;
    this.#names = names;
    this.#signal = AbortSignal.any([signal, this.#stopped.signal]);
  }

  /** Passes each look to `see` until stopped. Lost connections are ignored here: the reader notices them. */
  begin(see: (look: Look) => Promise<void>, fail: (error: unknown) => void): void {
    this.#keepLooking(see).catch((error: unknown) => {
      if (!this.#signal.aborted) fail(error);
    });
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #keepLooking(see: (look: Look) => Promise<void>): Promise<never> {
    for (;;) {
      await pause(lookMs, this.#signal);
      try {
        await see(await this.#look());
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      }
    }
  }

  async #look(): Promise<Look> {
    const patterns = this.#names.map(namePattern);
    const metadata = await this.#cluster.metadata(patterns.every(({ exact }) => exact) ? this.#names : 'all');
    const topics = [...metadata.topics.values()].filter(
      ({ topic, internal, errorCode }) =>
        errorCode === 0 && patterns.some((pattern) => pattern.matches(topic) && (pattern.exact || !internal)),
    );
    return { topics, metadata };
  }
}
