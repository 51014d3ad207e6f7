/** How far a sink has handled what it was given, until that is committed. */
import type { NextOffset } from '../../kafka/batch/record.ts';

export class HandledOffsets {
  #offsets = new Map<string, Map<number, bigint>>();

  /** Everything before these offsets was handled. */
  add(passed: readonly NextOffset[]): void {
    for (const { topic, partition, nextOffset } of passed) {
      const offsets = this.#offsets.get(topic);
      if (offsets) offsets.set(partition, nextOffset);
      else this.#offsets.set(topic, new Map([[partition, nextOffset]]));
    }
  }

  get isEmpty(): boolean {
    return this.#offsets.size === 0;
  }

  /** Nothing more is committed for this topic. */
  forget(topic: string): void {
    this.#offsets.delete(topic);
  }

  /** What was handled since the last call, by topic and partition. */
  take(): ReadonlyMap<string, ReadonlyMap<number, bigint>> {
    const taken = this.#offsets;
    this.#offsets = new Map();
    return taken;
  }
}
