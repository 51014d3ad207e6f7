/** Samples of each partition of each group over time, for verdicts and rates. */
import { partitionName } from '../../kafka/routing.ts';
import type { GroupLag, PartitionLag } from './compute.ts';
import { type LagSample, verdictOf } from './verdicts.ts';

export class LagHistory {
  readonly #samples = new Map<string, LagSample[]>();
  readonly #longest: number;

  /** @param longest how many samples are kept of a partition; the oldest are dropped */
  constructor(longest = Number.POSITIVE_INFINITY) {
    this.#longest = longest;
  }

  /** Adds a sample of everything; an empty one for partitions that were seen before and are missing now. */
  add(atMs: number, groups: readonly GroupLag[]): void {
    const seen = new Set<string>();
    for (const { group, partitions } of groups) {
      for (const row of partitions) {
        const key = keyOf(group, row);
        seen.add(key);
        const { committedOffset, endOffset, lag, memberId } = row;
        this.#push(key, { atMs, committedOffset, endOffset, lag, owned: memberId !== null });
      }
    }
    const nothing = { atMs, committedOffset: null, endOffset: null, lag: null, owned: false };
    for (const key of this.#samples.keys()) if (!seen.has(key)) this.#push(key, nothing);
  }

  /** The samples of one partition, oldest first. */
  of(group: string, row: PartitionLag): readonly LagSample[] {
    return this.#samples.get(keyOf(group, row)) ?? [];
  }

  /** The groups with a verdict on each partition whose lag is known. */
  judged(groups: readonly GroupLag[]): readonly GroupLag[] {
    return groups.map((each) => ({
      ...each,
      partitions: each.partitions.map((row) => ({
        ...row,
        verdict: row.lag === null ? null : verdictOf(this.of(each.group, row)),
      })),
    }));
  }

  #push(key: string, sample: LagSample): void {
    const samples = this.#samples.get(key) ?? [];
    samples.push(sample);
    if (samples.length > this.#longest) samples.shift();
    this.#samples.set(key, samples);
  }
}

function keyOf(group: string, row: PartitionLag): string {
  return `${group}\0${partitionName(row)}`;
}
