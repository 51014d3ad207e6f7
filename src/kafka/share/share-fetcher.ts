/** Reads what a share group hands out: one loop per broker, which asks for more once everything of its last answer was handled and acknowledges that with it. */
import { KtError } from '../../base/errors.ts';
import { pause, within } from '../../base/pause.ts';
import { Turns } from '../../base/turns.ts';
import type { RecordBatch } from '../batch/record.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../cluster.ts';
import { closingMs } from '../coordinator-client.ts';
import { decoded } from '../fetch/decode.ts';
import type { FetchOptions } from '../fetch/fetch.ts';
import { findLeaders } from '../fetch/leaders.ts';
import { giveUpCause, Outages } from '../fetch/outages.ts';
import { fetchStateOf, loseLeader, type PartitionFetchState, refuseRead } from '../fetch/partition-state.ts';
import { refusedFor } from '../permissions.ts';
import { partitionName } from '../routing.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { type AcknowledgeType, AcquiredRecords } from './acquired.ts';
import { ShareBroker } from './share-broker.ts';

const retryMs = 100;
/** How long a broker may wait for records, in ms. */
const maxWaitMs = 500;
/** The same for partitions that it has not been asked for, where an answer without records counts: it loads the group's state first. */
const firstWaitMs = 2_000;
/** Not in the range of any log: a partition is given up if its leader is missing, but has no offset to stop before. */
const bounded = 2n ** 62n;

export interface ShareFetchOptions
  extends Pick<FetchOptions, 'signal' | 'warn' | 'note' | 'select' | 'maxBatchBytes' | 'partBytes' | 'deleted' | 'unread'> {
  readonly group: string;
  readonly memberId: string;
  readonly acknowledge: AcknowledgeType;
  /** How many records are wanted still; undefined: no limit. */
  wanted(): number | undefined;
  /**
   * Where each partition ended when the reading began, by name: it ends when the group hands out nothing more before that. Undefined reads for ever.
   */
  readonly ends?: ReadonlyMap<string, bigint> | undefined;
}

/** Records that were handed out; to be told how far they were handled before the next batch is asked for. */
export interface SharedBatch extends RecordBatch {
  readonly partition: number;
  /** Everything before this offset was handled: it is acknowledged with the next request. */
  handled(before: bigint): void;
}

type ShareAnswer = ResponseBodies['ShareFetch'];
type PartitionAnswer = ShareAnswer['responses'][number]['partitions'][number];

interface Answer {
  readonly broker: ShareBroker;
  readonly acquired: readonly AcquiredRecords[];
  /** When the records may be handed to others, in ms of `performance.now()`. */
  readonly expiresAt: number;
  readonly lockMs: number;
}

export class ShareFetcher {
  readonly #cluster: Cluster;
  readonly #options: ShareFetchOptions;
  readonly #outages: Outages;
  #states: readonly PartitionFetchState[] = [];
  readonly #brokers = new Map<number, ShareBroker>();
  readonly #loops = new Set<Promise<void>>();
  readonly #answers: Answer[] = [];
  /** Ends the loops at their next step, so that what is under way is still answered. */
  readonly #stopped = new AbortController();
  /** Ends what is under way too. */
  readonly #late = new AbortController();
  #failure: unknown;
  #wakeReader: () => void = () => {};
  #isFindingLeaders = false;
  #isAssigned = false;
  #reading: AcquiredRecords | undefined;

  constructor(cluster: Cluster, options: ShareFetchOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#outages = new Outages(options, cluster.timeoutMs);
    options.signal.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** How often the record that is being visited has been handed out, this time included. */
  get deliveryCount(): number {
    return this.#reading?.deliveryCount ?? 0;
  }

  /** Reads these partitions from now on, and no others. */
  assign(partitions: readonly TopicPartition[], metadata: ClusterMetadata): void {
    const known = new Map(this.#states.map((state) => [partitionName(state), state]));
    this.#isAssigned ||= partitions.length > 0;
    this.#states = partitions.map(({ topic, partition }) => {
      const { topicId = null, partitions: all = [] } = metadata.topics.get(topic) ?? {};
      const state = known.get(partitionName({ topic, partition }));
      if (state?.topicId === topicId) return state;
      const end = this.#options.ends && bounded;
      const fresh = fetchStateOf({ topic, partition, start: 0n, end }, topicId);
      const { leader = -1, leaderEpoch = -1 } = all.find((each) => each.partition === partition) ?? {};
      if (leader >= 0) Object.assign(fresh, { leader, leaderEpoch });
      return fresh;
    });
    this.#dispatch();
  }

