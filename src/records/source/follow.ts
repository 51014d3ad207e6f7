/** Topics and partitions that appear while others are followed, and topics that are deleted. */

import { namePattern } from '../../base/name-pattern.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import type { FetchOptions } from '../../kafka/fetch/fetch.ts';
import type { RecordFetcher } from '../../kafka/fetch/fetcher.ts';
import { UnreadPartitions } from '../../kafka/fetch/unread.ts';
import { LatePartitions } from './late.ts';
import { rangesOf } from './ranges.ts';
import { type ReadEvents, type ReadRequest, wantedPartitions } from './request.ts';
import { type Look, TopicWatch } from './topic-watch.ts';

export class FollowedTopics {
  readonly #cluster: Cluster;
  readonly #request: ReadRequest;
  readonly #events: ReadEvents;
  /** Topics that are read, with the number of partitions each had when last seen. */
  readonly #known: Map<string, number>;

  /** @param topics those that are read already, with their partitions */
  constructor(cluster: Cluster, request: ReadRequest, topics: ReadonlyMap<string, readonly number[]>, events: ReadEvents) {
    this.#cluster = cluster;
    this.#request = request;
    this.#events = events;
    this.#known = new Map([...topics].map(([topic, partitions]) => [topic, partitions.length]));
  }

  /** What the fetcher needs to know. */
  readonly fetchOptions: Pick<FetchOptions, 'mayAdd' | 'deleted'> = {
    mayAdd: () => true,
    deleted: (topic) => {
      this.#known.delete(topic);
      const mayComeBack = this.#request.topics.some((text) => !namePattern(text).exact);
      if (this.#known.size === 0 && !mayComeBack) return false;
      this.#events.note(`topic ${topic} was deleted; the others are still read`);
      return true;
    },
  };

  /** Adds what appears to the fetcher, from its beginning, for as long as it reads. */
  watch(fetcher: RecordFetcher): void {
    new TopicWatch(this.#cluster, this.#request.topics, fetcher.signal).begin(
      (look) => this.#see(look, fetcher),
      (error) => fetcher.fail(error),
    );
  }

  async #see({ topics, metadata }: Look, fetcher: RecordFetcher): Promise<void> {
    const appeared = topics.flatMap(({ topic, partitions }) =>
      partitions
        .map(({ partition }): TopicPartition => ({ topic, partition }))
        .filter(({ partition }) => partition >= (this.#known.get(topic) ?? 0))
        .filter(({ partition }) => {
          const wanted = wantedPartitions(this.#request, topic);
          return wanted.length === 0 || wanted.includes(partition);
        }),
    );
    if (appeared.length === 0) return;
    const [cluster, events] = [this.#cluster, this.#events];
    const request = { ...this.#request, from: { at: 'beginning' }, starts: undefined } as const;
    const { ranges, leaderless } = await rangesOf(cluster, request, appeared, undefined);
    fetcher.add(ranges, metadata);
    new LatePartitions({ cluster, request, events, unread: new UnreadPartitions() }, leaderless).watch(fetcher);
    for (const topic of new Set(appeared.map((each) => each.topic))) {
      const count = metadata.topics.get(topic)!.partitions.length;
      const before = this.#known.get(topic);
      const what = before === undefined ? `topic ${topic} is new` : `topic ${topic} has ${count} partitions now, not ${before}`;
      this.#events.note(`${what}: read from the beginning`);
      this.#known.set(topic, count);
    }
  }
}
