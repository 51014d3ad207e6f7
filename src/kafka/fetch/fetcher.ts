/** The fetch loops: one per broker, each a step ahead of what is being decoded, over moved leaders and lost connections. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { Turns } from '../../base/turns.ts';
import type { FetchedRecords } from '../batch/record.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../cluster.ts';
import { giveFrameMemory } from '../connection/frame-memory.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf, refused } from '../wire/errors.ts';
import { checkAsked, type FetchAnswer, memoryOf, type PartitionAnswer, type PendingRecords, takeRecords } from './answer.ts';
import { nothingComes, readToEnd } from './end-of-log.ts';
import { answerBytes, type FetchedBatch, type FetchOptions, type FetchRange, type PartitionReach } from './fetch.ts';
import { FetchSession } from './fetch-session.ts';
import { findLeaders } from './leaders.ts';
import { giveUpCause, Outages, patienceMs } from './outages.ts';
import { loseLeader, type PartitionFetchState, refuseRead } from './partition-state.ts';
import { PartitionStates } from './partition-states.ts';
import { skipDeletedRecords } from './retention.ts';
import { UnreadPartitions } from './unread.ts';

/** Answers that may wait per broker while one is being decoded and one is under way. */
const waitingAnswers = 1;
/** Behind an answer of this size the next is only asked for when that one is being decoded, in bytes. */
const largeAnswer = 16 << 20;
const maxWaitMs = 500;
const maxBytes = 3 << 20;
const retryMs = 100;

/**
 * Reads the ranges until each has reached its end; without an end, until the signal or `return()`.
 * Whether an end is reached depends on the next offset to fetch, never on having seen a record: transaction markers and compacted offsets count.
 * A partition whose leader does not answer holds nothing else up. Without an end it is waited for for ever; with one it is given up after
 * 30 s without a leader, or after the cluster's timeout where a leader only refuses, and all other ranges are read all the same.
 * @throws KtError `refused` (a deleted topic, no permission, an unreadable batch); `connection` at the end, for ranges that were given up
 */
export function fetchRecords(
  cluster: Cluster,
  ranges: readonly FetchRange[],
  options: FetchOptions,
): AsyncGenerator<FetchedBatch> {
  return new RecordFetcher(cluster, ranges, options).batches();
}

/** Reads ranges, to which others may be added while it reads. */
export class RecordFetcher {
  /** Aborted when the reading ends, for whatever reason. */
  readonly signal: AbortSignal;
  readonly #cluster: Cluster;
  readonly #options: FetchOptions;
  readonly #ranges: readonly FetchRange[];
  readonly #states = new PartitionStates();
  readonly #outages: Outages;
  /** Ranges that were given up, where nobody else takes note of them. */
  readonly #unreadable = new UnreadPartitions();
  /** Brokers that are being fetched from, with how many of their answers wait. */
  readonly #workers = new Map<number, { waiting: number; wake: () => void }>();
  readonly #answers: { broker: number; batches: PendingRecords[]; memory: ArrayBufferLike | undefined }[] = [];
  /** Where the answer lies that is being read. */
  #reading: ArrayBufferLike | undefined;
  /** Batches of that answer which were not asked for yet. */
  #unread = 0;
  readonly #stopped = new AbortController();
  #failure: unknown;
  #wakeReader: () => void = () => {};
  #isFindingLeaders = false;

