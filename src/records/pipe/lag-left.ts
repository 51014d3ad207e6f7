/** How many offsets a reader that follows still has before it: looked up at intervals, for people to see. */
import { listOffsets, offsetOf } from '../../core/offsets/list.ts';
import type { NextOffset } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { partitionName } from '../../kafka/routing.ts';

const everyMs = 2_000;

export class LagLeft {
  readonly #cluster: Cluster;
  readonly #isolation: Isolation;
  readonly #positions = new Map<string, NextOffset>();
  #timer: NodeJS.Timeout | undefined;
  /** Undefined until it was looked up. */
  value: number | undefined;

  constructor(cluster: Cluster, isolation: Isolation) {
    this.#cluster = cluster;
    this.#isolation = isolation;
  }

  begin(): void {
    this.#timer = setInterval(() => void this.#look().catch(() => {}), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Takes note of how far the reading has come. */
  passed(next: readonly NextOffset[]): void {
    for (const each of next) this.#positions.set(partitionName(each), each);
  }

  async #look(): Promise<void> {
    const positions = [...this.#positions.values()];
    if (positions.length === 0) return;
    const ends = await listOffsets(this.#cluster, positions, 'end', this.#isolation);
    let left = 0n;
    for (const position of positions) {
      const end = offsetOf(ends, position) ?? position.nextOffset;
      const { nextOffset } = this.#positions.get(partitionName(position))!;
      if (end > nextOffset) left += end - nextOffset;
    }
    this.value = Number(left);
  }
}
