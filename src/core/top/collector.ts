/** Asks a cluster what `kt top` shows, tick by tick, with a number of requests that depends on brokers and not on topics or groups. */
import { isEnding, KtError } from '../../base/errors.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { BrokerNode, Cluster, ClusterMetadata, TopicPartition } from '../../kafka/cluster.ts';
import { errorOf } from '../../kafka/wire/errors.ts';
import { mayBePartial } from '../cluster/visibility.ts';
import { type Clock, realClock } from './clock.ts';
import { GroupWatch } from './group-watch.ts';
import { TopicLogs } from './logs.ts';
import { PacedCluster } from './paced-cluster.ts';
import { Sizes } from './sizes.ts';
import { type Focus, noFocus, type Snapshot } from './snapshot.ts';
import { logsOf, snapshotOf } from './state.ts';
import { Turns } from './turns.ts';

const metadataEveryMs = 10_000;
const largeMetadataEveryMs = 30_000;
/** After a lost leader metadata is asked for sooner, but not more often than this. */
const metadataAtMostEveryMs = 2_000;
const largeCluster = 5_000;
/** Up to so many partitions all end offsets are asked for at each tick; above, in turns. */
const partitionsPerTick = 6_000;
const endsRoundMs = 10_000;
const startsEveryMs = 60_000;
const groupsEveryMs = 10_000;
const membersEveryMs = 10_000;
/** All groups in so long; those in sight at each tick. */
const groupsRoundMs = 30_000;
/** Up to so many groups all are asked about at each tick: it is the same number of requests. */
const groupsPerTick = 50;
const longestIntervalMs = 30_000;
const firstBackoffMs = 1_000;
const longestBackoffMs = 15_000;

/** What is asked of one broker at intervals of its own. */
interface Due {
  groups: number;
  members: number;
  starts: number;
}

export class Collector {
  readonly cluster: PacedCluster;
  /** What the screen shows. */
  focus: Focus = noFocus;
  /** How long a tick takes, as asked for, in ms. */
  intervalMs: number;
  paused = false;
  /** Whether anybody sees it: not while kt is stopped. */
  isShown: () => boolean = () => true;
  readonly #stopped = new AbortController();
  readonly #clock: Clock;
  readonly #topics = new Map<string, TopicLogs>();
  readonly #groups: GroupWatch;
  readonly #sizes: Sizes;
  readonly #due = new Map<number, Due>();
  readonly #endsTurns = new Turns<string>();
  readonly #groupTurns = new Turns<string>();
  readonly #answers = new Map<number, (number | null)[]>();
  readonly #nodes = new Map<number, BrokerNode>();
  #metadata!: ClusterMetadata;
  #metadataAt = Number.NEGATIVE_INFINITY;
  #metadataProblem: KtError | undefined;
  #metadataFailures = 0;
  #metadataNextAt = 0;
  #answeredAt = 0;
  #isPart = { topics: false, groups: false };
  #slowdown = 1;
  /** Whether everything was asked for once. */
  #isWhole = false;
  #wake: (() => void) | undefined;

  constructor(cluster: Cluster, intervalMs: number, clock: Clock = realClock) {
    this.cluster = new PacedCluster(cluster, clock);
    this.#clock = clock;
    this.intervalMs = intervalMs;
    this.#groups = new GroupWatch(this.cluster);
    this.#sizes = new Sizes(this.cluster, clock);
  }

