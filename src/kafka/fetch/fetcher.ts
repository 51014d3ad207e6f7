/** The fetch loops: one per broker, each a step ahead of what is being decoded, over moved leaders and lost connections. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { scanBatches, splitBatches } from '../batch/header.ts';
import { corruptBatch } from '../batch/malformed.ts';
import { RecordBatches } from '../batch/reader.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../cluster.ts';
import { prepareCodecs } from '../compression/index.ts';
import { giveFrameMemory } from '../connection/frame-memory.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import type { FetchedPart, FetchOptions, FetchRange } from './fetch.ts';
import { FetchSession } from './fetch-session.ts';
import { Bounded, loseLeader, nothingCame, type Position, positionOf } from './position.ts';

/** Answers that may wait per broker while one is being decoded and one is under way. */
const waitingAnswers = 1;
const maxWaitMs = 500;
const maxBytes = 3 << 20;
/** An answer is given in parts of at least so many bytes: while one is decoded nothing is read off the socket, and brokers wait soon. */
const partBytes = 1 << 20;
const retryMs = 100;
/** A broker that has just started may not know yet what it had: a topic is deleted when it stays unknown. */
const doubtMs = 3_000;
/** The last version that names topics; newer ones need topic ids. */
const lastVersionByName = 12;

/** A part before its place in the answer is known. */
type Part = Omit<FetchedPart, 'isLastOfAnswer'>;
type PartitionAnswer = ResponseBodies['Fetch']['responses'][number]['partitions'][number];

/** Reads ranges, to which others may be added while it reads. */
export class RecordFetcher {
  readonly #cluster: Cluster;
  readonly #options: FetchOptions;
  readonly #positions: Position[] = [];
  readonly #ranges: readonly FetchRange[];
  readonly #byTopicPartition = new Map<string, Position[]>();
  readonly #topicOfId = new Map<string, string>();
  /** Brokers that are being fetched from, with how many of their answers wait. */
  readonly #workers = new Map<number, { waiting: number; wake: () => void }>();
  readonly #answers: { broker: number; fetched: Part[]; memory: ArrayBufferLike | undefined }[] = [];
  /** Where the answer lies that is being read. */
  #reading: ArrayBufferLike | undefined;
  /** Parts of that answer which were not asked for yet. */
  #unread = 0;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  #failure: unknown;
  #wakeReader: () => void = () => {};
  #relocating = false;
  #maxVersion: number | undefined;

