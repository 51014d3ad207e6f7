/** The records of one key, looked for where Java's partitioner puts them, or everywhere. */
import type { RecordView } from '../kafka/batch/record.ts';
import type { TopicPartition } from '../kafka/cluster.ts';
import { type ChosenKey, KeyChoice } from './key-choice.ts';

export class KeySearch {
  readonly #key: ChosenKey;
  readonly #everywhere: boolean;
  readonly #choices = new Map<string, KeyChoice>();

  /** @param everywhere whether all partitions are read, whatever Java's partitioner says */
  constructor(key: ChosenKey, everywhere: boolean) {
    this.#key = key;
    this.#everywhere = everywhere;
  }

  /** The partitions to read of those that were chosen. @param topics all partitions of each topic */
  partitions(chosen: readonly TopicPartition[], topics: ReadonlyMap<string, readonly number[]>): readonly TopicPartition[] {
    for (const [topic, { length }] of topics) this.#choices.set(topic, new KeyChoice([this.#key], length));
    if (this.#everywhere) return chosen;
    return chosen.filter(({ topic, partition }) => this.#choices.get(topic)!.placeOf(this.#key) === partition);
  }

  /** Whether a record has the key. */
  readonly matches = (record: RecordView): boolean => {
    const { topic, bytes, keyStart, keyEnd } = record;
    if (keyStart < 0) return false;
    const choice = this.#choices.get(topic);
    if (choice) return choice.take(record);
    const { bytes: key } = this.#key;
    return key.length === keyEnd - keyStart && bytes.compare(key, 0, key.length, keyStart, keyEnd) === 0;
  };

  /** Why there may be more records of the key than were found; undefined where nothing says so. */
  get doubt(): string | undefined {
    if (this.#everywhere) return undefined;
    for (const [topic, choice] of this.#choices) {
      const {
        stranger,
        missing: [missing],
      } = choice;
      const why = stranger
        ? `offset ${stranger.offset} of ${topic}:${stranger.partition} has a key that Java's partitioner puts elsewhere`
        : missing && `no record in ${topic}:${choice.placeOf(missing)}, where Java's partitioner puts it`;
      if (why) return `key ${this.#key.text}: ${why}; --all-partitions looks everywhere`;
    }
    return undefined;
  }
}
