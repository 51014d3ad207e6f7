/** The fetch loops: one per broker, each a step ahead of what is being decoded, over moved leaders and lost connections. */
import { KtError } from '../../errors.ts';
import { pause } from '../../pause.ts';
import type { Cluster } from '../cluster.ts';
import { giveFrameMemory } from '../connection/frame-memory.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { ResponseBodies } from '../wire/generated/types.ts';
import { scanBatches } from './batch-header.ts';
import { RecordBatches } from './batch-reader.ts';
import { prepareCodecs } from './compression/index.ts';
import { type FetchPosition, FetchSession } from './fetch-session.ts';
import type { FetchedRecords, Visit } from './record.ts';

export type Isolation = 'read_committed' | 'read_uncommitted';

/** What to read of one partition. */
export interface FetchRange {
  readonly topic: string;
  readonly partition: number;
  /** The first offset wanted. */
  readonly start: bigint;
  /** The first offset not wanted any more; undefined follows the partition for ever. */
  readonly end: bigint | undefined;
}

export interface FetchOptions {
  readonly isolation: Isolation;
  /** Ends the reading; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Told what people should know: records lost to retention, a leader that is waited for. */
  readonly warn: (text: string) => void;
}

/** The records of one partition out of one answer, and where the next fetch goes on: past control batches and compaction holes too. */
export interface FetchedPart {
  readonly topic: string;
  readonly partition: number;
  readonly records: FetchedRecords;
  readonly nextOffset: bigint;
  /** Nothing more of the same answer follows. */
  readonly isLastOfAnswer: boolean;
}

/** Answers that may wait per broker while one is being decoded and one is under way. */
const waitingAnswers = 1;
const maxWaitMs = 500;
const maxBytes = 3 << 20;
const partitionMaxBytes = 3 << 20;
/** A leader is waited for longer than a crashed broker takes to be fenced (9 s by default). */
const patienceMs = 30_000;
const retryMs = 100;
/** The last version that names topics; newer ones need topic ids. */
const lastVersionByName = 12;

/** A part before its place in the answer is known. */
type Part = Omit<FetchedPart, 'isLastOfAnswer'>;
type PartitionAnswer = ResponseBodies['Fetch']['responses'][number]['partitions'][number];

interface Position extends FetchPosition {
  readonly end: bigint | undefined;
  leader: number | undefined;
  done: boolean;
  /** The newest offset a reader may see, as the last answer said. */
  readableEnd: bigint;
  /** When its leader was lost, in ms of `performance.now()`; undefined while it answers. */
  lostAt: number | undefined;
}

/**
 * Reads the ranges until each has reached its end; without an end, until the signal or `return()`.
 * An end is decided on the fetch position, never on having seen a record: transaction markers and compaction holes count.
 * @throws KtError `refused` (a deleted topic, no permission, an unreadable batch) or `connection` (no leader for 30 s)
 */
export async function* fetchRecords(
  cluster: Cluster,
  ranges: readonly FetchRange[],
  options: FetchOptions,
): AsyncGenerator<FetchedPart> {
  const fetcher = new Fetcher(cluster, ranges, options);
  try {
    await fetcher.start();
    for (;;) {
      const answer = await fetcher.next();
      if (!answer) return;
      for (const [index, part] of answer.entries()) yield { ...part, isLastOfAnswer: index === answer.length - 1 };
    }
  } finally {
    fetcher.stop();
  }
}