  /** Ends the reading with an error. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#wakeReader();
  }

  /** The records as they are handed out. To ask for the next batch says that the last one was handled as far as it was said to be. */
  async *batches(): AsyncGenerator<SharedBatch> {
    const turns = new Turns();
    for (;;) {
      const answer = await this.#next();
      if (!answer) return;
      for (const acquired of answer.acquired) {
        this.#reading = acquired;
        do {
          const turn = turns.give();
          if (turn) await turn;
          this.#options.signal.throwIfAborted();
          if (performance.now() > answer.expiresAt) {
            this.#tellExpired(acquired, answer.lockMs);
            break;
          }
          const selected = this.#options.select ? await this.#options.select(acquired) : acquired;
          acquired.looked();
          yield this.#batchOf(answer, acquired, selected);
        } while (acquired.advance());
      }
      answer.broker.done();
    }
  }

  #batchOf({ broker, lockMs }: Answer, acquired: AcquiredRecords, selected: { each: RecordBatch['each'] }): SharedBatch {
    const { topic, partition } = acquired;
    return {
      topic,
      partition,
      each: (visit) => selected.each(visit),
      get passed() {
        return [{ topic, partition, nextOffset: acquired.nextOffset }];
      },
      handled: (before) => {
        const { acknowledge } = this.#options;
        broker.acknowledge(acquired.acknowledgements(acknowledge, before), acknowledge === 'release' ? lockMs / 2 : 0);
      },
    };
  }

  /** Acknowledges what was handled and gives back the rest, within 3 s, also when interrupted; never throws. */
  async close(): Promise<void> {
    this.#stop();
    await within(closingMs, Promise.all(this.#loops));
    this.#late.abort(new KtError('interrupted', 'the reader stopped'));
    await Promise.all([...this.#brokers.values()].map((broker) => broker.close()));
  }

  #stop(): void {
    this.#stopped.abort();
    for (const broker of this.#brokers.values()) broker.done();
    this.#wakeReader();
  }

  async #next(): Promise<Answer | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#options.signal.throwIfAborted();
      const answer = this.#answers.shift();
      if (answer) return answer;
      if (this.#options.ends && this.#isAssigned && this.#states.every(({ done }) => done)) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  #dispatch(): void {
    for (const { leader, done, topicId } of this.#states) {
      if (done || leader === undefined || this.#stopped.signal.aborted) continue;
      if (topicId === null || this.#brokers.get(leader)?.isRunning) continue;
      const broker = this.#brokers.get(leader) ?? this.#newBroker(leader);
      this.#brokers.set(leader, broker);
      broker.isRunning = true;
      this.#run(
        this.#serve(broker).finally(() => {
          broker.isRunning = false;
        }),
      );
    }
    if (!this.#isFindingLeaders && this.#lost.length > 0) {
      this.#isFindingLeaders = true;
      this.#run(this.#findLeaders());
    }
    this.#wakeReader();
  }

  #newBroker(id: number): ShareBroker {
    const { group, memberId, maxBatchBytes, warn } = this.#options;
    return new ShareBroker(this.#cluster, { id, group, memberId, maxBatchBytes, warn, signal: this.#late.signal });
  }

  #run(work: Promise<void>): void {
    const loop = work.catch((error: unknown) => this.fail(error)).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  get #lost(): readonly PartitionFetchState[] {
    return this.#states.filter(({ done, leader }) => !done && leader === undefined);
  }

  async #serve(broker: ShareBroker): Promise<void> {
    const { ends, wanted: wantedRecords } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const wanted = this.#states.filter(({ leader, done }) => leader === broker.id && !done);
      if (wanted.length === 0) return broker.close();
      const waitMs = ends && broker.isNewTo(wanted) ? firstWaitMs : maxWaitMs;
      const outcome = await broker.fetch(wanted, waitMs, wantedRecords());
      if (outcome instanceof KtError) {
        for (const state of wanted) loseLeader(state, outcome);
        this.#dispatch();
        return;
      }
      if (outcome === undefined) continue;
      await this.#take(broker, outcome, wanted);
      this.#dispatch();
    }
  }

  async #take(broker: ShareBroker, answer: ShareAnswer, wanted: readonly PartitionFetchState[]): Promise<void> {
    const acquired: AcquiredRecords[] = [];
    const answered = new Set(wanted);
    for (const { topicId, partitions } of answer.responses) {
      for (const partition of partitions) {
        const state = wanted.find((each) => each.topicId === topicId && each.partition === partition.partitionIndex);
        if (partition.errorCode !== 0 && state) {
          answered.delete(state);
          this.#refuse(state, partition);
        } else if (partition.acquiredRecords.length > 0) {
          const records = await this.#acquired(topicId, partition, wanted);
          if (records) acquired.push(records);
        }
      }
    }
    this.#outages.answered([...answered]);
    if (acquired.length === 0) return this.#nothingCame([...answered]);
    const { acquisitionLockTimeoutMs: lockMs } = answer;
    this.#answers.push({ broker, acquired, lockMs, expiresAt: performance.now() + lockMs });
    const handled = broker.handled(this.#stopped.signal);
    this.#wakeReader();
    await handled;
  }

  /** The records of a partition; undefined for those that came after the end: they are given back when the session ends. */
  async #acquired(
    topicId: string,
    { partitionIndex: partition, records, acquiredRecords }: PartitionAnswer,
    wanted: readonly PartitionFetchState[],
  ): Promise<AcquiredRecords | undefined> {
    const state = wanted.find((each) => each.topicId === topicId && each.partition === partition);
    if (state === undefined) throw unasked(topicId, partition);
    const { ends, maxBatchBytes, partBytes } = this.#options;
    const [{ firstOffset: startOffset }] = acquiredRecords as readonly [PartitionAnswer['acquiredRecords'][number]];
    if (ends && startOffset >= (ends.get(partitionName(state)) ?? 0n)) {
      state.done = true;
      return undefined;
    }
    // From now on a single answer without records says that there are no more.
    state.emptyAnswers = 1;
    const { topic } = state;
    const bytes = records ?? Buffer.alloc(0);
    const found = await decoded({
      topic,
      partition,
      bytes,
      startOffset,
      abortedTransactions: undefined,
      maxBatchBytes,
      partBytes,
    });
    return new AcquiredRecords(found.records.parts(), acquiredRecords);
  }

  #nothingCame(states: readonly PartitionFetchState[]): void {
    if (this.#options.ends === undefined) return;
    for (const state of states) state.done = ++state.emptyAnswers > 1;
  }

  #refuse(state: PartitionFetchState, { errorCode, errorMessage }: PartitionAnswer): void {
    const { topic, partition } = state;
    const what = `reading ${topic}:${partition}`;
    if (!errorOf(errorCode).retriable) throw refusedFor(errorCode, what, { topic: ['READ', topic] }, errorMessage);
    refuseRead(state, refused(errorCode, what, errorMessage));
  }

  async #findLeaders(): Promise<void> {
    const { signal } = this.#stopped;
    for (;;) {
      await pause(retryMs, signal).catch(() => {});
      if (signal.aborted) return;
      const lost = this.#lost;
      if (lost.length === 0) break;
      for (const topic of await findLeaders(this.#cluster, lost)) this.#forget(topic);
      for (const state of this.#outages.check(lost)) {
        state.done = true;
        this.#options.unread?.(state, giveUpCause(state));
      }
      this.#dispatch();
    }
    this.#isFindingLeaders = false;
  }

  #forget(topic: string): void {
    for (const state of this.#states) if (state.topic === topic) state.done = true;
    if (this.#options.deleted?.(topic)) return;
    throw new KtError('refused', `topic ${topic} was deleted while it was read`, {
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      hint: 'kt topics list shows the topics there are',
    });
  }

  #tellExpired(acquired: AcquiredRecords, lockMs: number): void {
    this.#options.warn(
      `${partitionName(acquired)}: records from offset ${acquired.firstOffset} on were not written out, as the output took longer than the group's lock on them (${lockMs / 1000}s): the group delivers them again`,
    );
  }
}

function unasked(topicId: string, partition: number): KtError {
  return new KtError(
    'connection',
    `the answer to ShareFetch cannot be read (${topicId}:${partition} is not what was asked for)`,
    {
      code: 'CORRUPT_MESSAGE',
    },
  );
}
