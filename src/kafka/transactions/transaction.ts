/**
 * A producer's talk with its transaction coordinator (KIP-98): taking the transactional id, naming the partitions, ending.
 *
 * KIP-890's second version of the protocol is not used: one epoch serves all transactions, which every broker takes.
 */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster, RequestOptions, TopicPartition } from '../cluster.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf } from '../wire/errors.ts';
import type { RequestBodies, ResponseBodies } from '../wire/generated/types.ts';

/** Who writes, as brokers tell producers apart. */
export interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

/**
 * - `open`: partitions may be in it, nothing is decided.
 * - `unknown`: its commit was sent, and no answer came.
 */
export type TransactionState = 'empty' | 'open' | 'unknown' | 'fenced';

type TransactionApi = 'InitProducerId' | 'AddPartitionsToTxn' | 'EndTxn';

interface Asking<A extends TransactionApi> {
  readonly code: (answer: ResponseBodies[A]) => number;
  /** What must be allowed on which topics. */
  readonly topic?: readonly [operation: string, topics: string];
  readonly options?: RequestOptions;
}

const retryMs = 20;
/** How long a transaction may be open: the longest that brokers allow by default, then what all of them allow. */
const transactionTimeoutsMs = [900_000, 60_000] as const;
/** From the next version on, the request is for brokers. */
const lastClientVersion = 3;
/** From the next version on, each end of a transaction makes a new epoch (KIP-890). */
const lastVersionOfOneEpoch = 4;

export class Transaction {
  readonly id: string;
  state: TransactionState = 'empty';
  readonly #cluster: Cluster;
  readonly #patienceMs: number;
  #producer: ProducerIdentity = { id: -1n, epoch: -1 };

  /** @param patienceMs how long a coordinator that moves, loads or is still ending the last transaction is asked again */
  constructor(cluster: Cluster, id: string, patienceMs: number) {
    this.#cluster = cluster;
    this.id = id;
    this.#patienceMs = patienceMs;
  }

  /**
   * Takes the transactional id: aborts what an earlier producer left open, and fences it.
   * @throws KtError `refused` without permission; `connection`
   */
  async begin(): Promise<ProducerIdentity> {
    for (const transactionTimeoutMs of transactionTimeoutsMs) {
      try {
        const answer = await this.#ask(
          'InitProducerId',
          { transactionalId: this.id, transactionTimeoutMs, producerId: -1n, producerEpoch: -1 },
          { code: ({ errorCode }) => errorCode },
        );
        this.#producer = { id: answer.producerId, epoch: answer.producerEpoch };
        break;
      } catch (error) {
        const isTooLong = error instanceof KtError && error.code === 'INVALID_TRANSACTION_TIMEOUT';
        if (!isTooLong || transactionTimeoutMs === transactionTimeoutsMs.at(-1)) throw error;
      }
    }
    return this.#producer;
  }

  /** Puts partitions into the transaction, before anything is written to them. @throws KtError `refused`, `connection` */
  async add(partitions: readonly TopicPartition[]): Promise<void> {
    const topics = new Map<string, number[]>();
    for (const { topic, partition } of partitions) {
      const known = topics.get(topic);
      if (known) known.push(partition);
      else topics.set(topic, [partition]);
    }
    this.state = 'open';
    await this.#ask(
      'AddPartitionsToTxn',
      {
        v3AndBelowTransactionalId: this.id,
        v3AndBelowProducerId: this.#producer.id,
        v3AndBelowProducerEpoch: this.#producer.epoch,
        v3AndBelowTopics: [...topics].map(([name, numbers]) => ({ name, partitions: numbers })),
      },
      { code: worst, topic: ['WRITE', [...topics.keys()].join(', ')], options: { maxVersion: lastClientVersion } },
    );
  }

  /** Commits, also when an interruption comes meanwhile. @throws KtError `refused` (fenced), `connection` saying that it may have been committed */
  async commit(): Promise<void> {
    if (this.state === 'open') await this.#end(true);
  }

  /** Aborts, also after an interruption. @throws KtError `connection` when no coordinator takes it: the brokers abort it in time */
  async abort(): Promise<void> {
    if (this.state === 'open') await this.#end(false);
  }

  /** The error of a producer that lost its transactional id to another one. */
  fenced(): KtError {
    this.state = this.state === 'unknown' ? 'unknown' : 'fenced';
    return new KtError('refused', `transactional id ${this.id} (another producer with this transactional id took over)`, {
      code: 'PRODUCER_FENCED',
      hint: 'give each producer an id of its own; brokers also end a transaction that is open for 15 minutes: --transaction-size 100000 commits in parts',
    });
  }

  async #end(committed: boolean): Promise<void> {
    try {
      await this.#ask(
        'EndTxn',
        { transactionalId: this.id, producerId: this.#producer.id, producerEpoch: this.#producer.epoch, committed },
        {
          code: ({ errorCode }) => errorCode,
          options: { maxVersion: lastVersionOfOneEpoch, closing: true },
        },
        committed ? () => (this.state = 'unknown') : undefined,
      );
    } catch (error) {
      // Refused partitions leave nothing to abort.
      if (committed || !(error instanceof KtError) || error.code !== 'INVALID_TXN_STATE') throw error;
    }
    this.state = 'empty';
  }

  async #ask<A extends TransactionApi>(
    api: A,
    body: RequestBodies[A],
    { code, topic, options = {} }: Asking<A>,
    onLost?: () => void,
  ): Promise<ResponseBodies[A]> {
    const signal = options.closing ? new AbortController().signal : this.#cluster.signal;
    const deadline = performance.now() + this.#patienceMs;
    let moved = false;
    for (;;) {
      let problem: KtError;
      try {
        if (moved) await this.#cluster.coordinators([this.id], true, 'transaction');
        const answer = await this.#cluster.request(api, body, { transactionalId: this.id }, options);
        const errorCode = code(answer);
        if (errorCode === 0) return answer;
        const { name, retriable } = errorOf(errorCode);
        if (isFencing(name)) throw this.fenced();
        problem = refusedFor(errorCode, `transactional id ${this.id}`, {
          'transactional id': ['WRITE', this.id],
          ...(topic && { topic }),
        });
        if (!retriable) throw problem;
        moved = name === 'NOT_COORDINATOR' || name === 'COORDINATOR_NOT_AVAILABLE';
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        problem = error;
        moved = true;
        onLost?.();
      }
      if (performance.now() > deadline) throw problem;
      await pause(moved ? 5 * retryMs : retryMs, signal);
    }
  }
}

/** Whether an error says that another producer has the transactional id now. */
export function isFencing(name: string): boolean {
  return name === 'PRODUCER_FENCED' || name === 'INVALID_PRODUCER_EPOCH';
}

/** The first error that is one of its own: a partition that is refused keeps the others from being tried. */
function worst({ resultsByTopicV3AndBelow }: ResponseBodies['AddPartitionsToTxn']): number {
  const codes = resultsByTopicV3AndBelow
    .flatMap(({ resultsByPartition }) => resultsByPartition)
    .map(({ partitionErrorCode }) => partitionErrorCode)
    .filter((code) => code !== 0);
  return codes.find((code) => errorOf(code).name !== 'OPERATION_NOT_ATTEMPTED') ?? codes[0] ?? 0;
}
