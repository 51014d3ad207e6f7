/**
 * A producer's requests to its transaction coordinator (KIP-98): take the transactional id, add partitions and offsets, end the transaction.
 *
 * kt speaks the first version of the protocol, which every broker accepts: partitions and groups are added before anything
 * is written to them, and one epoch serves all transactions. In the second (KIP-890) brokers add them by themselves.
 */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, TopicPartition } from '../cluster.ts';
import { type AskOptions, CoordinatorClient } from '../coordinator-client.ts';
import { type CommitOutcome, commitOutcome, type GroupMetadata, type Offsets } from '../group/offsets.ts';
import { errorOf } from '../wire/errors.ts';
import type { RequestBodies, ResponseBodies } from '../wire/generated/types.ts';
import { commitInTransaction } from './offset-commit.ts';
import { noProducer, type ProducerIdentity } from './producer-id.ts';
import { fencedError, isFencing, type TransactionNeeds, transactionRefusal } from './refusal.ts';

/**
 * - `empty`: nothing is in it, so there is nothing to end.
 * - `open`: partitions or offsets may be in it, nothing is decided.
 * - `unknown`: its commit was sent, and no answer came.
 * - `fenced`: another producer took the transactional id, and its transaction was aborted.
 */
export type TransactionState = 'empty' | 'open' | 'unknown' | 'fenced';

export interface TransactionOptions {
  /** How long a coordinator that moves, loads or still ends the last transaction is asked again, in ms. */
  readonly giveUpMs: number;
  /** After how long the brokers abort a transaction by themselves; default 15 minutes, or less where they allow less. */
  readonly timeoutMs?: number | undefined;
}

type TransactionApi = 'InitProducerId' | 'AddPartitionsToTxn' | 'AddOffsetsToTxn' | 'EndTxn';

/** The longest that brokers allow by default, then what all of them allow. */
const defaultTimeoutsMs = [900_000, 60_000] as const;
/** The last versions of the protocol's first version (KIP-890); later requests mean something else. */
const lastVersions = { AddPartitionsToTxn: 3, AddOffsetsToTxn: 4, EndTxn: 4 } as const;

export class Transaction {
  readonly id: string;
  state: TransactionState = 'empty';
  readonly #cluster: Cluster;
  readonly #coordinator: CoordinatorClient;
  readonly #giveUpMs: number;
  readonly #timeoutsMs: readonly number[];
  #producer = noProducer;
  #epochIsSpent = false;
  /** The request for a new epoch, while it is under way. */
  #bump: Promise<void> | undefined;
  /** Groups whose offsets are in it. */
  readonly #groups = new Set<string>();

