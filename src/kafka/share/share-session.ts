/** What one broker knows of a member's partitions, so that a request names only what came, went or is acknowledged (KIP-932). */
import { groupedByTopic } from '../by-topic.ts';
import type { TopicPartition } from '../cluster.ts';
import { partitionName } from '../routing.ts';
import type { RequestBodies } from '../wire/generated/types.ts';
import type { Acknowledgements } from './acquired.ts';

/** A partition with its topic's id, by which share groups know it. */
export interface SharedPartition extends TopicPartition {
  readonly topicId: string | null;
}

export interface ShareLimits {
  /** How long the broker may wait for a first record, in ms. */
  readonly maxWaitMs: number;
  /** How many records one answer is to have; more of the same batch may come, unless `isExact`. */
  readonly maxRecords: number;
  /** Whether no more records than that are handed out: from Kafka 4.2 on (KIP-1206). */
  readonly isExact: boolean;
}

const maxBytes = 16 << 20;
/** Epochs with a meaning of their own. */
const openEpoch = 0;
const closeEpoch = -1;
/** The last epoch of a session before it begins again at 1. */
const lastEpoch = 2 ** 31 - 1;

export class ShareSession {
  readonly #group: string;
  readonly #memberId: string;
  #epoch = openEpoch;
  #known = new Map<string, SharedPartition>();

  constructor(group: string, memberId: string) {
    this.#group = group;
    this.#memberId = memberId;
  }

  /** Whether the broker has it; a new one cannot carry acknowledgements. */
  get isOpen(): boolean {
    return this.#epoch !== openEpoch;
  }

  /** Whether the broker has not been asked for all of these yet. */
  isNewTo(partitions: readonly SharedPartition[]): boolean {
    return !this.isOpen || partitions.some((each) => !this.#known.has(partitionName(each)));
  }

  /** The next request for these partitions. */
  request(
    partitions: readonly SharedPartition[],
    acknowledgements: readonly AcknowledgedPartition[],
    { maxWaitMs, maxRecords, isExact }: ShareLimits,
  ): RequestBodies['ShareFetch'] {
    if (!this.isOpen) this.#known.clear();
    const wanted = new Map(partitions.map((each) => [partitionName(each), each]));
    const came = partitions.filter((each) => !this.#known.has(partitionName(each)));
    const gone = [...this.#known.values()].filter((each) => !wanted.has(partitionName(each)));
    this.#known = wanted;
    return {
      groupId: this.#group,
      memberId: this.#memberId,
      shareSessionEpoch: this.#epoch,
      maxWaitMs,
      minBytes: 1,
      maxBytes,
      maxRecords,
      batchSize: maxRecords,
      shareAcquireMode: isExact ? 1 : 0,
      topics: topicsOf(came, acknowledgements),
      forgottenTopicsData: groupedByTopic(gone).map(({ partitions: items }) => ({
        topicId: idOf(items),
        partitions: items.map(({ partition }) => partition),
      })),
    };
  }

  /** The broker answered, without an error for the session. */
  answered(): void {
    this.#epoch = this.#epoch === lastEpoch ? 1 : this.#epoch + 1;
  }

  /** Begins a new session, after a lost connection or where the broker no longer knows it. */
  reset(): void {
    this.#epoch = openEpoch;
  }

  /** Ends the session with these acknowledgements; the broker takes back what else it has handed out, as if it never had. */
  closing(acknowledgements: readonly AcknowledgedPartition[]): RequestBodies['ShareAcknowledge'] {
    return {
      groupId: this.#group,
      memberId: this.#memberId,
      shareSessionEpoch: closeEpoch,
      topics: topicsOf([], acknowledgements),
    };
  }
}

export type AcknowledgedPartition = Acknowledgements & SharedPartition;

function idOf([first]: readonly SharedPartition[]): string {
  return first!.topicId!;
}

/** Partitions to add to the session, and those of which something is acknowledged. */
function topicsOf(came: readonly SharedPartition[], acknowledgements: readonly AcknowledgedPartition[]) {
  const batches = new Map<string, AcknowledgedPartition['batches'][number][]>();
  const all = new Map(came.map((each) => [partitionName(each), each]));
  for (const acknowledged of acknowledgements) {
    const name = partitionName(acknowledged);
    all.set(name, acknowledged);
    batches.set(name, [...(batches.get(name) ?? []), ...acknowledged.batches]);
  }
  return groupedByTopic([...all.values()]).map(({ partitions }) => ({
    topicId: idOf(partitions),
    partitions: partitions.map((each) => ({
      partitionIndex: each.partition,
      acknowledgementBatches: (batches.get(partitionName(each)) ?? []).sort((one, other) =>
        one.firstOffset < other.firstOffset ? -1 : 1,
      ),
    })),
  }));
}
