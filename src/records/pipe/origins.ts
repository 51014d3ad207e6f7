/** Where the records on their way to the brokers come from: by the number that the producer knows each by. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Records whose offsets rise with their numbers, kept together: mostly a whole batch. Numbers, not objects: filters may leave many short runs. */
export class Origins {
  readonly #firstLines: number[] = [];
  readonly #firstOffsets: number[] = [];
  /** Index of each run's partition. */
  readonly #places: number[] = [];
  readonly #partitions: Omit<Origin, 'offset'>[] = [];
  #place = -1;
  #nextLine = 0;
  #nextOffset = -1;

  /** How many runs are kept. */
  get size(): number {
    return this.#firstLines.length;
  }

  /** @param line higher than the last one */
  add({ topic, partition, offset }: Origin, line: number): void {
    const last = this.#partitions[this.#place];
    const isSame = last !== undefined && last.partition === partition && last.topic === topic;
    if (!isSame || offset !== this.#nextOffset || line !== this.#nextLine) {
      if (!isSame) this.#place = this.#placeOf(topic, partition);
      this.#firstLines.push(line);
      this.#firstOffsets.push(offset);
      this.#places.push(this.#place);
    }
    this.#nextLine = line + 1;
    this.#nextOffset = offset + 1;
  }

  /** Where a record that was added comes from. */
  of(line: number): Origin {
    let [low, high] = [0, this.#firstLines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#firstLines[middle]! <= line) low = middle;
      else high = middle;
    }
    return { ...this.#partitions[this.#places[low]!]!, offset: this.#firstOffsets[low]! + line - this.#firstLines[low]! };
  }

  /** Forgets all of them: what became of each is known. */
  clear(): void {
    for (const list of [this.#firstLines, this.#firstOffsets, this.#places]) list.length = 0;
    this.#place = -1;
  }

  #placeOf(topic: string, partition: number): number {
    const known = this.#partitions.findIndex((each) => each.topic === topic && each.partition === partition);
    return known >= 0 ? known : this.#partitions.push({ topic, partition }) - 1;
  }
}

/** `orders:3 at offset 17`. */
export function originText({ topic, partition, offset }: Origin): string {
  return `${topic}:${partition} at offset ${offset}`;
}
