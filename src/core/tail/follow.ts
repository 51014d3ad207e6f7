/** Topics and partitions that appear while others are followed, and topics that are deleted. */
import { KtError } from '../../errors.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../../kafka/cluster.ts';
import type { FetchOptions, FetchRange } from '../../kafka/records/fetch.ts';
import type { RecordFetcher } from '../../kafka/records/fetcher.ts';
import { pause } from '../../pause.ts';
import { resolvePositions } from '../offsets-position.ts';
import { namePattern } from '../patterns.ts';
import type { TailEvents, TailRequest } from './request.ts';

/** How often topics and partitions are looked up anew. */
const lookMs = 5_000;

export class FollowedTopics {
  readonly #cluster: Cluster;
  readonly #request: TailRequest;
  readonly #events: TailEvents;
  /** Topics that are read, with how many partitions each had when last seen. */
  readonly #known: Map<string, number>;
  readonly #stopped = new AbortController();

  /** @param topics what is read already */
  constructor(cluster: Cluster, request: TailRequest, topics: ReadonlyMap<string, readonly number[]>, events: TailEvents) {
    this.#cluster = cluster;
    this.#request = request;
    this.#events = events;
    this.#known = new Map([...topics].map(([topic, partitions]) => [topic, partitions.length]));
  }

  /** What the fetcher has to know. */
  readonly fetchOptions: Pick<FetchOptions, 'mayAdd' | 'deleted'> = {
    mayAdd: true,
    deleted: (topic) => {
      this.#known.delete(topic);
      const mayComeBack = this.#patterns.some(({ exact }) => !exact);
      if (this.#known.size === 0 && !mayComeBack) return false;
      this.#events.note(`topic ${topic} was deleted; the others are read on`);
      return true;
    },
  };

  /** Has the fetcher read what appears, from its beginning, until it is stopped. */
  watch(fetcher: RecordFetcher): void {
    const signal = AbortSignal.any([this.#events.signal, this.#stopped.signal]);
    const look = async (): Promise<never> => {
      for (;;) {
        await pause(lookMs, signal);
        await this.#look(fetcher).catch((error: unknown) => {
          // Lost brokers are the fetcher's to report.
          if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        });
      }
    };
    look().catch((error: unknown) => {
      if (!signal.aborted) fetcher.fail(error);
    });
  }

  stop(): void {
    this.#stopped.abort();
  }

  get #patterns() {
    return this.#request.topics.map(namePattern);
  }

  async #look(fetcher: RecordFetcher): Promise<void> {
    const patterns = this.#patterns;
    const areExact = patterns.every(({ exact }) => exact);
    const metadata = await this.#cluster.metadata(areExact ? this.#request.topics : 'all');
    const appeared = this.#appeared(metadata, (topic, internal) =>
      patterns.some((pattern) => pattern.matches(topic) && (pattern.exact || !internal)),
    );
    if (appeared.length === 0) return;
    const { isolation, timeoutMs } = this.#request;
    const places = await resolvePositions(this.#cluster, appeared, { at: 'beginning' }, isolation, { timeoutMs });
    fetcher.add(
      places.map(({ topic, partition, offset }): FetchRange => ({ topic, partition, start: offset, end: undefined })),
      metadata,
    );
    for (const { topic } of appeared) {
      const count = metadata.topics.get(topic)!.partitions.length;
      const before = this.#known.get(topic);
      if (before === count) continue;
      const what = before === undefined ? `topic ${topic} is new` : `${topic} has partitions ${before} to ${count - 1} now`;
      this.#events.note(`${what}: read from the beginning`);
      this.#known.set(topic, count);
    }
  }

  #appeared(metadata: ClusterMetadata, isWanted: (topic: string, internal: boolean) => boolean): TopicPartition[] {
    const { partitions: wanted } = this.#request;
    return [...metadata.topics.values()]
      .filter(({ topic, internal, errorCode }) => errorCode === 0 && isWanted(topic, internal))
      .flatMap(({ topic, partitions }) =>
        partitions
          .map(({ partition }): TopicPartition => ({ topic, partition }))
          .filter(({ partition }) => partition >= (this.#known.get(topic) ?? 0))
          .filter(({ partition }) => wanted.length === 0 || wanted.includes(partition)),
      );
  }
}
