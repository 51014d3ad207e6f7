/** The topic for records that could not be written: each as it was, with headers that say why, and from where it came. */
import { KtError } from '../../base/errors.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { encodedHeaders, replacedHeaders } from '../../kafka/batch/record-headers.ts';
import { ViewBytes } from '../../kafka/batch/view-bytes.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { RecordProducer } from '../../kafka/produce/producer.ts';
import type { Origin } from './origins.ts';

/** The names that other tools use too; `kt pipe … --to-header x-original-topic` sends records back. */
const deadLetterHeaders = {
  error: 'x-error-message',
  topic: 'x-original-topic',
  partition: 'x-original-partition',
  offset: 'x-original-offset',
} as const;

const names: ReadonlySet<string> = new Set(Object.values(deadLetterHeaders));

export class DeadLetters {
  readonly topic: string;
  readonly #partitions: number;
  readonly #bytes = new ViewBytes();

  private constructor(topic: string, partitions: number) {
    this.topic = topic;
    this.#partitions = partitions;
  }

  /** @throws KtError `refused` for an unknown topic */
  static async open(cluster: Cluster, topic: string): Promise<DeadLetters> {
    const found = (await cluster.cachedMetadata([topic])).topics.get(topic);
    if (found?.errorCode === 0) return new DeadLetters(topic, found.partitions.length);
    throw new KtError('refused', `--dead-letter ${topic} (there is no such topic, or it may not be seen)`, {
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      hint: `kt topics create ${topic}`,
    });
  }

  /** Keeps a record. Those of a partition stay together, in their order. @param line its number for the producer */
  keep(producer: RecordProducer, record: RecordView, origin: Origin, why: string, line: number): void {
    const bytes = this.#bytes.at(record);
    const texts = { error: why, topic: origin.topic, partition: String(origin.partition), offset: String(origin.offset) };
    const added = Object.entries(texts).map(([what, text]) => ({
      key: Buffer.from(deadLetterHeaders[what as keyof typeof texts]),
      value: Buffer.from(text),
    }));
    bytes.setHeaders(replacedHeaders(encodedHeaders(record), (name) => names.has(name), added));
    producer.append(this.topic, origin.partition % this.#partitions, bytes, line);
  }
}
