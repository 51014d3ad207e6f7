/**
 * How far time has come over all partitions: the least of the highest times that each has shown.
 *
 * A partition that was read to its end holds nothing back, and no other one is left out, whatever the clock says: a reader that is merely slow
 * would otherwise lose records (which is what Flink's idle timeout does after a restart).
 */
import type { NextOffset } from '../../kafka/batch/record.ts';
import type { OffsetGap, PartitionReach } from '../../kafka/fetch/fetch.ts';
import { partitionName } from '../../kafka/routing.ts';

/** What one partition has shown. */
export interface PartitionTime {
  /** In epoch ms; minus infinity while it has shown none. */
  highest: number;
  /** The next offset to read; undefined while nothing of it was read. */
  position: bigint | undefined;
}

export class Watermark {
  readonly #partitions: Map<string, PartitionTime>;
  #time = Number.NEGATIVE_INFINITY;

  /** @param times by partition name, where an earlier run has read before */
  constructor(times: ReadonlyMap<string, number> = new Map()) {
    this.#partitions = new Map([...times].map(([name, highest]) => [name, { highest, position: undefined }]));
  }

  /** A partition's times, to which the reader adds what it sees. */
  of(topic: string, partition: number): PartitionTime {
    const name = partitionName({ topic, partition });
    let known = this.#partitions.get(name);
    if (!known) {
      known = { highest: Number.NEGATIVE_INFINITY, position: undefined };
      this.#partitions.set(name, known);
    }
    return known;
  }

  /** The records before these offsets were seen. */
  passed(offsets: readonly NextOffset[]): void {
    for (const { topic, partition, nextOffset } of offsets) this.of(topic, partition).position = nextOffset;
  }

  /** The highest times by partition name. */
  get times(): ReadonlyMap<string, number> {
    return new Map([...this.#partitions].map(([name, { highest }]) => [name, highest]));
  }

  /** @param reach all partitions that are read @returns epoch ms, never less than before */
  advance(reach: readonly PartitionReach[]): number {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const { topic, partition, start, end, deleted } of reach) {
      const { highest, position = start } = this.of(topic, partition);
      most = Math.max(most, highest);
      const isAtEnd = end !== undefined && position !== undefined && behind(deleted, position) >= end;
      if (!isAtEnd) least = Math.min(least, highest);
    }
    this.#time = Math.max(this.#time, least === Number.POSITIVE_INFINITY ? most : least);
    return this.#time;
  }
}

/** Where a reader at this position goes on: behind what was deleted, once it has seen all that was fetched before. */
function behind(deleted: OffsetGap | undefined, position: bigint): bigint {
  return deleted && position >= deleted.from && position < deleted.to ? deleted.to : position;
}
