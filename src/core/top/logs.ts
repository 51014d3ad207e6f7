/** Where the logs of all partitions end, over the last seconds, and what is written a second: by differences of end offsets. */
import type { TopicMetadata } from '../../kafka/cluster.ts';
import { replicationFactorOf } from '../topics/find.ts';

/** Samples that a rate is taken over: five ticks, because offsets advance in steps. */
const windowSamples = 6;
/** As many as the widest trend shows. */
export const trendLength = 20;

/** The log of one partition. Offsets are numbers: exact below 2^53, as every real offset is. */
export class PartitionLog {
  start: number | null = null;
  /** Its last end offset, however old; null before the first. */
  end: number | null = null;
  /** Whether its leader gave its end offset when last asked. */
  answered = false;
  /** Records written per second between ticks, oldest first; null where unknown. Only kept for a topic that is looked at. */
  readonly trend: (number | null)[] = [];
  /** Samples in a ring, of which `#newest` was written last: there are thousands of logs, and each gets one at each tick. */
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  #newest = -1;
  #rate: number | null = null;
  #lastRate: number | null = null;

  /** @param at when its leader answered, in ms of a clock that only goes forward */
  add(end: number, at: number): void {
    this.answered = true;
    // Deleted and made anew, or cut by an unclean election: no rate is ever negative.
    if (this.end !== null && end < this.end) this.#forget();
    const before = this.#newest;
    this.end = end;
    this.#newest = (before + 1) % windowSamples;
    this.#ends[this.#newest] = end;
    this.#times[this.#newest] = at;
    this.#lastRate = before < 0 ? null : this.#since(before, end, at);
    const oldest = this.#ends.length < windowSamples ? 0 : (this.#newest + 1) % windowSamples;
    this.#rate = this.#since(oldest, end, at);
  }

  /** Records per second over the window; null with fewer than two samples, or without an answer. */
  get rate(): number | null {
    return this.answered ? this.#rate : null;
  }

  /** Records per second between the last two samples. */
  get lastRate(): number | null {
    return this.answered ? this.#lastRate : null;
  }

  #since(index: number, end: number, at: number): number | null {
    const ms = at - this.#times[index]!;
    return ms <= 0 ? null : ((end - this.#ends[index]!) / ms) * 1000;
  }

  #forget(): void {
    this.#ends.length = 0;
    this.#times.length = 0;
    this.#newest = -1;
    this.start = null;
  }
}

/** The logs of one topic. */
export class TopicLogs {
  metadata: TopicMetadata;
  /** What metadata says, counted once: replicas, partitions that are under-replicated, that have no leader. */
  replicationFactor = 0;
  underReplicated = 0;
  offline = 0;
  readonly partitions: PartitionLog[] = [];
  /** Why its offsets may not be asked for. */
  denied = false;
  /** Records written per second between ticks, oldest first; null where unknown. */
  readonly trend: (number | null)[] = [];

  constructor(metadata: TopicMetadata) {
    this.metadata = metadata;
    this.update(metadata);
  }

  /** Takes newer metadata; a topic that was deleted and made anew begins anew. */
  update(metadata: TopicMetadata): void {
    const isAnother = this.metadata.topicId !== metadata.topicId;
    if (isAnother) {
      this.partitions.length = 0;
      this.trend.length = 0;
    }
    this.metadata = metadata;
    this.partitions.length = Math.min(this.partitions.length, metadata.partitions.length);
    while (this.partitions.length < metadata.partitions.length) this.partitions.push(new PartitionLog());
    this.replicationFactor = replicationFactorOf(metadata);
    this.underReplicated = metadata.partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length;
    this.offline = metadata.partitions.filter(({ leader }) => leader < 0).length;
  }

  /** Records per second; null where no partition has a rate. `isPart` where some have none. */
  get rate(): { readonly perSecond: number | null; readonly isPart: boolean } {
    return sum(this.partitions, ({ rate }) => rate);
  }

  /** Adds a bar to the trend. @param isWatched whether each partition gets one too */
  tick(isWatched: boolean): void {
    const { perSecond, isPart } = sum(this.partitions, ({ lastRate }) => lastRate);
    // A bar that leaves something out would look like a fall.
    keep(this.trend, isPart ? null : perSecond);
    for (const partition of this.partitions) {
      if (isWatched) keep(partition.trend, partition.lastRate);
      else partition.trend.length = 0;
    }
  }

  /** How many offsets there are between starts and ends; null where one is unknown. */
  get records(): number | null {
    let records = 0;
    for (const { start, end } of this.partitions) {
      if (start === null || end === null) return null;
      records += Math.max(0, end - start);
    }
    return records;
  }
}

/** Adds a bar to a trend, whose oldest one goes. */
export function keep<T>(trend: T[], value: T): void {
  trend.push(value);
  if (trend.length > trendLength) trend.shift();
}

/** What is known, added up; null where nothing is known. */
export function sum<T>(
  items: readonly T[],
  rateOf: (item: T) => number | null,
): { readonly perSecond: number | null; readonly isPart: boolean } {
  let total = 0;
  let known = 0;
  for (let index = 0; index < items.length; index++) {
    const rate = rateOf(items[index]!);
    if (rate === null) continue;
    known++;
    total += rate;
  }
  return { perSecond: known === 0 ? null : total, isPart: known > 0 && known < items.length };
}