class Fetcher {
  readonly #cluster: Cluster;
  readonly #options: FetchOptions;
  readonly #positions: Position[];
  readonly #byTopicPartition = new Map<string, Position[]>();
  readonly #topicOfId = new Map<string, string>();
  /** Brokers that are being fetched from, with how many of their answers wait. */
  readonly #workers = new Map<number, { waiting: number; wake: () => void }>();
  readonly #answers: { broker: number; fetched: Part[]; memory: ArrayBufferLike | undefined }[] = [];
  /** Where the answer lies that is being read. */
  #reading: ArrayBufferLike | undefined;
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
    this.#positions = ranges.map(({ topic, partition, start, end }) => ({
      topic,
      topicId: null,
      partition,
      offset: start,
      end,
      leader: undefined,
      leaderEpoch: -1,
      done: end !== undefined && start >= end,
      readableEnd: -1n,
      lostAt: undefined,
    }));
  }

  async start(): Promise<void> {
    const topics = [...new Set(this.#positions.map(({ topic }) => topic))];
    const metadata = await this.#cluster.cachedMetadata(topics);
    for (const [index, position] of this.#positions.entries()) {
      const found = metadata.topics.get(position.topic);
      const topicId = found?.topicId ?? null;
      if (topicId === null) this.#maxVersion = lastVersionByName;
      else this.#topicOfId.set(topicId, position.topic);
      const located = { ...position, topicId };
      this.#positions[index] = located;
      const partitions = this.#byTopicPartition.get(position.topic) ?? [];
      partitions[position.partition] = located;
      this.#byTopicPartition.set(position.topic, partitions);
      const partition = found?.partitions.find((candidate) => candidate.partition === position.partition);
      if (partition && partition.leader >= 0) {
        located.leader = partition.leader;
        located.leaderEpoch = partition.leaderEpoch;
      }
    }
    this.#dispatch();
  }

  /** The next answer's records, or undefined when everything was read. What was returned before counts as decoded. */
  async next(): Promise<readonly Part[] | undefined> {
    if (this.#reading) giveFrameMemory(this.#reading);
    this.#reading = undefined;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#options.signal.aborted) throw this.#options.signal.reason;
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
      if (this.#workers.size === 0 && this.#positions.every(({ done }) => done)) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  stop(): void {
    this.#stopped.abort(new KtError('interrupted', 'the reader stopped'));
    for (const { wake } of this.#workers.values()) wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wakeReader();
  }

  /** Starts a loop for each leader that has none, and a look-up for the partitions without a leader. */
  #dispatch(): void {
    for (const { leader, done } of this.#positions) {
      if (done || leader === undefined || this.#workers.has(leader)) continue;
      this.#workers.set(leader, { waiting: 0, wake: () => {} });
      this.#serve(leader).catch((error: unknown) => this.#fail(error));
    }
    if (!this.#relocating && this.#positions.some(({ done, leader }) => !done && leader === undefined)) {
      this.#relocating = true;
      this.#relocate().catch((error: unknown) => this.#fail(error));
    }
    this.#wakeReader();
  }

  async #serve(broker: number): Promise<void> {
    const worker = this.#workers.get(broker)!;
    const session = new FetchSession({
      isolationLevel: this.#options.isolation === 'read_committed' ? 1 : 0,
      maxWaitMs,
      maxBytes,
      partitionMaxBytes,
    });
    try {
      while (!this.#signal.aborted) {
        const mine = this.#positions.filter(({ leader, done }) => leader === broker && !done);
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
      return session.accept(response) ? response : undefined;
    } catch (error) {
      if (this.#signal.aborted) return undefined;
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      session.reset();
      for (const position of mine) this.#lose(position, error);
      this.#dispatch();
      return undefined;
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
        const position = this.#byTopicPartition.get(topic)?.[answer.partitionIndex];
        if (!position || position.done) continue;
        if (answer.errorCode !== 0) {
          refusals++;
          await this.#refuse(position, answer);
          continue;
        }
        position.lostAt = undefined;
        position.readableEnd = this.#options.isolation === 'read_committed' ? answer.lastStableOffset : answer.highWatermark;
        if (answer.records === null || answer.records.length === 0) continue;
        bytes += answer.records.length;
        const part = await this.#records(position, answer, answer.records);
        if (part) fetched.push(part);
      }
    }
    if (bytes === 0 && refusals === 0 && response.throttleTimeMs === 0) skipHoles(mine);
    return fetched;
  }

  async #records(position: Position, answer: PartitionAnswer, bytes: Buffer): Promise<Part | undefined> {
    const { topic, partition, offset: startOffset, end } = position;
    const { nextOffset, codecs, batches } = scanBatches(bytes);
    // Bytes without a whole batch are passed on: visiting them tells what is wrong with them.
    if (batches > 0 && nextOffset <= startOffset) return undefined;
    const loading = prepareCodecs(codecs);
    if (loading) await loading;
    const abortedTransactions = this.#options.isolation === 'read_committed' ? answer.abortedTransactions : undefined;
    const records = new RecordBatches({ topic, partition, records: bytes, startOffset, abortedTransactions });
    const isLast = end !== undefined && end <= nextOffset;
    position.offset = isLast ? end : nextOffset;
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
    if (!retriable) throw refused(answer.errorCode, `reading ${topic} [${partition}] at offset ${position.offset}`, null);
    this.#lose(position, refused(answer.errorCode, `reading ${topic} [${partition}]`, null));
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

  #lose(position: Position, cause: KtError): void {
    const now = performance.now();
    position.lostAt ??= now;
    if (now - position.lostAt > patienceMs) {
      throw new KtError('connection', `no leader answers for ${position.topic} [${position.partition}] (${cause.message})`, {
        code: 'LEADER_NOT_AVAILABLE',
        hint: `kt topics describe ${position.topic} shows its replicas`,
        cause,
      });
    }
    position.leader = undefined;
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
        for (const position of lost) this.#lose(position, error);
        return undefined;
      });
      if (!metadata) continue;
      for (const position of lost) {
        const topic = metadata.topics.get(position.topic);
        const found = topic?.partitions.find(({ partition }) => partition === position.partition);
        if (topic?.errorCode && errorOf(topic.errorCode).name === 'UNKNOWN_TOPIC_OR_PARTITION') throw deleted(position.topic);
        if (topic && position.topicId !== null && topic.topicId !== null && topic.topicId !== position.topicId)
          throw deleted(position.topic);
        if (found && found.leader >= 0 && metadata.brokers.some(({ id }) => id === found.leader)) {
          position.leader = found.leader;
          position.leaderEpoch = found.leaderEpoch;
        } else {
          this.#lose(position, refused(found?.errorCode || 5, `${position.topic} [${position.partition}]`, null));
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

/** The records before an end that lies within a batch. */
class Bounded implements FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly #records: FetchedRecords;
  readonly #end: number;

  constructor(records: FetchedRecords, end: bigint) {
    this.topic = records.topic;
    this.partition = records.partition;
    this.#records = records;
    this.#end = Number(end);
  }

  each(visit: Visit): void {
    const end = this.#end;
    this.#records.each((record) => record.offset < end && visit(record));
  }
}

/** Nothing came although the log reaches further: the offsets up to there do not exist (compacted away), so a bounded range is done. */
function skipHoles(positions: readonly Position[]): void {
  for (const position of positions) {
    if (position.end !== undefined && position.readableEnd >= position.end) position.done = true;
  }
}

function deleted(topic: string): KtError {
  return new KtError('refused', `topic ${topic} was deleted while it was read`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: 'kt topics list shows the topics there are',
  });
}
