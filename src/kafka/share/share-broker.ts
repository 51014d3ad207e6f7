/** One broker as a member of a share group asks it: its session, and the acknowledgements that wait for the next request. */
import { KtError } from '../../base/errors.ts';
import { partitionsInWords } from '../by-topic.ts';
import type { Cluster } from '../cluster.ts';
import { closingMs } from '../coordinator-client.ts';
import { answerBytes } from '../fetch/fetch.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf } from '../wire/errors.ts';
import type { Acknowledgements } from './acquired.ts';
import type { ShareAnswer } from './share-answer.ts';
import { type AcknowledgedPartition, type SharedPartition, ShareSession } from './share-session.ts';

/** As Java's consumers: so many records are locked until they were written out. */
const maxRecords = 500;
/** The first version that hands out no more records than were asked for (KIP-1206). */
const exactVersion = 2;
/** The broker no longer knows the session: it took back what it had handed out. */
const sessionLost: ReadonlySet<string> = new Set(['INVALID_SHARE_SESSION_EPOCH', 'SHARE_SESSION_NOT_FOUND']);

export interface ShareBrokerOptions {
  readonly id: number;
  readonly group: string;
  readonly memberId: string;
  readonly maxBatchBytes?: number | undefined;
  /** Ends requests that are under way. An interruption does not. */
  readonly signal: AbortSignal;
  warn(text: string): void;
}

export class ShareBroker {
  readonly id: number;
  isRunning = false;
  readonly #cluster: Cluster;
  readonly #options: ShareBrokerOptions;
  readonly #session: ShareSession;
  #partitions: readonly SharedPartition[] = [];
  /** Each with when it is to be sent, in ms of `performance.now()`. */
  #waiting: { readonly acknowledged: AcknowledgedPartition; readonly dueAt: number }[] = [];
  #done: () => void = () => {};

  constructor(cluster: Cluster, options: ShareBrokerOptions) {
    this.id = options.id;
    this.#cluster = cluster;
    this.#options = options;
    this.#session = new ShareSession(options.group, options.memberId);
  }

  isNewTo(partitions: readonly SharedPartition[]): boolean {
    return this.#session.isNewTo(partitions);
  }

  /** Sends these with the first request after so many ms, or when the session ends. */
  acknowledge(acknowledgements: Acknowledgements, inMs: number): void {
    const { topic, partition, batches } = acknowledgements;
    const known = this.#partitions.find((each) => each.topic === topic && each.partition === partition);
    if (batches.length === 0 || known === undefined) return;
    const acknowledged = { ...acknowledgements, topicId: known.topicId };
    this.#waiting.push({ acknowledged, dueAt: performance.now() + inMs });
  }

