/** The topics that a member of a group reads: those that match at the start, those that appear later, without those that are deleted. */

import { namePattern } from '../../base/name-pattern.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Membership } from '../../kafka/group/membership.ts';
import type { ReadEvents, ReadRequest } from './request.ts';
import { TopicWatch } from './topic-watch.ts';

export class Subscription {
  readonly #first: ReadonlySet<string>;
  readonly #topics: Set<string>;
  readonly #events: ReadEvents;
  readonly #startText: string;
  readonly #hasPatterns: boolean;
  readonly #watch: TopicWatch;

  /** @param startText where topics that appear are read from, for messages */
  constructor(
    cluster: Cluster,
    request: ReadRequest,
    topics: readonly string[],
    events: ReadEvents,
    startText = 'read from the beginning',
  ) {
    this.#first = new Set(topics);
    this.#topics = new Set(topics);
    this.#events = events;
    this.#startText = startText;
    this.#hasPatterns = request.topics.some((text) => !namePattern(text).exact);
    this.#watch = new TopicWatch(cluster, request.topics, events.signal);
  }

  /** Subscribes the member to topics that appear and match. Partitions added to a topic are noticed by the group's leader. */
  keep(membership: Pick<Membership, 'subscribe'>): void {
    if (!this.#hasPatterns) return;
    this.#watch.begin(
      async ({ topics }) => {
        const appeared = topics.filter(({ topic }) => !this.#topics.has(topic));
        if (appeared.length === 0) return;
        for (const { topic } of appeared) {
          this.#topics.add(topic);
          this.#events.note(`topic ${topic} is new: ${this.#startText}`);
        }
        membership.subscribe([...this.#topics]);
      },
      (error) => this.#events.warn(`new topics are no longer noticed (${error instanceof Error ? error.message : error})`),
    );
  }

  stop(): void {
    this.#watch.stop();
  }

  /** Whether a topic did not exist when the reading began. */
  isNew(topic: string): boolean {
    return !this.#first.has(topic);
  }

  /** Takes note that a topic was deleted. False when there is nothing else to read. */
  deleted(topic: string): boolean {
    this.#topics.delete(topic);
    if (this.#topics.size === 0 && !this.#hasPatterns) return false;
    this.#events.note(`topic ${topic} was deleted; the others are still read`);
    return true;
  }
}
