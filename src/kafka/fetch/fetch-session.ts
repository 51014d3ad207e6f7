/** What one broker knows of a reader's partitions, so that a fetch names only what changed (KIP-227). */

import { KtError } from '../../base/errors.ts';
import { groupedByTopic } from '../by-topic.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { RequestBodies, ResponseBodies } from '../wire/generated/types.ts';
import type { Isolation } from './fetch.ts';
import { fetchBody, partitionToFetch } from './fetch-request.ts';

/** Where one partition is fetched next. The fetcher owns and moves it. */
export interface FetchPosition {
  readonly topic: string;
  readonly topicId: string | null;
  readonly partition: number;
  /** The next offset to fetch. */
  offset: bigint;
  leaderEpoch: number;
}

export interface FetchLimits {
  readonly isolation: Isolation;
  /** How long the broker may wait for a first byte, in ms. */
  readonly maxWaitMs: number;
  /** Of one answer, in bytes; a single larger batch still comes. */
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
}

/** The last epoch of a session before it begins again at 1. */
const lastEpoch = 2 ** 31 - 1;

export class FetchSession {
  readonly #limits: FetchLimits;
  #id = 0;
  #epoch = 0;
  #known = new Map<FetchPosition, bigint>();

  constructor(limits: FetchLimits) {
    this.#limits = limits;
  }

  /** The next request for these partitions: all of them in a new session, afterwards only those that moved, came or went. */
  request(positions: readonly FetchPosition[]): RequestBodies['Fetch'] {
    if (this.#epoch === 0) this.#known.clear();
    const moved = positions.filter((position) => this.#known.get(position) !== position.offset);
    const wanted = new Set(positions);
    const gone = [...this.#known.keys()].filter((position) => !wanted.has(position));
    for (const position of gone) this.#known.delete(position);
    for (const position of moved) this.#known.set(position, position.offset);
    const { isolation, maxWaitMs, maxBytes, partitionMaxBytes } = this.#limits;
    return fetchBody(isolation, {
      maxWaitMs,
      minBytes: 1,
      maxBytes,
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: groupedByTopic(moved).map(({ topic, partitions }) => ({
        topic,
        ...topicIdOf(partitions),
        partitions: partitions.map(({ partition, offset, leaderEpoch }) =>
          partitionToFetch(partition, offset, leaderEpoch, partitionMaxBytes),
        ),
      })),
      forgottenTopicsData: groupedByTopic(gone).map(({ topic, partitions }) => ({
        topic,
        ...topicIdOf(partitions),
        partitions: partitions.map(({ partition }) => partition),
      })),
    });
  }

  /**
   * Takes the answer's session. False when the broker no longer knows ours: the next request begins a new one.
   * @throws KtError when the broker refuses a request that used no session: asking again at once would not help
   */
  accept(response: ResponseBodies['Fetch'], broker: number): boolean {
    if (response.errorCode !== 0) {
      if (this.#epoch === 0) throw refusedByBroker(response.errorCode, broker);
      this.reset();
      return false;
    }
    this.#id = response.sessionId;
    if (this.#id === 0) this.#epoch = 0;
    else this.#epoch = this.#epoch === lastEpoch ? 1 : this.#epoch + 1;
    return true;
  }

  /** Begins a new session, after a lost connection or answer. */
  reset(): void {
    this.#id = 0;
    this.#epoch = 0;
  }
}

/** A passing error counts as a lost connection. */
function refusedByBroker(code: number, broker: number): KtError {
  const error = refused(code, `broker ${broker} refuses to be read from`, null);
  return errorOf(code).retriable ? new KtError('connection', error.message, { code: error.code, cause: error }) : error;
}

/** The topic's id, which newer brokers are asked by, where it is known. */
function topicIdOf([first]: readonly FetchPosition[]): { readonly topicId?: string } {
  return first && first.topicId !== null ? { topicId: first.topicId } : {};
}
