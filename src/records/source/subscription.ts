/** The topics that a member of a group reads: those that match at the start, and those that appear and go while it reads. */

import { namePattern } from '../../base/name-pattern.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Membership } from '../../kafka/group/membership.ts';
import type { TailEvents, TailRequest } from './request.ts';
import { TopicWatch } from './topic-watch.ts';

export class Subscription {
  readonly #first: ReadonlySet<string>;
  readonly #topics: Set<string>;
  readonly #events: TailEvents;
  readonly #hasPatterns: boolean;
  readonly #watch: TopicWatch;

  constructor(cluster: Cluster, request: TailRequest, topics: readonly string[], events: TailEvents) {
    this.#first = new Set(topics);
    this.#topics = new Set(topics);
    this.#events = events;
    this.#hasPatterns = request.topics.some((text) => !namePattern(text).exact);
    this.#watch = new TopicWatch(cluster, request.topics, events.signal);
  }

  /** Subscribes the member to what appears and matches. Partitions that are added to a topic are the group's leader's to see. */
  keep(membership: Membership): void {
    if (!this.#hasPatterns) return;
    this.#watch.begin(
      async ({ topics }) => {
        const appeared = topics.filter(({ topic }) => !this.#topics.has(topic));
        if (appeared.length === 0) return;
        for (const { topic } of appeared) {
          this.#topics.add(topic);
          this.#events.note(`topic ${topic} is new: read from the beginning`);
        }
        membership.subscribe([...this.#topics]);
      },
      (error) => this.#events.warn(`new topics are not seen any more (${error instanceof Error ? error.message : error})`),
    );
  }

  stop(): void {
    this.#watch.stop();
  }

  /** Whether a topic was not there when the reading began. */
  isNew(topic: string): boolean {
    return !this.#first.has(topic);
  }

  /** Told of a topic that was deleted; false when there is nothing else to read. */
  deleted(topic: string): boolean {
    this.#topics.delete(topic);
    if (this.#topics.size === 0 && !this.#hasPatterns) return false;
    this.#events.note(`topic ${topic} was deleted; the others are read on`);
    return true;
  }
}