  constructor(cluster: Cluster, id: string, { giveUpMs, timeoutMs }: TransactionOptions) {
    this.#cluster = cluster;
    this.id = id;
    this.#giveUpMs = giveUpMs;
    this.#timeoutsMs = timeoutMs === undefined ? defaultTimeoutsMs : [timeoutMs];
    this.#coordinator = new CoordinatorClient(cluster, { transactionalId: id }, (errorCode) =>
      transactionRefusal(errorCode, id),
    );
  }

  /**
   * Takes the transactional id: aborts what an earlier producer left open, and fences it.
   * @throws KtError `refused` without permission; `connection`
   */
  init(): Promise<ProducerIdentity> {
    return this.#initProducerId(noProducer);
  }

  /** Under which the transaction is written; `init` gives the first. */
  get producer(): ProducerIdentity {
    return this.#producer;
  }

  async #initProducerId({ id, epoch }: ProducerIdentity): Promise<ProducerIdentity> {
    for (const [index, transactionTimeoutMs] of this.#timeoutsMs.entries()) {
      try {
        const answer = await this.#ask(
          'InitProducerId',
          { transactionalId: this.id, transactionTimeoutMs, producerId: id, producerEpoch: epoch },
          { code: ({ errorCode }) => errorCode },
        );
        this.#producer = { id: answer.producerId, epoch: answer.producerEpoch };
        break;
      } catch (error) {
        const isTooLong = error instanceof KtError && error.code === 'INVALID_TRANSACTION_TIMEOUT';
        if (!isTooLong || index === this.#timeoutsMs.length - 1) throw error;
      }
    }
    return this.#producer;
  }

  /** Before the first part of a transaction: takes the new epoch where the last one is spent (KIP-360). */
  async #begin(): Promise<void> {
    if (this.#epochIsSpent) {
      this.#bump ??= this.#initProducerId(this.#producer)
        .then(() => {
          this.#epochIsSpent = false;
        })
        .finally(() => {
          this.#bump = undefined;
        });
      await this.#bump;
    }
    this.state = 'open';
  }

  /** Puts partitions into the transaction, before anything is written to them. @throws KtError `refused`, `connection` */
  async addPartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const topics = new Map<string, number[]>();
    for (const { topic, partition } of partitions) {
      const known = topics.get(topic);
      if (known) known.push(partition);
      else topics.set(topic, [partition]);
    }
    await this.#begin();
    await this.#ask(
      'AddPartitionsToTxn',
      {
        v3AndBelowTransactionalId: this.id,
        v3AndBelowProducerId: this.#producer.id,
        v3AndBelowProducerEpoch: this.#producer.epoch,
        v3AndBelowTopics: [...topics].map(([name, numbers]) => ({ name, partitions: numbers })),
      },
      {
        code: worst,
        needs: { topic: ['WRITE', [...topics.keys()].join(', ')] },
        options: { maxVersion: lastVersions.AddPartitionsToTxn },
      },
    );
  }

  /**
   * Puts a group's offsets into the transaction, on behalf of one of its members (KIP-447).
   * @returns `stale` when the group has moved on without the member: the transaction must be aborted
   * @throws KtError `refused`, `connection`
   */
  async addOffsets(member: GroupMetadata, offsets: Offsets): Promise<CommitOutcome> {
    const { group } = member;
    await this.#begin();
    const { id: producerId, epoch: producerEpoch } = this.#producer;
    if (!this.#groups.has(group)) {
      await this.#ask(
        'AddOffsetsToTxn',
        { transactionalId: this.id, producerId, producerEpoch, groupId: group },
        {
          code: ({ errorCode }) => errorCode,
          needs: { group: ['READ', group] },
          options: { maxVersion: lastVersions.AddOffsetsToTxn },
        },
      );
      this.#groups.add(group);
    }
    const producer = { transactionalId: this.id, producerId, producerEpoch };
    const failures = await commitInTransaction(this.#cluster, producer, member, offsets, this.#giveUpMs);
    if (failures.some(({ code }) => isFencing(errorOf(code).name))) throw this.fenced();
    return commitOutcome(
      failures,
      `add offsets of group ${group} to the transaction`,
      `nothing of the transaction is committed; kt groups describe ${shellWord(group)} shows where the group stands`,
    );
  }

  /** Commits, also when an interruption comes meanwhile. @throws KtError `refused` (fenced), `connection` when it may have been committed */
  async commit(): Promise<void> {
    if (this.state === 'open') await this.#end(true);
  }

  /**
   * Aborts, also after an interruption.
   * @param isUnresolved it is not known which batches the brokers have: the next transaction gets a new epoch, in which sequence numbers
   *   begin at 0 again (KIP-360)
   * @throws KtError `connection` when no coordinator takes it: the brokers abort it in time
   */
  async abort(isUnresolved = false): Promise<void> {
    if (isUnresolved) this.#epochIsSpent = true;
    if (this.state === 'open') await this.#end(false);
  }

  /** The error of a producer that lost its transactional id to another one. */
  fenced(): KtError {
    if (this.state !== 'unknown') this.state = 'fenced';
    return fencedError(this.id);
  }

  async #end(committed: boolean): Promise<void> {
    try {
      await this.#ask(
        'EndTxn',
        { transactionalId: this.id, producerId: this.#producer.id, producerEpoch: this.#producer.epoch, committed },
        {
          code: ({ errorCode }) => errorCode,
          options: {
            maxVersion: lastVersions.EndTxn,
            closing: 'patiently',
            ...(committed && { onLost: () => (this.state = 'unknown') }),
          },
        },
      );
    } catch (error) {
      // Where the coordinator took no partition there is nothing to abort.
      if (committed || !(error instanceof KtError) || error.code !== 'INVALID_TXN_STATE') throw error;
    }
    this.state = 'empty';
    this.#groups.clear();
  }

  async #ask<A extends TransactionApi>(
    api: A,
    body: RequestBodies[A],
    { code, needs, options = {} }: Question<A>,
  ): Promise<ResponseBodies[A]> {
    const answer = await this.#coordinator.ask(api, body, {
      signal: this.#cluster.signal,
      giveUpMs: this.#giveUpMs,
      passing: 'retriable',
      codes: (response) => [code(response)],
      ...options,
    });
    const errorCode = code(answer);
    if (errorCode === 0) return answer;
    if (isFencing(errorOf(errorCode).name)) throw this.fenced();
    throw transactionRefusal(errorCode, this.id, needs);
  }
}

interface Question<A extends TransactionApi> {
  readonly code: (answer: ResponseBodies[A]) => number;
  readonly needs?: TransactionNeeds;
  readonly options?: Pick<AskOptions<A>, 'maxVersion' | 'closing' | 'onLost'>;
}

/** The error to report: one refused partition keeps the others from being tried (OPERATION_NOT_ATTEMPTED). */
function worst({ resultsByTopicV3AndBelow }: ResponseBodies['AddPartitionsToTxn']): number {
  const codes = resultsByTopicV3AndBelow
    .flatMap(({ resultsByPartition }) => resultsByPartition)
    .map(({ partitionErrorCode }) => partitionErrorCode)
    .filter((code) => code !== 0);
  return codes.find((code) => errorOf(code).name !== 'OPERATION_NOT_ATTEMPTED') ?? codes[0] ?? 0;
}
