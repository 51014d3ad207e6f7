/** Where a pipe's records go: to one topic or to those that a header names, and there to which partition. */
import { usageError } from '../../base/errors.ts';
import { topicsNamed } from '../../core/topics/find.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { ViewBytes } from '../../kafka/batch/view-bytes.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { type Partitioner, partitioner, partitionFor } from '../../kafka/produce/partitioner.ts';
import { ExpressionFailure } from '../expression/failure.ts';

/**
 * - `same`: the number of the source's partition.
 * - `key`: where Java's partitioner puts the key.
 */
type PartitionChoice = 'same' | 'key';

export interface DestinationRequest {
  /** One topic for all records, or the header that names each one's. */
  readonly to: { readonly topic: string } | { readonly header: string };
  /**
   * Undefined is `same` between topics with equally many partitions, and `key` otherwise. Both keep the order of a key's records: in the first
   * case its partition is copied as a whole, however its producer chose it; in the second that order is all that can be kept.
   */
  readonly partitions: PartitionChoice | undefined;
  /** Whether keys change, which puts them into other partitions: then undefined is always `key`. */
  readonly rekeys: boolean;
  /** Whether a topic may not be written to because it is read: what was written there would be read again, for ever. */
  readonly isRead: (topic: string) => boolean;
}

/** A topic that is written to. */
interface Destination {
  readonly partitions: number;
  readonly choose: Partitioner;
}

/** What says the topic in dead-letter topics of Spring, of kt and others, and of Kafka Connect. */
const usualHeaders = ['kafka_dlt-original-topic', 'x-original-topic', '__connect.errors.topic'];

export class Destinations {
  readonly #source: Cluster;
  readonly #cluster: Cluster;
  readonly #request: DestinationRequest;
  readonly #known = new Map<string, Destination | ExpressionFailure>();
  readonly #sourcePartitions = new Map<string, number>();
  /** What waits to be sent to a partition; undefined while it has no leader. */
  backlog: (topic: string, partition: number) => number | undefined = () => 0;
  /** Called with each topic before records are placed in it. */
  opened: (topic: string) => Promise<void> = async () => {};

  /**
   * @param source the cluster that is read
   * @param cluster the one that is written to
   */
  constructor(source: Cluster, cluster: Cluster, request: DestinationRequest) {
    this.#source = source;
    this.#cluster = cluster;
    this.#request = request;
  }

  /** Makes the one topic known, if there is one. @throws KtError `refused` for an unknown one, `usage` for a pattern */
  async open(): Promise<void> {
    const { to } = this.#request;
    if ('topic' in to) this.#known.set(to.topic, await this.#destination(to.topic));
  }

  /** To be called, and waited for if it is not undefined, before a topic's records are placed. @throws KtError where its partitions cannot be `same` */
  prepare(sourceTopic: string): Promise<void> | undefined {
    return this.#sourcePartitions.has(sourceTopic) ? undefined : this.#learnSource(sourceTopic);
  }

  /** The topic of a record. @throws ExpressionFailure if no header names one */
  topicOf(record: RecordView): string {
    const { to, isRead } = this.#request;
    if ('topic' in to) return to.topic;
    const topic = headerText(record, to.header);
    if (topic === undefined) {
      const other = usualHeaders.find((name) => headerText(record, name) !== undefined);
      throw new ExpressionFailure(`it has no header ${to.header} that names a topic${other ? `, but it has ${other}` : ''}`);
    }
    if (isRead(topic)) throw new ExpressionFailure(`header ${to.header} names ${topic}, which is being read`);
    return topic;
  }

  /** Those that records are placed in. */
  get topics(): readonly string[] {
    return [...this.#known].flatMap(([topic, found]) => (found instanceof ExpressionFailure ? [] : [topic]));
  }

  /** Whether a topic was looked up. */
  knows(topic: string): boolean {
    return this.#known.has(topic);
  }

  /** Looks a topic up; that there is none is said for each of its records. @throws KtError `connection` */
  async learn(topic: string): Promise<void> {
    const found = (await this.#cluster.metadata([topic])).topics.get(topic);
    const isThere = found?.errorCode === 0;
    if (isThere) await this.opened(topic);
    this.#known.set(
      topic,
      isThere
        ? destination(found.partitions.length, (partition) => this.backlog(topic, partition))
        : new ExpressionFailure(`there is no topic ${topic}, or it may not be seen`),
    );
  }

  /** Topics that were not there may be there the next time. */
  forgetUnknown(): void {
    for (const [topic, found] of this.#known) if (found instanceof ExpressionFailure) this.#known.delete(topic);
  }

  /**
   * The partition of a record in a topic that is known.
   * @param asked the one that an expression gave
   * @throws ExpressionFailure for an unknown topic, or a partition that it lacks
   */
  partitionOf(
    topic: string,
    { topic: sourceTopic, partition }: RecordView,
    bytes: ViewBytes,
    asked: number | undefined,
  ): number {
    const to = this.#known.get(topic)!;
    if (to instanceof ExpressionFailure) throw to;
    const { partitions, rekeys } = this.#request;
    const isSame =
      partitions === undefined ? !rekeys && this.#sourcePartitions.get(sourceTopic) === to.partitions : partitions === 'same';
    const wanted = asked ?? (isSame ? partition : undefined);
    if (wanted !== undefined && wanted < to.partitions) return wanted;
    // A source that got more partitions while it was read; `same` was never promised for those.
    if (wanted === undefined || (asked === undefined && partitions === undefined)) return partitionFor(to.choose, bytes);
    throw new ExpressionFailure(`${topic} has no partition ${wanted}: it has ${to.partitions}`);
  }

  async #learnSource(topic: string): Promise<void> {
    const count = (await this.#source.cachedMetadata([topic])).topics.get(topic)?.partitions.length ?? 0;
    const { to, partitions } = this.#request;
    const found = 'topic' in to ? this.#known.get(to.topic) : undefined;
    if (partitions === 'same' && found && 'partitions' in found && found.partitions < count && 'topic' in to) {
      throw usageError(
        `--partitions same (${topic} has ${count} partitions, and ${to.topic} only ${found.partitions})`,
        `kt topics alter ${to.topic} --partitions ${count} adds some; --partitions key spreads records by their keys`,
      );
    }
    this.#sourcePartitions.set(topic, count);
  }

  async #destination(topic: string): Promise<Destination> {
    const found = (await topicsNamed(this.#cluster, [topic])).get(topic);
    if (!found) throw usageError(`topic ${topic} (a pattern)`, 'records are written to one topic: give its name last');
    return destination(found.length, (partition) => this.backlog(topic, partition));
  }
}

/** The text of a header; of several of its name the last counts, as with Kafka's `lastHeader`. */
function headerText(record: RecordView, name: string): string | undefined {
  let text: string | undefined;
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    if (valueStart >= 0 && bytes.toString('utf8', keyStart, keyEnd) === name)
      text = bytes.toString('utf8', valueStart, valueEnd);
  });
  return text;
}

function destination(partitions: number, backlog: (partition: number) => number | undefined): Destination {
  const choose = partitioner('java', partitions);
  choose.adapt(backlog);
  return { partitions, choose };
}
