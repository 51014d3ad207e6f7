/** Where a member continues in partitions that it lost and got back while nobody else moved the group's offsets. */
import type { AssignedPartition, Offsets } from '../../kafka/group/offsets.ts';
import { partitionName } from '../../kafka/routing.ts';

interface Position {
  /** What the group's offset is if only this member committed: the last one known, and those of commits that were not answered. */
  readonly committed: Set<bigint | null>;
  /** Everything before this offset was handled; undefined where nothing was. */
  next: bigint | undefined;
}

/**
 * An outage longer than the session ends the membership, and the last commits may not have been answered. To begin again at the committed
 * offset would then repeat records that were handled. Where somebody else committed meanwhile, the group's offset counts.
 */
export class KeptPositions {
  readonly #positions = new Map<string, Position>();

  /** The partitions of a new generation, each with the offset to continue at as its committed offset. */
  continued(assigned: readonly AssignedPartition[]): readonly AssignedPartition[] {
    return assigned.map((partition) => {
      const { committedOffset } = partition;
      const name = partitionName(partition);
      const known = this.#positions.get(name);
      if (known?.next !== undefined && known.committed.has(committedOffset))
        return { ...partition, committedOffset: known.next };
      this.#positions.set(name, { committed: new Set([committedOffset]), next: undefined });
      return partition;
    });
  }

  /** These offsets are the next to handle, and may soon be committed. */
  handled(offsets: Offsets): void {
    for (const [position, offset] of this.#each(offsets)) {
      position.committed.add(offset);
      position.next = offset;
    }
  }

  /** These offsets are committed. */
  committed(offsets: Offsets): void {
    for (const [position, offset] of this.#each(offsets)) {
      position.committed.clear();
      position.committed.add(offset);
    }
  }

  /** A deleted topic may be created anew. */
  forget(topic: string): void {
    for (const name of this.#positions.keys()) if (name.startsWith(`${topic}:`)) this.#positions.delete(name);
  }

  *#each(offsets: Offsets): Generator<readonly [Position, bigint]> {
    for (const [topic, partitions] of offsets) {
      for (const [partition, offset] of partitions) {
        const position = this.#positions.get(partitionName({ topic, partition }));
        if (position) yield [position, offset];
      }
    }
  }
}
