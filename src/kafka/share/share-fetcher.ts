/** Reads what a share group hands out: one loop per broker, which asks for more once everything of its last answer was handled and acknowledges that with it. */
import { KtError } from '../../base/errors.ts';
import { within } from '../../base/pause.ts';
import { Turns } from '../../base/turns.ts';
import type { RecordBatch } from '../batch/record.ts';
import type { Cluster, ClusterMetadata, TopicPartition } from '../cluster.ts';
import { closingMs } from '../coordinator-client.ts';
import type { FetchOptions } from '../fetch/fetch.ts';
import { loseLeader, type PartitionFetchState } from '../fetch/partition-state.ts';
import { partitionName } from '../routing.ts';
import type { AcquiredRecords } from './acquired.ts';
import { type ShareAnswer, takeAcquired } from './share-answer.ts';
import { ShareBroker } from './share-broker.ts';
import { SharePartitions, type SharePartitionsOptions } from './share-partitions.ts';

/** How long a broker may wait for records, in ms. */
const maxWaitMs = 500;
/** The same for partitions that it has not been asked for, where an answer without records counts: it loads the group's state first. */
const firstWaitMs = 2_000;
export interface ShareFetchOptions
  extends SharePartitionsOptions,
    Pick<FetchOptions, 'signal' | 'select' | 'maxBatchBytes' | 'partBytes'> {
  readonly group: string;
  readonly memberId: string;
  /** How many records are wanted still; undefined: no limit. */
  wanted(): number | undefined;
}

/** Records that were handed out; to be told how far they were handled before the next batch is asked for. */
export interface SharedBatch extends RecordBatch {
  readonly partition: number;
  /** Everything before this offset was handled: it is acknowledged with the next request. */
  handled(before: bigint): void;
}

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
  readonly #partitions: SharePartitions;
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
  #reading: AcquiredRecords | undefined;

  constructor(cluster: Cluster, options: ShareFetchOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#partitions = new SharePartitions(cluster, options);
    options.signal.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** How often the record that is being visited has been handed out, this time included. */
  get deliveryCount(): number {
    return this.#reading?.deliveryCount ?? 0;
  }

  /** Reads these partitions from now on, and no others. */
  assign(partitions: readonly TopicPartition[], metadata: ClusterMetadata): void {
    this.#partitions.assign(partitions, metadata);
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
      if (this.#options.ends && this.#partitions.areDone) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  #dispatch(): void {
    if (this.#stopped.signal.aborted || this.#failure !== undefined) return;
    for (const leader of this.#partitions.leaders) {
      const broker = this.#brokers.get(leader) ?? this.#newBroker(leader);
      if (broker.isRunning) continue;
      broker.isRunning = true;
      this.#run(this.#serve(broker), () => {
        broker.isRunning = false;
        // Partitions may have come back to it while it said goodbye.
        this.#dispatch();
      });
    }
    if (!this.#isFindingLeaders && this.#partitions.lost.length > 0) {
      this.#isFindingLeaders = true;
      const looking = this.#partitions.findLeaders(this.#stopped.signal, () => this.#dispatch());
      this.#run(looking, () => {
        this.#isFindingLeaders = false;
      });
    }
    this.#wakeReader();
  }

  #newBroker(id: number): ShareBroker {
    const { group, memberId, maxBatchBytes, warn } = this.#options;
    const broker = new ShareBroker(this.#cluster, { id, group, memberId, maxBatchBytes, warn, signal: this.#late.signal });
    this.#brokers.set(id, broker);
    return broker;
  }

  #run(work: Promise<void>, ended: () => void): void {
    const loop = work
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.#loops.delete(loop);
        ended();
      });
    this.#loops.add(loop);
  }

  async #serve(broker: ShareBroker): Promise<void> {
    const { ends, wanted: wantedRecords } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const wanted = this.#partitions.ledBy(broker.id);
      if (wanted.length === 0) return broker.close();
      const waitMs = ends && broker.isNewTo(wanted) ? firstWaitMs : maxWaitMs;
      const outcome = await broker.fetch(wanted, waitMs, wantedRecords());
      if (outcome instanceof KtError) {
        for (const state of wanted) loseLeader(state, outcome);
        return;
      }
      if (outcome === undefined) continue;
      await this.#take(broker, outcome, wanted);
      this.#dispatch();
    }
  }

  async #take(broker: ShareBroker, answer: ShareAnswer, wanted: readonly PartitionFetchState[]): Promise<void> {
    const acquired = await takeAcquired(answer, wanted, this.#partitions, this.#options);
    if (acquired.length === 0) return;
    const { acquisitionLockTimeoutMs: lockMs } = answer;
    this.#answers.push({ broker, acquired, lockMs, expiresAt: performance.now() + lockMs });
    const handled = broker.handled(this.#stopped.signal);
    this.#wakeReader();
    await handled;
  }

  #tellExpired(acquired: AcquiredRecords, lockMs: number): void {
    this.#options.warn(
      `${partitionName(acquired)}: records from offset ${acquired.firstOffset} on were not written out, as the output took longer than the group's lock on them (${lockMs / 1000}s): the group delivers them again`,
    );
  }
}
