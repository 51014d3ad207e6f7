/** What one broker has been told of a reader's partitions, so that a fetch names only what changed (KIP-227). */
import { KtError } from '../../base/errors.ts';
import { errorOf, refused } from '../wire/errors.ts';
import type { RequestBodies, ResponseBodies } from '../wire/generated/types.ts';

/** One partition being read. The fetcher owns and moves it. */
export interface FetchPosition {
  readonly topic: string;
  readonly topicId: string | null;
  readonly partition: number;
  /** The next offset to fetch. */
  offset: bigint;
  leaderEpoch: number;
}

export interface FetchLimits {
  readonly isolationLevel: 0 | 1;
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
  #told = new Map<FetchPosition, bigint>();

  constructor(limits: FetchLimits) {
    this.#limits = limits;
  }

  /** The next request for these partitions: all of them in a new session, afterwards only those that moved, came or went. */
  request(positions: readonly FetchPosition[]): RequestBodies['Fetch'] {
    if (this.#epoch === 0) this.#told.clear();
    const moved = positions.filter((position) => this.#told.get(position) !== position.offset);
    const wanted = new Set(positions);
    const gone = [...this.#told.keys()].filter((position) => !wanted.has(position));
    for (const position of gone) this.#told.delete(position);
    for (const position of moved) this.#told.set(position, position.offset);
    return {
      replicaId: -1,
      maxWaitMs: this.#limits.maxWaitMs,
      minBytes: 1,
      maxBytes: this.#limits.maxBytes,
      isolationLevel: this.#limits.isolationLevel,
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: byTopic(moved).map(([{ topic, topicId }, partitions]) => ({
        topic,
        ...(topicId !== null && { topicId }),
        partitions: partitions.map(({ partition, offset, leaderEpoch }) => ({
          partition,
          currentLeaderEpoch: leaderEpoch,
          fetchOffset: offset,
          logStartOffset: -1n,
          partitionMaxBytes: this.#limits.partitionMaxBytes,
        })),
      })),
      forgottenTopicsData: byTopic(gone).map(([{ topic, topicId }, partitions]) => ({
        topic,
        ...(topicId !== null && { topicId }),
        partitions: partitions.map(({ partition }) => partition),
      })),
      rackId: '',
    };
  }

  /**
   * Takes the answer's session. False when the broker does not know ours any more: the next request begins a new one.
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

  /** Begins anew, after a lost connection or answer. */
  reset(): void {
    this.#id = 0;
    this.#epoch = 0;
  }
}

/** What passes by itself is a lost connection to whoever fetches. */
function refusedByBroker(code: number, broker: number): KtError {
  const error = refused(code, `broker ${broker} refuses to be read from`, null);
  return errorOf(code).retriable ? new KtError('connection', error.message, { code: error.code, cause: error }) : error;
}

function byTopic(positions: readonly FetchPosition[]): [FetchPosition, FetchPosition[]][] {
  const topics = new Map<string, FetchPosition[]>();
  for (const position of positions) {
    const partitions = topics.get(position.topic);
    if (partitions) partitions.push(position);
    else topics.set(position.topic, [position]);
  }
  return [...topics.values()].map((partitions) => [partitions[0]!, partitions]);
}
