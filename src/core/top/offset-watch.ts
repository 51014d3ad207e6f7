/** Where logs begin and end: ListOffsets, one request per leader, in turns where there are many partitions. */
import { isEnding, KtError } from '../../base/errors.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { TopicPartition } from '../../kafka/cluster.ts';
import { errorOf } from '../../kafka/wire/errors.ts';
import type { Clock } from './clock.ts';
import type { TopicLogs } from './logs.ts';
import type { PacedCluster } from './paced-cluster.ts';
import type { Focus } from './snapshot.ts';
import type { Topology } from './topology.ts';
import { Turns } from './turns.ts';

/** Up to so many partitions all are asked for at each tick; above, in turns. */
const partitionsPerTick = 6_000;
const roundMs = 10_000;

export class OffsetWatch {
  readonly #cluster: PacedCluster;
  readonly #topology: Topology;
  readonly #clock: Clock;
  readonly #turns = new Turns<string>();

  constructor(cluster: PacedCluster, topology: Topology, clock: Clock) {
    this.#cluster = cluster;
    this.#topology = topology;
    this.#clock = clock;
  }

  /** The partitions whose end is asked for in this tick, by leader. */
  next({ topics: inSight, topic: open, onlyTopic }: Focus, intervalMs: number): ReadonlyMap<number, readonly TopicPartition[]> {
    const { topics, partitions } = this.#topology;
    const share = partitions <= partitionsPerTick ? 1 : Math.min(1, intervalMs / roundMs);
    const names = onlyTopic && open !== undefined ? new Set([open]) : this.#turns.next([...topics.keys()], share, inSight);
    if (open !== undefined && topics.has(open)) names.add(open);
    const byLeader = new Map<number, TopicPartition[]>();
    for (const topic of names) {
      for (const { partition, leader } of topics.get(topic)?.metadata.partitions ?? []) {
        if (leader < 0) continue;
        const item = { topic, partition };
        if (!byLeader.get(leader)?.push(item)) byLeader.set(leader, [item]);
      }
    }
    return byLeader;
  }

  /** All partitions that a broker leads. */
  ledBy(broker: number): readonly TopicPartition[] {
    return [...this.#topology.topics].flatMap(([topic, { metadata }]) =>
      metadata.partitions.filter(({ leader }) => leader === broker).map(({ partition }) => ({ topic, partition })),
    );
  }

  /** Asks one broker once. A partition that it does not answer for is marked. */
  async ask(broker: number, partitions: readonly TopicPartition[], which: 'starts' | 'ends'): Promise<void> {
    if (partitions.length === 0) return;
    const timestamp = which === 'ends' ? -1n : -2n;
    const topics = byTopic(partitions).map(({ topic, partitions: indexes }) => ({
      name: topic,
      partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })),
    }));
    const body = { replicaId: -1, isolationLevel: 0, topics, timeoutMs: this.#cluster.timeoutMs };
    try {
      const answer = await this.#cluster.request('ListOffsets', body, { broker });
      const at = this.#clock.now();
      for (const { name, partitions: listed } of answer.topics) {
        const topic = this.#topology.topics.get(name);
        if (topic) this.#take(topic, listed, which, at);
      }
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      if (which === 'ends') this.unanswered(partitions);
    }
  }

  /** Marks partitions whose leader does not answer: they are left out of sums, never zero. */
  unanswered(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const log = this.#topology.topics.get(topic)?.partitions[partition];
      if (log) log.answered = false;
    }
  }

  #take(
    topic: TopicLogs,
    listed: readonly { readonly partitionIndex: number; readonly errorCode: number; readonly offset: bigint }[],
    which: 'starts' | 'ends',
    at: number,
  ): void {
    for (const { partitionIndex, errorCode, offset } of listed) {
      const log = topic.partitions[partitionIndex];
      if (!log) continue;
      if (errorCode === 0) {
        topic.denied = false;
        if (which === 'ends') log.add(Number(offset), at);
        else log.start = Number(offset);
        continue;
      }
      const { name, retriable } = errorOf(errorCode);
      log.answered = false;
      topic.denied = name === 'TOPIC_AUTHORIZATION_FAILED';
      if (retriable) this.#cluster.doubted = true;
    }
  }
}
