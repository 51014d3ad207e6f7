/** The partitions that a member of a share group reads: who leads them, whose leader is lost, and which of them are read to their end. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../cluster.ts';
import type { FetchOptions } from '../fetch/fetch.ts';
import { findLeaders } from '../fetch/leaders.ts';
import { giveUpCause, Outages } from '../fetch/outages.ts';
import { fetchStateOf, type PartitionFetchState } from '../fetch/partition-state.ts';
import { partitionName } from '../routing.ts';
import type { AcknowledgeType } from './acquired.ts';

const retryMs = 100;
/** Beyond the end of any log: such a partition is given up if its leader stays away, as those with an end are. */
const endless = 2n ** 62n;

export interface SharePartitionsOptions extends Pick<FetchOptions, 'warn' | 'note' | 'deleted' | 'unread'> {
  /** Where each partition ended when the reading began, by name; undefined where it has no end. */
  readonly ends?: ReadonlyMap<string, bigint> | undefined;
  readonly acknowledge: AcknowledgeType;
}

export class SharePartitions {
  readonly #cluster: Cluster;
  readonly #options: SharePartitionsOptions;
  readonly #outages: Outages;
  #states: readonly PartitionFetchState[] = [];
  /** Behind the last record that was handed out, by partition. */
  readonly #reached = new Map<string, bigint>();
  #isAssigned = false;

  constructor(cluster: Cluster, options: SharePartitionsOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#outages = new Outages(options, cluster.timeoutMs);
  }

  /** These are read from now on, and no others. */
  assign(partitions: readonly TopicPartition[], metadata: ClusterMetadata): void {
    const known = new Map(this.#states.map((state) => [partitionName(state), state]));
    this.#isAssigned ||= partitions.length > 0;
    this.#states = partitions.map(({ topic, partition }) => {
      const { topicId = null, partitions: all = [] } = metadata.topics.get(topic) ?? {};
      const state = known.get(partitionName({ topic, partition }));
      if (state?.topicId === topicId) return state;
      const fresh = fetchStateOf({ topic, partition, start: 0n, end: this.#options.ends && endless }, topicId);
      const { leader = -1 } = all.find((each) => each.partition === partition) ?? {};
      if (leader >= 0) fresh.leader = leader;
      return fresh;
    });
  }

  /** Brokers that lead partitions to read. */
  get leaders(): ReadonlySet<number> {
    const isLeader = (leader: number | undefined) => leader !== undefined;
    return new Set(this.#open.map(({ leader }) => leader).filter(isLeader));
  }

  ledBy(broker: number): readonly PartitionFetchState[] {
    return this.#open.filter(({ leader }) => leader === broker);
  }

  /** Those whose leader is not known. */
  get lost(): readonly PartitionFetchState[] {
    return this.#open.filter(({ leader }) => leader === undefined);
  }

  /** Whether there was something to read, and nothing is left. */
  get areDone(): boolean {
    return this.#isAssigned && this.#open.length === 0;
  }

  /** Their leader answered for them. */
  answered(states: readonly PartitionFetchState[]): void {
    this.#outages.answered(states);
  }

  /** Takes note that records came. @returns whether they are wanted: those behind the end are not, and their partition is read to its end */
  came(state: PartitionFetchState, firstOffset: bigint, lastOffset: bigint): boolean {
    const { ends } = this.#options;
    const name = partitionName(state);
    state.done = ends !== undefined && firstOffset >= (ends.get(name) ?? 0n);
    // From now on a single answer without records says that there are no more.
    state.emptyAnswers = 1;
    this.#reached.set(name, lastOffset + 1n);
    return !state.done;
  }

  /** The group handed out nothing of these, the second time in a row or after it had handed out something: they are read to their end. */
  nothingCame(states: readonly PartitionFetchState[]): void {
    if (this.#options.ends === undefined) return;
    for (const state of states) {
      state.done = ++state.emptyAnswers > 1;
      if (state.done) this.#tellHeldBack(state);
    }
  }

  /** Transaction markers may be all that follows. What this member will only give back later counts among the records that the group hands out of a partition at once. */
  #tellHeldBack(state: PartitionFetchState): void {
    const { ends, acknowledge, warn } = this.#options;
    const name = partitionName(state);
    const [reached, end] = [this.#reached.get(name), ends?.get(name)];
    if (acknowledge !== 'release' || reached === undefined || end === undefined || reached >= end) return;
    warn(
      `${name}: read up to offset ${reached} of ${end}; records that follow are handed out once what --ack release holds is given back (group.share.partition.max.record.locks)`,
    );
  }

  /**
   * Looks for leaders until all are found.
   * @param found called after each look
   * @throws KtError `refused` for a deleted topic without which nothing is left to read
   */
  async findLeaders(signal: AbortSignal, found: () => void): Promise<void> {
    for (;;) {
      await pause(retryMs, signal).catch(() => {});
      const { lost } = this;
      if (signal.aborted || lost.length === 0) return;
      for (const topic of await findLeaders(this.#cluster, lost)) this.#forget(topic);
      for (const state of this.#outages.check(lost)) {
        state.done = true;
        this.#options.unread?.(state, giveUpCause(state));
      }
      found();
    }
  }

  get #open(): readonly PartitionFetchState[] {
    return this.#states.filter(({ done }) => !done);
  }

  #forget(topic: string): void {
    for (const state of this.#states) if (state.topic === topic) state.done = true;
    if (this.#options.deleted?.(topic)) return;
    throw new KtError('refused', `topic ${topic} was deleted while it was read`, {
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      hint: 'kt topics list shows the topics there are',
    });
  }
}