  constructor(cluster: Cluster, ranges: readonly FetchRange[], options: FetchOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stopped.signal]);
    this.#signal.addEventListener('abort', () => this.#wakeReader(), { once: true });
    this.#ranges = ranges;
  }

  /** Begins to read. Ends when every range has reached its end and none may be added; stops reading when it is returned from. */
  async *parts(): AsyncGenerator<FetchedPart> {
    try {
      const topics = [...new Set(this.#ranges.map(({ topic }) => topic))];
      this.#place(this.#ranges, await this.#cluster.cachedMetadata(topics));
      for (;;) {
        const answer = await this.#next();
        if (!answer) return;
        this.#unread = answer.length;
        for (const part of answer) {
          this.#unread--;
          yield { ...part, isLastOfAnswer: this.#unread === 0 };
        }
      }
    } finally {
      this.stop();
    }
  }

  /** Ends the reading, also while the next part is waited for. */
  stop(): void {
    this.#stopped.abort(new KtError('interrupted', 'the reader stopped'));
    for (const { wake } of this.#workers.values()) wake();
  }

  /** Ends the reading with an error. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#wakeReader();
  }

  /** Whether the next part is there: asking for it waits for nothing. What was given before counts as decoded then. */
  isNextReady(): boolean {
    return this.#unread > 0 || this.#answers.length > 0;
  }

  /** Whether nothing more of a partition is there for now: it is done, or its leader had nothing. */
  isIdle({ topic, partition }: TopicPartition): boolean {
    const position = this.#byTopicPartition.get(topic)?.[partition];
    return position === undefined || position.done || position.idle;
  }

  /** Reads these as well from now on; `metadata` knows their leaders. */
  add(ranges: readonly FetchRange[], metadata: ClusterMetadata): void {
    this.#place(ranges, metadata);
  }

  /** Whether a partition's reader has enough for now: then no more of it is fetched, but for what is under way. */
  hold({ topic, partition }: TopicPartition, held: boolean): void {
    const position = this.#byTopicPartition.get(topic)?.[partition];
    if (!position || position.held === held) return;
    position.held = held;
    if (!held) this.#dispatch();
  }

  #place(ranges: readonly FetchRange[], metadata: ClusterMetadata): void {
    for (const range of ranges) {
      const found = metadata.topics.get(range.topic);
      const topicId = found?.topicId ?? null;
      if (topicId === null) this.#maxVersion = lastVersionByName;
      else this.#topicOfId.set(topicId, range.topic);
      const position = positionOf(range, topicId);
      this.#positions.push(position);
      const partitions = this.#byTopicPartition.get(range.topic) ?? [];
      partitions[range.partition] = position;
      this.#byTopicPartition.set(range.topic, partitions);
      const partition = found?.partitions.find((candidate) => candidate.partition === range.partition);
      if (partition && partition.leader >= 0) {
        position.leader = partition.leader;
        position.leaderEpoch = partition.leaderEpoch;
      }
    }
    this.#dispatch();
  }

  /** The next answer's records, or undefined when everything was read. What was returned before counts as decoded. */
  async #next(): Promise<readonly Part[] | undefined> {
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
        return answer.fetched;
      }
      // A loop that still runs may be about to hand over the last answer.
      if (!this.#options.mayAdd && this.#workers.size === 0 && this.#positions.every(({ done }) => done)) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  /** Starts a loop for each leader that has none, and a look-up for the partitions without a leader. */
  #dispatch(): void {
    for (const { leader, done, held } of this.#positions) {
      if (done || held || leader === undefined || this.#workers.has(leader)) continue;
      this.#workers.set(leader, { waiting: 0, wake: () => {} });
      this.#serve(leader).catch((error: unknown) => this.fail(error));
    }
    if (!this.#relocating && this.#positions.some(({ done, leader }) => !done && leader === undefined)) {
      this.#relocating = true;
      this.#relocate().catch((error: unknown) => this.fail(error));
    }
    this.#wakeReader();
  }

  async #serve(broker: number): Promise<void> {
    const worker = this.#workers.get(broker)!;
    const session = new FetchSession({
      isolationLevel: this.#options.isolation === 'read_committed' ? 1 : 0,
      maxWaitMs,
      maxBytes,
      partitionMaxBytes: this.#options.partitionMaxBytes ?? maxBytes,
    });
    try {
      while (!this.#signal.aborted) {
        const mine = this.#positions.filter(({ leader, done, held }) => leader === broker && !done && !held);
        if (mine.length === 0) return;
        if (worker.waiting > waitingAnswers) {
          await new Promise<void>((resolve) => {
            worker.wake = resolve;
          });
          continue;
        }
        const response = await this.#fetch(broker, session, mine);
        if (!response || this.#signal.aborted) continue;
        const fetched = await this.#take(response, mine);
        if (fetched.length > 0) {
          worker.waiting++;
          this.#answers.push({ broker, fetched, memory: memoryOf(response) });
        }
        this.#dispatch();
      }
    } finally {
      // At once, so that a partition that comes to this broker now gets a new loop.
      this.#workers.delete(broker);
      this.#wakeReader();
    }
  }

  async #fetch(broker: number, session: FetchSession, mine: readonly Position[]): Promise<ResponseBodies['Fetch'] | undefined> {
    try {
      const response = await this.#cluster.request(
        'Fetch',
        session.request(mine),
        { broker },
        {
          signal: this.#signal,
          longPollMs: maxWaitMs,
          ...(this.#maxVersion !== undefined && { maxVersion: this.#maxVersion }),
        },
      );
      this.#checkAsked(broker, response, mine);
      return session.accept(response, broker) ? response : undefined;
    } catch (error) {
      if (this.#signal.aborted) return undefined;
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      session.reset();
      for (const position of mine) loseLeader(position, error);
      this.#dispatch();
      return undefined;
    }
  }

  /**
   * Partitions that nobody asked for, or that come twice, were damaged on their way: their records may be of any partition.
   * @throws KtError `connection`
   */
  #checkAsked(broker: number, response: ResponseBodies['Fetch'], mine: readonly Position[]): void {
    const asked = new Set(mine);
    for (const { topic: name, topicId, partitions } of response.responses) {
      const topic = this.#topicOfId.get(topicId) ?? name;
      for (const { partitionIndex } of partitions) {
        const position = this.#byTopicPartition.get(topic)?.[partitionIndex];
        if (position && asked.delete(position)) continue;
        throw new KtError(
          'connection',
          `the answer to Fetch from broker ${broker} cannot be read (${topic || topicId} [${partitionIndex}] is not what was asked for)`,
          { code: 'CORRUPT_MESSAGE' },
        );
      }
    }
  }

  /** Moves the positions past an answer, before anything of it is decoded, and gives the parts that hold records. */
  async #take(response: ResponseBodies['Fetch'], mine: readonly Position[]): Promise<Part[]> {
    const fetched: Part[] = [];
    let bytes = 0;
    let refusals = 0;
    for (const { topic: name, topicId, partitions } of response.responses) {
      const topic = this.#topicOfId.get(topicId) ?? name;
      for (const answer of partitions) {
        const position = this.#byTopicPartition.get(topic)![answer.partitionIndex]!;
        if (position.done) continue;
        if (answer.errorCode !== 0) {
          refusals++;
          await this.#refuse(position, answer);
          continue;
        }
        position.lostAt = undefined;
        position.readableEnd = this.#options.isolation === 'read_committed' ? answer.lastStableOffset : answer.highWatermark;
        if (answer.records === null || answer.records.length === 0) continue;
        bytes += answer.records.length;
        position.idle = false;
        // Which transactions were aborted is told for the whole answer, and markers in it end them.
        const pieces = answer.abortedTransactions?.length ? [answer.records] : splitBatches(answer.records, partBytes);
        for (const [index, piece] of pieces.entries()) {
          if (!position.done) fetched.push(await this.#records(position, answer, piece, index > 0));
        }
      }
    }
    if (bytes === 0 && refusals === 0 && response.throttleTimeMs === 0) nothingCame(mine);
    return fetched;
  }

  async #records(position: Position, answer: PartitionAnswer, bytes: Buffer, continues: boolean): Promise<Part> {
    const { topic, partition, offset: startOffset, end } = position;
    const { nextOffset, codecs, batches } = scanBatches(bytes);
    // Bytes without a whole batch are passed on: visiting them tells what is wrong with them.
    if (batches > 0 && nextOffset <= startOffset)
      throw corruptBatch(topic, partition, startOffset, `the records that came end before it, at ${nextOffset - 1n}`);
    const loading = prepareCodecs(codecs);
    if (loading) await loading;
    const abortedTransactions = this.#options.isolation === 'read_committed' ? answer.abortedTransactions : undefined;
    const records = new RecordBatches({ topic, partition, records: bytes, startOffset, continues, abortedTransactions });
    const isLast = end !== undefined && end <= nextOffset;
    position.offset = isLast ? end : nextOffset;
    this.#options.moved?.(Number(position.offset - startOffset));
    position.done = isLast;
    return {
      topic,
      partition,
      records: isLast && end < nextOffset ? new Bounded(records, end) : records,
      nextOffset: position.offset,
    };
  }

  async #refuse(position: Position, answer: PartitionAnswer): Promise<void> {
    const { topic, partition } = position;
    const { name, retriable } = errorOf(answer.errorCode);
    if (name === 'OFFSET_OUT_OF_RANGE') return this.#afterRetention(position);
    const what = `reading ${topic} [${partition}]`;
    if (!retriable) throw refusedFor(answer.errorCode, `${what} at offset ${position.offset}`, { topic: ['READ', topic] });
    loseLeader(position, refused(answer.errorCode, what, null));
  }

  /** The offset is gone: retention (or delete-records) passed the reader, which goes on at the new start and says so. */
  async #afterRetention(position: Position): Promise<void> {
    const { topic, partition, offset } = position;
    const response = await this.#cluster.request(
      'ListOffsets',
      {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: -2n }] }],
      },
      { broker: position.leader! },
      { signal: this.#signal },
    );
    const start = response.topics[0]?.partitions[0]?.offset ?? -1n;
    if (start <= offset) {
      throw new KtError('refused', `offset ${offset} of ${topic} [${partition}] is beyond the log's end`, {
        code: 'OFFSET_OUT_OF_RANGE',
        hint: 'was the topic created anew, or did it lose records? --from-beginning reads what is there',
      });
    }
    this.#options.warn(
      `${topic} [${partition}]: offsets ${offset} to ${start - 1n} are deleted already (retention); going on at ${start}`,
    );
    position.offset = start;
    position.done = position.end !== undefined && start >= position.end;
  }

  /** Its partitions are done. @throws KtError `refused` when nobody is told of deleted topics */
  #forget(topic: string): void {
    for (const position of this.#positions) if (position.topic === topic) position.done = true;
    if (!this.#options.deleted?.(topic)) throw deleted(topic);
  }

  async #relocate(): Promise<void> {
    for (;;) {
      await pause(retryMs, this.#signal).catch(() => {});
      if (this.#signal.aborted) return;
      const lost = this.#positions.filter(({ done, leader }) => !done && leader === undefined);
      if (lost.length === 0) {
        this.#relocating = false;
        return;
      }
      const metadata = await this.#cluster.metadata([...new Set(lost.map(({ topic }) => topic))]).catch((error: unknown) => {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        for (const position of lost) loseLeader(position, error);
        return undefined;
      });
      if (!metadata) continue;
      for (const position of lost) {
        const topic = metadata.topics.get(position.topic);
        const found = topic?.partitions.find(({ partition }) => partition === position.partition);
        if (position.done) continue;
        const isUnknown = topic?.errorCode !== undefined && errorOf(topic.errorCode).name === 'UNKNOWN_TOPIC_OR_PARTITION';
        position.unknownAt = isUnknown ? (position.unknownAt ?? performance.now()) : undefined;
        if (isUnknown && performance.now() - position.unknownAt! < doubtMs) continue;
        if (isUnknown || (topic?.topicId && position.topicId && topic.topicId !== position.topicId)) {
          this.#forget(position.topic);
          continue;
        }
        if (found && found.leader >= 0 && metadata.brokers.some(({ id }) => id === found.leader)) {
          position.leader = found.leader;
          position.leaderEpoch = found.leaderEpoch;
        } else {
          loseLeader(position, refused(found?.errorCode || 5, `${position.topic} [${position.partition}]`, null));
        }
      }
      this.#dispatch();
    }
  }
}

/** All records of an answer are views of the one frame. */
function memoryOf({ responses }: ResponseBodies['Fetch']): ArrayBufferLike | undefined {
  for (const { partitions } of responses) for (const { records } of partitions) if (records?.length) return records.buffer;
  return undefined;
}

function deleted(topic: string): KtError {
  return new KtError('refused', `topic ${topic} was deleted while it was read`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: 'kt topics list shows the topics there are',
  });
}