  /** Resolves when the records of its last answer were handled, or the signal is aborted. */
  handled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve;
      if (signal.aborted) resolve();
    });
  }

  done(): void {
    this.#done();
  }

  /**
   * Asks for records, and sends what is to be acknowledged.
   * @param wanted how many records at most; undefined: as many as usual
   * @returns why its partitions have to look for a leader; undefined when the session begins anew
   * @throws KtError `refused`
   */
  async fetch(
    partitions: readonly SharedPartition[],
    maxWaitMs: number,
    wanted: number | undefined,
  ): Promise<ShareAnswer | KtError | undefined> {
    const acknowledgements = this.#take((dueAt) => dueAt <= performance.now());
    const session = this.#session;
    try {
      const isExact = wanted !== undefined && (await this.#cluster.apiVersion('ShareFetch', this.id)) >= exactVersion;
      const limits = { maxWaitMs, maxRecords: Math.min(wanted ?? maxRecords, maxRecords), isExact };
      const body = session.request(partitions, acknowledgements, limits);
      this.#partitions = partitions;
      const answer = await this.#cluster.request(
        'ShareFetch',
        body,
        { broker: this.id },
        {
          signal: this.#options.signal,
          closing: true,
          longPollMs: maxWaitMs,
          socket: 'fetch',
          answerBytes: answerBytes(this.#options),
        },
      );
      if (answer.errorCode !== 0) return this.#refused(answer, acknowledgements);
      session.answered();
      for (const { topicId, partitions: answers } of answer.responses) {
        for (const { partitionIndex, acknowledgeErrorCode, acknowledgeErrorMessage } of answers) {
          const isThis = (each: AcknowledgedPartition) => each.topicId === topicId && each.partition === partitionIndex;
          if (acknowledgeErrorCode !== 0)
            this.#tellLost(acknowledgements.filter(isThis), reason(acknowledgeErrorCode, acknowledgeErrorMessage));
        }
      }
      return answer;
    } catch (error) {
      if (!(error instanceof KtError) || (error.kind !== 'connection' && error.kind !== 'interrupted')) throw error;
      this.#lose(acknowledgements, error.message);
      return error;
    }
  }

  /** Ends the session: acknowledges what waits, and gives back what else was handed out. Never throws. */
  async close(): Promise<void> {
    const acknowledgements = this.#take(() => true);
    if (!this.#session.isOpen) return;
    const body = this.#session.closing(acknowledgements);
    this.#session.reset();
    try {
      const answer = await this.#cluster.request(
        'ShareAcknowledge',
        body,
        { broker: this.id },
        {
          closing: true,
          timeoutMs: closingMs,
          // Behind the last ShareFetch, so that its records are given back too.
          socket: 'fetch',
        },
      );
      if (answer.errorCode !== 0) this.#tellLost(acknowledgements, reason(answer.errorCode, answer.errorMessage));
      for (const { topicId, partitions } of answer.responses) {
        for (const { partitionIndex, errorCode, errorMessage } of partitions) {
          const isThis = (each: AcknowledgedPartition) => each.topicId === topicId && each.partition === partitionIndex;
          if (errorCode !== 0) this.#tellLost(acknowledgements.filter(isThis), reason(errorCode, errorMessage));
        }
      }
    } catch (error) {
      this.#tellLost(acknowledgements, error instanceof Error ? error.message : String(error));
    }
  }

  #take(isDue: (dueAt: number) => boolean): readonly AcknowledgedPartition[] {
    // What is kept back is sent with the first that is due: all of it is as old or younger.
    if (!this.#session.isOpen || !this.#waiting.some(({ dueAt }) => isDue(dueAt))) return [];
    const taken = this.#waiting.map(({ acknowledged }) => acknowledged);
    this.#waiting = [];
    return taken;
  }

  #refused({ errorCode, errorMessage }: ShareAnswer, acknowledgements: readonly AcknowledgedPartition[]): KtError | undefined {
    const { name, retriable } = errorOf(errorCode);
    const { group } = this.#options;
    const error = refusedFor(errorCode, `share group ${group}, at broker ${this.id}`, { group: ['READ', group] }, errorMessage);
    this.#lose(acknowledgements, error.message);
    if (sessionLost.has(name)) return undefined;
    if (!retriable) throw error;
    return new KtError('connection', error.message, { code: error.code, cause: error });
  }

  /** The session is gone, and with it what was to be acknowledged. */
  #lose(acknowledgements: readonly AcknowledgedPartition[], why: string): void {
    this.#session.reset();
    this.#tellLost([...acknowledgements, ...this.#waiting.map(({ acknowledged }) => acknowledged)], why);
    this.#waiting = [];
  }

  #tellLost(lost: readonly AcknowledgedPartition[], why: string): void {
    if (lost.length === 0) return;
    const places = lost.map((each) => `${partitionsInWords([each])} offsets ${offsetsText(each)}`).join(', ');
    this.#options.warn(`${places}: written out, but not acknowledged (${why}): the group may deliver them again`);
  }
}

function offsetsText({ batches }: Acknowledgements): string {
  return `${batches[0]!.firstOffset} to ${batches.at(-1)!.lastOffset}`;
}

function reason(errorCode: number, brokerMessage: string | null): string {
  const { name, message } = errorOf(errorCode);
  if (name === 'INVALID_RECORD_STATE') return "the group's lock on them is over, as the output took too long";
  return (brokerMessage ?? message).replace(/\.$/, '');
}
