/** Some keys, by their bytes, and the partitions where Java's partitioner puts them. */
import type { RecordView } from '../kafka/batch/record.ts';
import { murmur2 } from '../kafka/produce/partitioner.ts';

export interface ChosenKey {
  /** As it was given, for messages. */
  readonly text: string;
  readonly bytes: Buffer;
}

export class KeyChoice {
  readonly #keys: readonly ChosenKey[];
  readonly #partitions: number;
  readonly #found = new Set<ChosenKey>();
  #stranger: { readonly partition: number; readonly offset: number } | undefined;

  /** @param partitions how many the topic has */
  constructor(keys: readonly ChosenKey[], partitions: number) {
    this.#keys = keys.filter(({ bytes }, at) => !keys.slice(0, at).some((other) => other.bytes.equals(bytes)));
    this.#partitions = partitions;
  }

  /** Where Java's partitioner puts the keys. */
  get partitions(): readonly number[] {
    return [...new Set(this.#keys.map(({ bytes }) => this.#partitionOf(bytes, 0, bytes.length)))].sort((a, b) => a - b);
  }

  /** A record, of those seen so far, that is not where Java's partitioner puts its key: then the chosen keys may be elsewhere too. */
  get stranger(): { readonly partition: number; readonly offset: number } | undefined {
    return this.#stranger;
  }

  /** The keys of which no record was seen. */
  get missing(): readonly ChosenKey[] {
    return this.#keys.filter((key) => !this.#found.has(key));
  }

  /** Where one key should be. */
  placeOf({ bytes }: ChosenKey): number {
    return this.#partitionOf(bytes, 0, bytes.length);
  }

  /** Whether a record, which has a key, is of one of the keys. */
  take({ bytes, keyStart, keyEnd, partition, offset }: RecordView): boolean {
    if (this.#stranger === undefined && this.#partitionOf(bytes, keyStart, keyEnd) !== partition)
      this.#stranger = { partition, offset };
    for (const key of this.#keys) {
      if (key.bytes.length !== keyEnd - keyStart || bytes.compare(key.bytes, 0, key.bytes.length, keyStart, keyEnd) !== 0)
        continue;
      this.#found.add(key);
      return true;
    }
    return false;
  }

  #partitionOf(bytes: Buffer, start: number, end: number): number {
    return (murmur2(bytes, start, end) & 0x7fffffff) % this.#partitions;
  }
}
