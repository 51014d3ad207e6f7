/** Asks a cluster what `kt top` shows, tick by tick, with a number of requests that depends on brokers and not on topics or groups. */
import type { Cluster } from '../../kafka/cluster.ts';
import { type Clock, realClock } from './clock.ts';
import { GroupWatch } from './group-watch.ts';
import { keep } from './logs.ts';
import { type LedPartitions, OffsetWatch } from './offset-watch.ts';
import { PacedCluster } from './paced-cluster.ts';
import { Sizes } from './sizes.ts';
import { type Focus, noFocus, type Snapshot } from './snapshot.ts';
import { logsOf, snapshotOf } from './state.ts';
import { atMostEveryMs, Topology } from './topology.ts';
import { Turns } from './turns.ts';

const startsEveryMs = 60_000;
const groupsEveryMs = 10_000;
const membersEveryMs = 10_000;
/** All groups in so long; those in sight at each tick. */
const groupsRoundMs = 30_000;
/** Up to so many groups all are asked about at each tick: it is the same number of requests. */
const groupsPerTick = 50;
const longestIntervalMs = 30_000;
const never = Number.NEGATIVE_INFINITY;

/** When a broker was last asked for what is asked less often. */
interface Asked {
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
  readonly #clock: Clock;
  readonly #topology: Topology;
  readonly #offsets: OffsetWatch;
  readonly #groups: GroupWatch;
  readonly #sizes: Sizes;
  readonly #asked = new Map<number, Asked>();
  readonly #groupTurns = new Turns<string>();
  /** How long each broker's answers took, a bar a tick. */
  readonly #answers = new Map<number, (number | null)[]>();
  readonly #stopped = new AbortController();
  #slowdown = 1;
  /** Whether everything was asked for once. */
  #isWhole = false;
  #wake: (() => void) | undefined;

  constructor(cluster: Cluster, intervalMs: number, clock: Clock = realClock) {
    this.cluster = new PacedCluster(cluster, clock);
    this.intervalMs = intervalMs;
    this.#clock = clock;
    this.#topology = new Topology(this.cluster, clock);
    this.#offsets = new OffsetWatch(this.cluster, this.#topology, clock);
    this.#groups = new GroupWatch(this.cluster);
    this.#sizes = new Sizes(this.cluster, clock);
  }

  /** Asks for the names of everything. @throws KtError `connection`: only before the first answer */
  async start(): Promise<Snapshot> {
    await this.#topology.refresh();
    if (this.#topology.problem) throw this.#topology.problem;
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
    this.#topology.expire();
    this.#asked.clear();
    this.#sizes.refresh();
    for (const id of this.#topology.brokers) this.cluster.contact(id).nextTryAt = 0;
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
    await this.#topology.refreshIfDue();
    const partitions = this.#offsets.next(this.focus, this.effectiveIntervalMs);
    const groups = this.#wantedGroups();
    const progress = this.#isWhole ? undefined : () => changed(this.snapshot());
    const work = this.#topology.brokers.map(async (id) => {
      const asked = partitions.get(id) ?? [];
      if (this.cluster.isAskable(id)) await this.#askBroker(id, asked, groups, progress);
      else this.#offsets.unanswered(asked);
    });
    const late = this.#clock.pause(Math.max(this.effectiveIntervalMs, atMostEveryMs * 2), this.cluster.signal);
    late.catch(() => {});
    await Promise.race([Promise.all(work), late]);
    this.#finish();
  }

  /** What is known now. */
  snapshot(): Snapshot {
    const isGone = this.#isGone();
    return snapshotOf({
      wall: this.#clock.wall(),
      topology: this.#topology,
      groups: this.#groups,
      sizes: this.#sizes,
      answers: this.#answers,
      cluster: this.cluster,
      focus: this.focus,
      isWhole: this.#isWhole,
      isGone,
      nextTryMs: isGone ? Math.max(0, this.#nextTryAt() - this.#clock.now()) : null,
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

  #wantedGroups(): ReadonlySet<string> {
    if (this.focus.onlyTopic) return this.focus.groups;
    const all = this.#groups.names;
    const share = all.length <= groupsPerTick ? 1 : Math.min(1, this.effectiveIntervalMs / groupsRoundMs);
    return this.#groupTurns.next(all, share, this.focus.groups);
  }

  async #askBroker(
    broker: number,
    partitions: LedPartitions,
    wanted: ReadonlySet<string>,
    progress: (() => void) | undefined,
  ): Promise<void> {
    const now = this.#clock.now();
    const asked = this.#asked.get(broker) ?? { groups: never, members: never, starts: never };
    this.#asked.set(broker, asked);
    const first: Promise<void>[] = [this.#offsets.ask(broker, partitions, 'ends')];
    if (now - asked.groups >= groupsEveryMs && !this.focus.onlyTopic) {
      asked.groups = now;
      first.push(this.#groups.list(broker));
    }
    await Promise.all(first);
    progress?.();
    const isNew = asked.members === never;
    const names = this.#groups.namesOn(broker).filter((name) => isNew || wanted.has(name));
    const then: Promise<void>[] = [];
    if (names.length > 0) then.push(this.#groups.readCommits(broker, names, () => this.#clock.wall()));
    if (now - asked.starts >= startsEveryMs) {
      asked.starts = now;
      then.push(this.#offsets.ask(broker, this.#offsets.ledBy(broker), 'starts'));
    }
    if (names.length > 0 && now - asked.members >= membersEveryMs) {
      asked.members = now;
      then.push(this.#groups.readMembers(broker, names));
    }
    if (this.focus.sizes) then.push(this.#sizes.ask(broker));
    await Promise.all(then);
  }

  #finish(): void {
    this.#isWhole = true;
    const { topics, isPart, brokers } = this.#topology;
    for (const [name, topic] of topics) topic.tick(name === this.focus.topic);
    this.#groups.tick(logsOf(topics, isPart.topics), this.#clock.now());
    let slowest = 0;
    for (const id of brokers) {
      const { answerMs, problem } = this.cluster.contact(id);
      const trend = this.#answers.get(id) ?? [];
      this.#answers.set(id, trend);
      keep(trend, problem ? null : answerMs);
      if (!problem) slowest = Math.max(slowest, answerMs ?? 0);
    }
    if (slowest > this.effectiveIntervalMs) this.#slowdown *= 2;
    else if (slowest * 2 < this.intervalMs) this.#slowdown = 1;
  }

  /** Whether no broker answers. */
  #isGone(): boolean {
    const { brokers } = this.#topology;
    return brokers.length > 0 && brokers.every((id) => this.cluster.contact(id).problem !== undefined);
  }

  #nextTryAt(): number {
    return Math.min(...this.#topology.brokers.map((id) => this.cluster.contact(id).nextTryAt));
  }
}
