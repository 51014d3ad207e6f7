/** Which brokers, topics and leaders there are: Metadata, seldom, and sooner after a leader was lost. */

import { collectGarbage } from '../../base/collect-garbage.ts';
import { isEnding, KtError } from '../../base/errors.ts';
import type { BrokerNode, ClusterMetadata } from '../../kafka/cluster.ts';
import { mayBePartial } from '../cluster/visibility.ts';
import type { Clock } from './clock.ts';
import { TopicLogs } from './logs.ts';
import type { PacedCluster } from './paced-cluster.ts';

const everyMs = 10_000;
/** Of more than so many partitions the answer is large. */
const largeCluster = 5_000;
const largeEveryMs = 30_000;
/** After a lost leader it is asked for sooner, but not more often than this. */
export const atMostEveryMs = 2_000;
const firstBackoffMs = 1_000;
const longestBackoffMs = 15_000;

/** Partitions that a broker leads, and replicas that it should have. */
export interface ReplicaCounts {
  leaders: number;
  replicas: number;
  underReplicated: number;
  offline: number;
}

export class Topology {
  /** By name, in the order of names. */
  readonly topics = new Map<string, TopicLogs>();
  /** Grows with each answer. */
  version = 0;
  /** What brokers lead and hold, those that should hold something and are not in the cluster included. */
  replicas: ReadonlyMap<number, ReplicaCounts> = new Map();
  /** Every broker seen so far. */
  readonly nodes = new Map<number, BrokerNode>();
  /** Why it could not be had when last asked for. */
  problem: KtError | undefined;
  /** Epoch ms of the last answer. */
  answeredAt = 0;
  /** Whether there may be more than this user may see. */
  isPart = { topics: false, groups: false };
  readonly #cluster: PacedCluster;
  readonly #clock: Clock;
  #metadata!: ClusterMetadata;
  #askedAt = Number.NEGATIVE_INFINITY;
  #nextTryAt = 0;
  #failures = 0;

  constructor(cluster: PacedCluster, clock: Clock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /** As last told; only after an answer. */
  get metadata(): ClusterMetadata {
    return this.#metadata;
  }

  get brokers(): readonly number[] {
    return this.#metadata.brokers.map(({ id }) => id);
  }

  get partitions(): number {
    return [...this.topics.values()].reduce((sum, { partitions }) => sum + partitions.length, 0);
  }

  /** Has it asked for at the next occasion. */
  expire(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY;
    this.#nextTryAt = 0;
  }

  async refreshIfDue(): Promise<void> {
    const now = this.#clock.now();
    const age = now - this.#askedAt;
    const isDue = age >= (this.partitions > largeCluster ? largeEveryMs : everyMs);
    const isDoubted = this.#cluster.doubted && age >= atMostEveryMs;
    if ((isDue || isDoubted) && now >= this.#nextTryAt) await this.refresh();
  }

  /** Asks now; what goes wrong is kept in `problem`. */
  async refresh(): Promise<void> {
    try {
      this.#metadata = await this.#cluster.metadata('all');
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      this.problem = error;
      const backoffMs = Math.min(firstBackoffMs * 2 ** this.#failures++, longestBackoffMs);
      this.#nextTryAt = this.#clock.now() + backoffMs;
      return;
    }
    this.problem = undefined;
    this.#failures = 0;
    this.#askedAt = this.#clock.now();
    this.answeredAt = this.#clock.wall();
    this.#cluster.doubted = false;
    this.#cluster.know(this.brokers);
    for (const node of this.#metadata.brokers) this.nodes.set(node.id, node);
    this.#takeTopics();
    if (this.partitions > largeCluster) collectGarbage();
    this.isPart = {
      topics: await mayBePartial(this.#cluster, 'topics'),
      groups: await mayBePartial(this.#cluster, 'groups'),
    };
  }

  #takeTopics(): void {
    const known = new Map(this.topics);
    this.topics.clear();
    this.version++;
    for (const [name, topic] of [...this.#metadata.topics].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const logs = known.get(name) ?? new TopicLogs(topic);
      logs.update(topic);
      this.topics.set(name, logs);
      for (const [index, { leader }] of topic.partitions.entries()) if (leader < 0) logs.partitions[index]!.answered = false;
    }
    this.replicas = replicasOf(this.#metadata);
  }
}

/** Counts what each broker should have; those without any are in it too. */
function replicasOf({ brokers, topics }: ClusterMetadata): ReadonlyMap<number, ReplicaCounts> {
  const counts = new Map<number, ReplicaCounts>();
  const countsOf = (broker: number): ReplicaCounts => {
    const known = counts.get(broker) ?? { leaders: 0, replicas: 0, underReplicated: 0, offline: 0 };
    counts.set(broker, known);
    return known;
  };
  for (const { id } of brokers) countsOf(id);
  for (const { partitions } of topics.values()) {
    for (const { leader, replicas, isr, offline } of partitions) {
      if (leader >= 0) countsOf(leader).leaders++;
      for (const replica of replicas) {
        const known = countsOf(replica);
        known.replicas++;
        if (!isr.includes(replica)) known.underReplicated++;
        if (offline.includes(replica)) known.offline++;
      }
    }
  }
  return counts;
}
