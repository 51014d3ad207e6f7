/** The logs of the partitions of a topic, added up: what is written a second, how many records there are. */
import type { TopicMetadata } from '../../kafka/cluster.ts';
import { replicationFactorOf } from '../topics/find.ts';
import { type Change, PartitionLog } from './partition-log.ts';

/** As many as the widest trend shows. */
export const trendLength = 20;

/** A rate of several together: null where none is known. `isPart` where some are unknown. */
interface Sum {
  readonly perSecond: number | null;
  readonly isPart: boolean;
}

/** What the partitions of a topic come to. */
export interface Totals {
  readonly rate: Sum;
  readonly lastRate: Sum;
  /** How many offsets there are between starts and ends; null where one is unknown. */
  readonly records: number | null;
  /** Partitions that did not answer, of those that once did. */
  readonly unanswered: number;
}

/** The logs of one topic. */
export class TopicLogs implements Change {
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
  isChanged = true;
  #totals!: Totals;
  #wasWatched = false;

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
    while (this.partitions.length < metadata.partitions.length) this.partitions.push(new PartitionLog(this));
    this.isChanged = true;
    this.replicationFactor = replicationFactorOf(metadata);
    this.underReplicated = metadata.partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length;
    this.offline = metadata.partitions.filter(({ leader }) => leader < 0).length;
  }

  /** The same object until something changes: in most topics nothing does. */
  get totals(): Totals {
    if (this.isChanged) this.#totals = totalsOf(this.partitions);
    this.isChanged = false;
    return this.#totals;
  }

  /** Adds a bar to the trend. @param isWatched whether each partition gets one too */
  tick(isWatched: boolean): void {
    const { perSecond, isPart } = this.totals.lastRate;
    // A bar that leaves something out would look like a fall.
    keep(this.trend, isPart ? null : perSecond);
    if (isWatched) for (const partition of this.partitions) keep(partition.trend, partition.lastRate);
    else if (this.#wasWatched) for (const partition of this.partitions) partition.trend.length = 0;
    this.#wasWatched = isWatched;
  }
}

function totalsOf(partitions: readonly PartitionLog[]): Totals {
  let records: number | null = 0;
  let unanswered = 0;
  for (const { start, end, answered } of partitions) {
    if (end !== null && !answered) unanswered++;
    records = records === null || start === null || end === null ? null : records + Math.max(0, end - start);
  }
  const [rate, lastRate] = [sum(partitions, (each) => each.rate), sum(partitions, (each) => each.lastRate)];
  return { rate, lastRate, records, unanswered };
}

/** Adds a bar to a trend, whose oldest one goes. */
export function keep<T>(trend: T[], value: T): void {
  trend.push(value);
  if (trend.length > trendLength) trend.shift();
}

/** What is known, added up; null where nothing is known. */
export function sum<T>(items: readonly T[], rateOf: (item: T) => number | null): Sum {
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