  /** Asks for the names of everything. @throws KtError `connection`: only before the first answer */
  async start(): Promise<Snapshot> {
    await this.#askMetadata();
    if (this.#metadataProblem) throw this.#metadataProblem;
    return this.snapshot();
  }

  /**
   * Ticks until it is stopped, or the run interrupted, which is thrown.
   * @param ticked called with a snapshot after each tick
   * @param changed called within the first tick, whose answers come one after the other
   */
  async run(ticked: (snapshot: Snapshot) => void, changed: (snapshot: Snapshot) => void = () => {}): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const startedAt = this.#clock.now();
      if (!this.paused && this.isShown()) {
        await this.tick(changed);
        ticked(this.snapshot());
      }
      const restMs = startedAt + this.effectiveIntervalMs - this.#clock.now();
      await this.#rest(Math.max(0, restMs));
    }
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake?.();
  }

  /** Has the next tick come now, with all that is asked for less often. */
  refresh(): void {
    this.#metadataAt = Number.NEGATIVE_INFINITY;
    this.#metadataNextAt = 0;
    this.#due.clear();
    this.#sizes.refresh();
    for (const { id } of this.#metadata.brokers) this.cluster.contact(id).nextTryAt = 0;
    this.#wake?.();
  }

  /** Has the next tick come now, such as when something else is looked at. */
  soon(): void {
    this.#wake?.();
  }

  /** The interval, longer while answers take longer. */
  get effectiveIntervalMs(): number {
    return Math.max(this.intervalMs, Math.min(longestIntervalMs, this.intervalMs * this.#slowdown));
  }

  /** Asks once about everything that is due. A broker that has not answered yet is not asked again, and not waited for. */
  async tick(changed: (snapshot: Snapshot) => void = () => {}): Promise<void> {
    await this.#refreshMetadata();
    const asked = this.#partitionsByLeader();
    const wantedGroups = this.#wantedGroups();
    const work = this.#metadata.brokers.map(async ({ id }) => {
      const partitions = asked.get(id) ?? [];
      if (!this.cluster.isAskable(id)) return this.#unanswered(partitions);
      await this.#askBroker(id, partitions, wantedGroups, this.#isWhole ? undefined : () => changed(this.snapshot()));
    });
    const limit = this.#clock.pause(Math.max(this.effectiveIntervalMs, metadataAtMostEveryMs * 2), this.cluster.signal);
    await Promise.race([Promise.all(work), limit]);
    limit.catch(() => {});
    this.#finish();
  }

  /** What is known now. */
  snapshot(): Snapshot {
    const gone = this.#goneSince();
    return snapshotOf({
      wall: this.#clock.wall(),
      metadata: this.#metadata,
      nodes: this.#nodes,
      topics: this.#topics,
      groups: this.#groups,
      sizes: this.#sizes,
      answers: this.#answers,
      cluster: this.cluster,
      focus: this.focus,
      isPart: this.#isPart,
      isWhole: this.#isWhole,
      metadataProblem: this.#metadataProblem,
      answeredAt: this.#answeredAt,
      isGone: gone,
      nextTryMs: gone ? Math.max(0, this.#nextTryAt() - this.#clock.now()) : null,
      intervalMs: this.effectiveIntervalMs,
    });
  }

  /** Until the next tick is due, or somebody wants it sooner. */
  async #rest(ms: number): Promise<void> {
    const sooner = new AbortController();
    this.#wake = () => sooner.abort();
    try {
      await this.#clock.pause(ms, AbortSignal.any([this.cluster.signal, sooner.signal]));
    } catch (error) {
      if (!sooner.signal.aborted || this.cluster.signal.aborted) throw error;
    } finally {
      this.#wake = undefined;
    }
  }

  async #refreshMetadata(): Promise<void> {
    const now = this.#clock.now();
    const age = now - this.#metadataAt;
    const partitions = [...this.#topics.values()].reduce((sum, { partitions: { length } }) => sum + length, 0);
    const every = partitions > largeCluster ? largeMetadataEveryMs : metadataEveryMs;
    const isDue = age >= every || (this.cluster.doubted && age >= metadataAtMostEveryMs);
    if (isDue && now >= this.#metadataNextAt) await this.#askMetadata();
  }

  async #askMetadata(): Promise<void> {
    try {
      this.#metadata = await this.cluster.metadata('all');
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      this.#metadataProblem = error;
      const backoffMs = Math.min(firstBackoffMs * 2 ** this.#metadataFailures++, longestBackoffMs);
      this.#metadataNextAt = this.#clock.now() + backoffMs;
      return;
    }
    this.#metadataProblem = undefined;
    this.#metadataFailures = 0;
    this.#metadataAt = this.#clock.now();
    this.#answeredAt = this.#clock.wall();
    this.cluster.doubted = false;
    this.cluster.know(this.#metadata.brokers.map(({ id }) => id));
    for (const node of this.#metadata.brokers) this.#nodes.set(node.id, node);
    this.#takeTopics();
    this.#isPart = {
      topics: await mayBePartial(this.cluster, 'topics'),
      groups: await mayBePartial(this.cluster, 'groups'),
    };
  }

  #takeTopics(): void {
    const { topics } = this.#metadata;
    for (const name of this.#topics.keys()) if (!topics.has(name)) this.#topics.delete(name);
    for (const [name, topic] of topics) {
      const known = this.#topics.get(name);
      if (known) known.update(topic);
      else this.#topics.set(name, new TopicLogs(topic));
      for (const { partition, leader } of topic.partitions)
        if (leader < 0) this.#topics.get(name)!.partitions[partition]!.answered = false;
    }
  }

  /** The partitions whose end is asked for in this tick, by leader. */
  #partitionsByLeader(): ReadonlyMap<number, readonly TopicPartition[]> {
    const { topics: inSight, topic: open, onlyTopic } = this.focus;
    const all = [...this.#topics.keys()];
    const partitions = [...this.#topics.values()].reduce((sum, topic) => sum + topic.partitions.length, 0);
    const share = partitions <= partitionsPerTick ? 1 : Math.min(1, this.effectiveIntervalMs / endsRoundMs);
    const names = onlyTopic && open !== undefined ? new Set([open]) : this.#endsTurns.next(all, share, inSight);
    if (open !== undefined && this.#topics.has(open)) names.add(open);
    const byLeader = new Map<number, TopicPartition[]>();
    for (const topic of names) {
      for (const { partition, leader } of this.#topics.get(topic)?.metadata.partitions ?? []) {
        if (leader < 0) continue;
        const item = { topic, partition };
        if (!byLeader.get(leader)?.push(item)) byLeader.set(leader, [item]);
      }
    }
    return byLeader;
  }

  #wantedGroups(): ReadonlySet<string> {
    if (this.focus.onlyTopic) return this.focus.groups;
    const all = this.#metadata.brokers.flatMap(({ id }) => this.#groups.namesOn(id));
    const share = all.length <= groupsPerTick ? 1 : Math.min(1, this.effectiveIntervalMs / groupsRoundMs);
    return this.#groupTurns.next(all, share, this.focus.groups);
  }

  async #askBroker(
    broker: number,
    partitions: readonly TopicPartition[],
    wanted: ReadonlySet<string>,
    progress: (() => void) | undefined,
  ): Promise<void> {
    const now = this.#clock.now();
    const never = Number.NEGATIVE_INFINITY;
    const due = this.#due.get(broker) ?? { groups: never, members: never, starts: never };
    this.#due.set(broker, due);
    const ends = this.#askOffsets(broker, partitions, 'ends');
    const listed = now - due.groups >= groupsEveryMs && !this.focus.onlyTopic ? this.#groups.list(broker) : undefined;
    if (listed) due.groups = now;
    await Promise.all([ends, listed]);
    progress?.();
    const isNew = due.members === never;
    const names = this.#groups.namesOn(broker).filter((name) => isNew || wanted.has(name));
    const work: Promise<void>[] = [];
    if (names.length > 0) work.push(this.#groups.readCommits(broker, names, () => this.#clock.wall()));
    if (now - due.starts >= startsEveryMs) {
      due.starts = now;
      work.push(this.#askOffsets(broker, this.#ledBy(broker), 'starts'));
    }
    if (names.length > 0 && now - due.members >= membersEveryMs) {
      due.members = now;
      work.push(this.#groups.readMembers(broker, names));
    }
    if (this.focus.sizes) work.push(this.#sizes.ask(broker));
    await Promise.all(work);
  }

  #ledBy(broker: number): readonly TopicPartition[] {
    return [...this.#topics].flatMap(([topic, { metadata }]) =>
      metadata.partitions.filter(({ leader }) => leader === broker).map(({ partition }) => ({ topic, partition })),
    );
  }

  async #askOffsets(broker: number, partitions: readonly TopicPartition[], which: 'starts' | 'ends'): Promise<void> {
    if (partitions.length === 0) return;
    const timestamp = which === 'ends' ? -1n : -2n;
    const topics = byTopic(partitions).map(({ topic, partitions: indexes }) => ({
      name: topic,
      partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })),
    }));
    const body = { replicaId: -1, isolationLevel: 0, topics, timeoutMs: this.cluster.timeoutMs };
    try {
      const answer = await this.cluster.request('ListOffsets', body, { broker });
      const at = this.#clock.now();
      for (const { name, partitions: listed } of answer.topics) {
        const topic = this.#topics.get(name);
        if (!topic) continue;
        for (const { partitionIndex, errorCode, offset } of listed) {
          const log = topic.partitions[partitionIndex];
          if (!log) continue;
          if (errorCode !== 0) this.#refused(topic, partitionIndex, errorCode);
          else if (which === 'ends') log.add(Number(offset), at);
          else log.start = Number(offset);
          if (errorCode === 0) topic.denied = false;
        }
      }
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      if (which === 'ends') this.#unanswered(partitions);
    }
  }

  #refused(topic: TopicLogs, partition: number, errorCode: number): void {
    const { name, retriable } = errorOf(errorCode);
    topic.partitions[partition]!.answered = false;
    topic.denied = name === 'TOPIC_AUTHORIZATION_FAILED';
    if (retriable) this.cluster.doubted = true;
  }

  #unanswered(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const log = this.#topics.get(topic)?.partitions[partition];
      if (log) log.answered = false;
    }
  }

  #finish(): void {
    this.#isWhole = true;
    for (const [name, topic] of this.#topics) topic.tick(name === this.focus.topic);
    this.#groups.tick(logsOf(this.#topics, this.#isPart.topics), this.#clock.now());
    let slowest = 0;
    for (const { id } of this.#metadata.brokers) {
      const { answerMs, problem, answeredAt } = this.cluster.contact(id);
      const trend = this.#answers.get(id) ?? [];
      this.#answers.set(id, trend);
      trend.push(problem ? null : answerMs);
      if (trend.length > 20) trend.shift();
      if (!problem) slowest = Math.max(slowest, answerMs ?? 0);
      this.#answeredAt = Math.max(this.#answeredAt, answeredAt ?? 0);
    }
    this.#slowdown =
      slowest > this.effectiveIntervalMs ? this.#slowdown * 2 : slowest * 2 < this.intervalMs ? 1 : this.#slowdown;
  }

  /** Whether no broker answers. */
  #goneSince(): boolean {
    const { brokers } = this.#metadata;
    return brokers.length > 0 && brokers.every(({ id }) => this.cluster.contact(id).problem !== undefined);
  }

  #nextTryAt(): number {
    return Math.min(...this.#metadata.brokers.map(({ id }) => this.cluster.contact(id).nextTryAt));
  }
}