  constructor(cluster: Cluster, ranges: readonly FetchRange[], options: FetchOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#outages = new Outages(options, cluster.timeoutMs);
    this.signal = AbortSignal.any([options.signal, this.#stopped.signal]);
    this.signal.addEventListener('abort', () => this.#wakeReader(), { once: true });
    this.#ranges = ranges;
  }

  /** Begins to read. Ends when every range has reached its end and none may be added; stops reading when it is returned from. */
  async *batches(): AsyncGenerator<FetchedBatch> {
    const { select, signal } = this.#options;
    const turns = new Turns();
    try {
      const topics = [...new Set(this.#ranges.map(({ topic }) => topic))];
      this.add(this.#ranges, await this.#cluster.cachedMetadata(topics));
      for (;;) {
        const answer = await this.#next();
        if (!answer) return;
        this.#unread = answer.length;
        for (const pending of answer) {
          this.#unread--;
          do {
            const turn = turns.give();
            if (turn) await turn.then(() => signal.throwIfAborted());
            const selected = select ? await select(pending) : pending;
            pending.looked();
            yield this.#batchOf(pending, selected);
          } while (pending.advance());
        }
      }
    } finally {
      this.stop();
    }
  }

  #batchOf(pending: PendingRecords, selected: FetchedRecords): FetchedBatch {
    const { topic, partition } = pending;
    const isLast = this.#unread === 0;
    return {
      topic,
      partition,
      each: (visit, take) => selected.each(visit, take),
      get nextOffset() {
        return pending.nextOffset;
      },
      get passed() {
        return [{ topic, partition, nextOffset: pending.nextOffset }];
      },
      get isLastOfAnswer() {
        return isLast && !pending.hasMore;
      },
    };
  }

  /** Ends the reading, also while the next batch is waited for. */
  stop(): void {
    this.#stopped.abort(new KtError('interrupted', 'the reader stopped'));
    for (const { wake } of this.#workers.values()) wake();
  }

  /** Ends the reading with an error. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#wakeReader();
  }

  /** Whether the next batch is there: asking for it waits for nothing. The batches before it then count as decoded. */
  isNextReady(): boolean {
    return this.#unread > 0 || this.#answers.length > 0;
  }

  /** Whether a partition has nothing more for now: it is done, its leader had nothing, or it is followed and has no leader. */
  isIdle(partition: TopicPartition): boolean {
    const state = this.#states.of(partition);
    return state === undefined || state.done || state.idle || (state.isTold && state.end === undefined);
  }

  /** All partitions that it reads, with how far each goes. */
  get reach(): readonly PartitionReach[] {
    return this.#states.all.map(({ topic, partition, start, readableEnd, deleted }) => {
      return { topic, partition, start, end: readableEnd < 0n ? undefined : readableEnd, deleted };
    });
  }

  /** Reads these as well from now on; `metadata` knows their leaders. */
  add(ranges: readonly FetchRange[], metadata: ClusterMetadata): void {
    this.#states.add(ranges, metadata);
    this.#dispatch();
  }

  /** Pauses a partition whose reader has enough for now, or resumes it. What is under way still comes. */
  hold(partition: TopicPartition, held: boolean): void {
    const state = this.#states.of(partition);
    if (!state || state.held === held) return;
    state.held = held;
    if (!held) this.#dispatch();
  }

  /** The batches of the next answer, or undefined when everything was read. What was returned before counts as decoded. */
  async #next(): Promise<readonly PendingRecords[] | undefined> {
    if (this.#reading) giveFrameMemory(this.#reading);
    this.#reading = undefined;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#options.signal.aborted) throw this.#options.signal.reason;
      if (this.#stopped.signal.aborted) return undefined;
      const answer = this.#answers.shift();
      if (answer) {
        const worker = this.#workers.get(answer.broker);
        if (worker) {
          worker.waiting--;
          worker.wake();
        }
        this.#reading = answer.memory;
        return answer.batches;
      }
      // A loop that still runs may be about to hand over the last answer.
      if (!this.#options.mayAdd?.() && this.#workers.size === 0 && this.#states.allDone) {
        this.#unreadable.check();
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  /** Starts a loop for each leader that has none, and the search for leaders where they are missing. */
  #dispatch(): void {
    for (const { leader, done, held } of this.#states.all) {
      if (done || held || leader === undefined || this.#workers.has(leader)) continue;
      this.#workers.set(leader, { waiting: 0, wake: () => {} });
      this.#serve(leader).catch((error: unknown) => this.fail(error));
    }
    if (!this.#isFindingLeaders && this.#states.withoutLeader.length > 0) {
      this.#isFindingLeaders = true;
      this.#findLeaders().catch((error: unknown) => this.fail(error));
    }
    this.#wakeReader();
  }

  async #serve(broker: number): Promise<void> {
    const worker = this.#workers.get(broker)!;
    const { isolation, partitionMaxBytes = maxBytes } = this.#options;
    const session = new FetchSession({ isolation, maxWaitMs, maxBytes, partitionMaxBytes });
    let isLarge = false;
    try {
      while (!this.signal.aborted) {
        const wanted = this.#states.ledBy(broker);
        if (wanted.length === 0) return;
        if (worker.waiting > (isLarge ? 0 : waitingAnswers)) {
          await new Promise<void>((resolve) => {
            worker.wake = resolve;
          });
          continue;
        }
        const answer = await this.#fetch(broker, session, wanted);
        if (!answer || this.signal.aborted) continue;
        const batches = await this.#take(broker, answer, wanted);
        if (batches.length > 0) {
          worker.waiting++;
          const memory = memoryOf(answer);
          isLarge = memory !== undefined && memory.byteLength > largeAnswer;
          this.#answers.push({ broker, batches, memory });
        }
        this.#dispatch();
      }
    } finally {
      // At once, so that a partition that comes to this broker now gets a new loop.
      this.#workers.delete(broker);
      this.#wakeReader();
    }
  }

  async #fetch(
    broker: number,
    session: FetchSession,
    wanted: readonly PartitionFetchState[],
  ): Promise<FetchAnswer | undefined> {
    const { maxVersion } = this.#states;
    const options = {
      signal: this.signal,
      longPollMs: maxWaitMs,
      answerBytes: answerBytes(this.#options),
      ...(maxVersion !== undefined && { maxVersion }),
    };
    let lose = loseLeader;
    try {
      const answer = await this.#cluster.request('Fetch', session.request(wanted), { broker }, options);
      lose = refuseRead;
      checkAsked(broker, answer, this.#states, wanted);
      return session.accept(answer, broker) ? answer : undefined;
    } catch (error) {
      if (this.signal.aborted) return undefined;
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      session.reset();
      if (error.code === 'CORRUPT_MESSAGE') lose = refuseRead;
      for (const state of wanted) lose(state, error);
      this.#dispatch();
      return undefined;
    }
  }

  /** Moves the partitions past an answer, before anything of it is decoded, and gives its batches. */
  async #take(broker: number, answer: FetchAnswer, wanted: readonly PartitionFetchState[]): Promise<PendingRecords[]> {
    const isCommitted = this.#options.isolation === 'read_committed';
    const taken: PendingRecords[] = [];
    const back: PartitionFetchState[] = [];
    let bytes = 0;
    let refusals = 0;
    for (const response of answer.responses) {
      const topic = this.#states.topicOf(response);
      for (const partition of response.partitions) {
        const state = this.#states.of({ topic, partition: partition.partitionIndex })!;
        if (state.done) continue;
        if (partition.errorCode !== 0) {
          refusals++;
          await this.#refuse(state, partition);
          continue;
        }
        if (state.lostAt !== undefined) back.push(state);
        state.readableEnd = isCommitted ? partition.lastStableOffset : partition.highWatermark;
        if (partition.records === null || partition.records.length === 0) continue;
        bytes += partition.records.length;
        state.idle = false;
        state.emptyAnswers = 0;
        const from = state.offset;
        const aborted = isCommitted ? partition.abortedTransactions : undefined;
        taken.push(...(await takeRecords(state, partition.records, aborted, this.#options)));
        this.#options.moved?.(Number(state.offset - from));
      }
    }
    if (back.length > 0) this.#outages.answered(back);
    if (bytes === 0 && refusals === 0 && answer.throttleTimeMs === 0) await this.#nothingCame(broker, wanted);
    return taken;
  }

  async #nothingCame(broker: number, wanted: readonly PartitionFetchState[]): Promise<void> {
    for (const state of wanted) state.idle = true;
    const unfinished = wanted.filter(({ done }) => !done);
    try {
      for (const state of await readToEnd(this.#cluster, broker, unfinished)) state.done = true;
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      for (const state of unfinished) loseLeader(state, error);
    }
    const longAgo = performance.now() - patienceMs;
    for (const state of unfinished) {
      if (!state.done && state.emptyAnswers > 0 && state.emptySince < longAgo) this.#giveUp(state, nothingComes(state, broker));
    }
  }

  #giveUp(state: PartitionFetchState, cause: KtError): void {
    state.done = true;
    const unread = this.#options.unread ?? this.#unreadable.add;
    unread(state, cause);
  }

  async #refuse(state: PartitionFetchState, { errorCode }: PartitionAnswer): Promise<void> {
    const { topic, partition } = state;
    const { name, retriable } = errorOf(errorCode);
    if (name === 'OFFSET_OUT_OF_RANGE') return this.#skip(state);
    const what = `reading ${topic}:${partition}`;
    if (!retriable) throw refusedFor(errorCode, `${what} at offset ${state.offset}`, { topic: ['READ', topic] });
    refuseRead(state, refused(errorCode, what, null));
  }

  async #skip(state: PartitionFetchState): Promise<void> {
    try {
      this.#options.warn(await skipDeletedRecords(this.#cluster, state, this.signal));
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      loseLeader(state, error);
    }
  }

  async #findLeaders(): Promise<void> {
    for (;;) {
      await pause(retryMs, this.signal).catch(() => {});
      if (this.signal.aborted) return;
      const lost = this.#states.withoutLeader;
      if (lost.length === 0) {
        this.#isFindingLeaders = false;
        return;
      }
      for (const topic of await findLeaders(this.#cluster, lost)) this.#forget(topic);
      for (const state of this.#outages.check(lost)) this.#giveUp(state, giveUpCause(state));
      this.#dispatch();
    }
  }

  /** The partitions of a deleted topic are done. @throws KtError `refused` when the reading cannot continue without it */
  #forget(topic: string): void {
    for (const state of this.#states.all) if (state.topic === topic) state.done = true;
    if (this.#options.deleted?.(topic)) return;
    throw new KtError('refused', `topic ${topic} was deleted while it was read`, {
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      hint: 'kt topics list shows the topics there are',
    });
  }
}
