/** Partitions that have no leader when they are to be read: read as soon as they have one, while the others are read. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster, ClusterMetadata } from '../../kafka/cluster.ts';
import type { RecordFetcher } from '../../kafka/fetch/fetcher.ts';
import { backText, patienceMs, waitingText } from '../../kafka/fetch/outages.ts';
import type { UnreadPartitions } from '../../kafka/fetch/unread.ts';
import { tellOpenTransactions } from './open-transactions.ts';
import { type FoundRanges, type LeaderlessPartition, type ReadRange, rangesOf } from './ranges.ts';
import type { ReadEvents, ReadRequest } from './request.ts';

const retryMs = 500;
/** How long leaders are looked for in one try: the next one comes soon. */
const lookMs = 1_000;

export interface LateReading {
  readonly cluster: Cluster;
  readonly request: ReadRequest;
  readonly events: ReadEvents;
  /** Gets those that have no leader for 30 s, where the reading has an end. */
  readonly unread: UnreadPartitions;
  readonly committed?: ReadonlyMap<string, bigint> | undefined;
  /** Called with ranges before they are read. */
  readonly found?: ((ranges: readonly ReadRange[]) => void) | undefined;
}

export class LatePartitions {
  readonly #reading: LateReading;
  /**
   * Nothing can be written to a partition without a leader. So what is written after the reading began lies behind the end that the
   * partition had then, and is found by its time: by the time its new leader is asked, its end may have moved on.
   */
  readonly #from: ReadRequest['from'];
  #waiting: readonly LeaderlessPartition[];

  constructor(reading: LateReading, waiting: readonly LeaderlessPartition[]) {
    this.#reading = reading;
    this.#waiting = waiting;
    const { from } = reading.request;
    this.#from = from.at === 'end' ? { at: 'time', timestampMs: Date.now() } : from;
  }

  /** Whether partitions may still come. */
  readonly areExpected = (): boolean => this.#waiting.length > 0;

  /** Says which partitions are waited for, and adds them to the fetcher when they have a leader, for as long as it reads. */
  watch(fetcher: RecordFetcher): void {
    if (this.#hasEnd) this.#giveUp(({ cause }) => isAnswer(cause));
    if (this.#waiting.length === 0) return;
    this.#reading.events.warn(waitingText(this.#waiting, this.#waiting[0]!.cause));
    this.#keepLooking(fetcher).catch((error: unknown) => {
      if (!fetcher.signal.aborted) fetcher.fail(error);
    });
  }

  get #hasEnd(): boolean {
    const { exitAtEnd, to } = this.#reading.request;
    return exitAtEnd || to !== undefined;
  }

  #giveUp(isLost: (partition: LeaderlessPartition) => boolean): void {
    for (const waiting of this.#waiting.filter(isLost)) {
      const { cause, ...partition } = waiting;
      this.#reading.unread.add(partition, cause);
    }
    this.#waiting = this.#waiting.filter((partition) => !isLost(partition));
  }

  async #keepLooking(fetcher: RecordFetcher): Promise<void> {
    const { events, found } = this.#reading;
    const startedAt = performance.now();
    while (this.#waiting.length > 0) {
      await pause(retryMs, fetcher.signal).catch(() => {});
      const look = await this.#look();
      if (fetcher.signal.aborted) return;
      this.#waiting = look.leaderless;
      if (this.#hasEnd && performance.now() - startedAt > patienceMs) this.#giveUp(() => true);
      if (look.ranges.length > 0) {
        events.note(backText(look.ranges));
        tellOpenTransactions(look.ranges, events);
        found?.(look.ranges);
      }
      // Also wakes a reader that waited only for these.
      fetcher.add(look.ranges, look.metadata);
    }
  }

  /** Those that have a leader now. */
  async #look(): Promise<FoundRanges & { readonly metadata: ClusterMetadata }> {
    const { cluster, request, committed } = this.#reading;
    const late = { ...request, from: this.#from };
    const topics = [...new Set(this.#waiting.map(({ topic }) => topic))];
    try {
      const metadata = await cluster.metadata(topics);
      return { ...(await rangesOf(cluster, late, this.#waiting, committed, { timeoutMs: lookMs })), metadata };
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
      return { ranges: [], leaderless: this.#waiting, metadata: await cluster.cachedMetadata(topics) };
    }
  }
}

/** Whether a broker did answer, so that `--timeout` has passed without an answer of use: it is not the leader that is missing. */
function isAnswer({ kind, code }: KtError): boolean {
  return code === 'CORRUPT_MESSAGE' || (kind === 'refused' && code !== 'LEADER_NOT_AVAILABLE');
}
