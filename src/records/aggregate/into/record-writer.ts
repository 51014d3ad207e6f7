/** Writes results, state and late records through one producer. */
import { KtError } from '../../../base/errors.ts';
import type { RecordView } from '../../../kafka/batch/record.ts';
import { ViewBytes } from '../../../kafka/batch/view-bytes.ts';
import type { RecordBytes } from '../../../kafka/batch/writer.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { type Partitioner, partitioner, partitionFor } from '../../../kafka/produce/partitioner.ts';
import { RecordProducer } from '../../../kafka/produce/producer.ts';

/** How long a batch is sent again: as long as Java's producer does by default. */
const deliveryTimeoutMs = 120_000;

const none = Buffer.alloc(0);

export class RecordWriter {
  readonly producer: RecordProducer;
  readonly #failures: KtError[];
  /** By topic, the offset behind what was last acknowledged in partition 0. */
  readonly #ends: ReadonlyMap<string, bigint>;
  readonly #partitioners: ReadonlyMap<string, Partitioner>;
  readonly #copied = new ViewBytes();
  #line = 0;

  private constructor(
    producer: RecordProducer,
    failures: KtError[],
    ends: ReadonlyMap<string, bigint>,
    partitioners: ReadonlyMap<string, Partitioner>,
  ) {
    this.producer = producer;
    this.#failures = failures;
    this.#ends = ends;
    this.#partitioners = partitioners;
  }

  /**
   * @param transactionalId undefined writes without transactions, each record once
   * @throws KtError `refused` for an unknown topic or without permission; `connection`
   */
  static async open(
    cluster: Cluster,
    topics: readonly string[],
    transactionalId: string | undefined,
    signal: AbortSignal,
  ): Promise<RecordWriter> {
    const failures: KtError[] = [];
    const ends = new Map<string, bigint>();
    const producer = await RecordProducer.open(cluster, {
      acks: -1,
      idempotent: true,
      transactionalId,
      compression: 'lz4',
      retries: Number.POSITIVE_INFINITY,
      deliveryTimeoutMs,
      signal,
      onDelivered: ({ topic, partition, baseOffset, lines }) => {
        if (partition === 0) ends.set(topic, baseOffset + BigInt(lines.length));
      },
      onFailed: (_, error) => void failures.push(error),
    });
    for (const topic of topics) await producer.addTopic(topic);
    const metadata = await cluster.cachedMetadata(topics);
    const partitioners = topics.map(
      (topic) => [topic, partitioner('java', metadata.topics.get(topic)!.partitions.length)] as const,
    );
    return new RecordWriter(producer, failures, ends, new Map(partitioners));
  }

  /** Adds a record, in the partition of its key. @param timestamp epoch ms */
  put(topic: string, key: Buffer | null, value: Buffer | null, timestamp: number): void {
    this.#append(topic, {
      key: key ?? none,
      keyStart: key ? 0 : -1,
      keyEnd: key?.length ?? -1,
      value: value ?? none,
      valueStart: value ? 0 : -1,
      valueEnd: value?.length ?? -1,
      headers: undefined,
      timestamp,
    });
  }

  /** Adds a copy of a record. */
  copy(topic: string, record: RecordView): void {
    this.#append(topic, this.#copied.at(record));
  }

  /** The offset behind what was last acknowledged in partition 0 of a topic; undefined where nothing was. */
  endOf(topic: string): bigint | undefined {
    return this.#ends.get(topic);
  }

  /** Waits until all is written that was put. @throws KtError what the cluster refused */
  async flush(): Promise<void> {
    await this.producer.flush();
    this.#check();
  }

  /** Commits the transaction. @throws KtError what the cluster refused; `connection` when it may have been committed or not */
  async commit(): Promise<void> {
    if (await this.producer.commit()) return;
    this.#check();
    throw new KtError('connection', 'the transaction could not be committed (records were not acknowledged)');
  }

  /** Aborts the transaction. The writer has ended then, and a new one takes its transactional id. */
  async abort(): Promise<void> {
    await this.producer.abort();
  }

  #append(topic: string, record: RecordBytes): void {
    const partition = partitionFor(this.#partitioners.get(topic)!, record);
    this.producer.append(topic, partition, record, ++this.#line);
  }

  #check(): void {
    const [first] = this.#failures;
    if (first) throw first;
  }
}
