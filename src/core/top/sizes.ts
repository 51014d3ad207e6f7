/** How much the logs of each broker take, and how much its disks have: asked for only while somebody looks, and seldom. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { directoriesOn } from '../cluster/log-dirs.ts';
import type { Clock } from './clock.ts';

const everyMs = 300_000;

export interface Size {
  readonly bytes: number;
  /** Null before Kafka 3.3. */
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  /** Epoch ms. */
  readonly readAt: number;
}

export class Sizes {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #askedAt = new Map<number, number>();
  readonly #sizes = new Map<number, Size | KtError>();

  constructor(cluster: Cluster, clock: Clock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  refresh(): void {
    this.#askedAt.clear();
  }

  of(broker: number): Size | KtError | undefined {
    return this.#sizes.get(broker);
  }

  async ask(broker: number): Promise<void> {
    const now = this.#clock.now();
    if (now - (this.#askedAt.get(broker) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    this.#askedAt.set(broker, now);
    try {
      const directories = await directoriesOn(this.#cluster, broker, null);
      const added = (values: readonly (bigint | null)[]) =>
        values.some((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + Number(value), 0);
      this.#sizes.set(broker, {
        bytes: Number(directories.reduce((sum, { bytes }) => sum + bytes, 0n)),
        totalBytes: added(directories.map(({ totalBytes }) => totalBytes)),
        usableBytes: added(directories.map(({ usableBytes }) => usableBytes)),
        readAt: this.#clock.wall(),
      });
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      this.#sizes.set(broker, error);
    }
  }
}
