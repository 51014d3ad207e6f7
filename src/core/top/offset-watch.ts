/** Where logs begin and end: ListOffsets, one request per leader, in turns where there are many partitions. */
import { isEnding, KtError } from '../../base/errors.ts';
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

/** Partitions of one leader, grouped by topic. */
export type LedPartitions = readonly { readonly topic: string; readonly partitions: readonly number[] }[];

/** A request's own shape. */
type Wanted = readonly {
  readonly name: string;
  readonly partitions: readonly { readonly partitionIndex: number; readonly timestamp: bigint }[];
}[];

const timestamps = { ends: -1n, starts: -2n } as const;

export class OffsetWatch {
  readonly #cluster: PacedCluster;
  readonly #topology: Topology;
  readonly #clock: Clock;
  readonly #turns = new Turns<string>();
  /** All partitions by leader, as of a version of the topology: the same at each tick. */
  #all: { readonly version: number; readonly byLeader: ReadonlyMap<number, LedPartitions> } | undefined;
  readonly #requests = new WeakMap<LedPartitions, Wanted>();

  constructor(cluster: PacedCluster, topology: Topology, clock: Clock) {
    this.#cluster = cluster;
    this.#topology = topology;
    this.#clock = clock;
  }

  /** The partitions whose end is asked for in this tick, by leader. */
  next({ topics: inSight, topic: open, onlyTopic }: Focus, intervalMs: number): ReadonlyMap<number, LedPartitions> {
    const { topics, partitions } = this.#topology;
    if (onlyTopic && open !== undefined) return this.#byLeader([open]);
    if (partitions <= partitionsPerTick) return this.#everything();
    const names = this.#turns.next([...topics.keys()], Math.min(1, intervalMs / roundMs), inSight);
    if (open !== undefined) names.add(open);
    return this.#byLeader(names);
  }

  /** All partitions that a broker leads. */
  ledBy(broker: number): LedPartitions {
    return this.#everything().get(broker) ?? [];
  }

  /** Asks one broker once. A partition that it does not answer for is marked. */
  async ask(broker: number, asked: LedPartitions, which: 'starts' | 'ends'): Promise<void> {
    if (asked.length === 0) return;
    const topics = which === 'ends' ? this.#endsOf(asked) : wanted(asked, timestamps.starts);
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
      if (which === 'ends') this.unanswered(asked);
    }
  }

  /** Marks partitions whose leader does not answer: they are left out of sums, never zero. */
  unanswered(asked: LedPartitions): void {
    for (const { topic, partitions } of asked) {
      const logs = this.#topology.topics.get(topic);
      for (const partition of partitions) if (logs?.partitions[partition]) logs.partitions[partition].answered = false;
    }
  }

  #everything(): ReadonlyMap<number, LedPartitions> {
    const { topics, version } = this.#topology;
    if (this.#all?.version !== version) this.#all = { version, byLeader: this.#byLeader(topics.keys()) };
    return this.#all.byLeader;
  }

  #byLeader(names: Iterable<string>): ReadonlyMap<number, LedPartitions> {
    const byLeader = new Map<number, { topic: string; partitions: number[] }[]>();
    for (const topic of names) {
      for (const { partition, leader } of this.#topology.topics.get(topic)?.metadata.partitions ?? []) {
        if (leader < 0) continue;
        const led = byLeader.get(leader) ?? [];
        byLeader.set(leader, led);
        const last = led.at(-1);
        if (last?.topic === topic) last.partitions.push(partition);
        else led.push({ topic, partitions: [partition] });
      }
    }
    return byLeader;
  }

  #endsOf(asked: LedPartitions): Wanted {
    const request = this.#requests.get(asked) ?? wanted(asked, timestamps.ends);
    this.#requests.set(asked, request);
    return request;
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

function wanted(asked: LedPartitions, timestamp: bigint): Wanted {
  return asked.map(({ topic, partitions }) => ({
    name: topic,
    partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })),
  }));
}
