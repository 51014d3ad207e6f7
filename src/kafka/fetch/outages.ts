/** Partitions whose leader does not answer while they are read: people are told once, and a range with an end is given up in time. */
import { KtError } from '../../base/errors.ts';
import { partitionNames } from '../by-topic.ts';
import type { TopicPartition } from '../cluster.ts';
import type { FetchOptions } from './fetch.ts';
import type { PartitionFetchState } from './partition-state.ts';

/** Leaders that are stopped in an orderly way have a successor within this time: not worth a word. */
const tellMs = 3_000;
/** How long a range with an end waits for a leader: longer than it takes to fence a crashed broker (9 s by default). */
export const patienceMs = 30_000;

export class Outages {
  readonly #options: Pick<FetchOptions, 'warn' | 'note'>;
  /** How long a leader may answer with anything but records before a range with an end is given up, in ms. */
  readonly #timeoutMs: number;

  constructor(options: Pick<FetchOptions, 'warn' | 'note'>, timeoutMs: number) {
    this.#options = options;
    this.#timeoutMs = timeoutMs;
  }

  /** Tells of those that have been lost for a while. @returns those to give up: without an end a partition is waited for for ever */
  check(lost: readonly PartitionFetchState[]): readonly PartitionFetchState[] {
    const now = performance.now();
    const news = lost.filter(({ isTold, lostAt }) => !isTold && lostAt !== undefined && now - lostAt > tellMs);
    for (const state of news) state.isTold = true;
    if (news.length > 0) this.#options.warn(waitingText(news, news[0]!.cause));
    return lost.filter(({ end, lostAt, refusedAt, unknownAt }) => {
      // Whether a topic that is unknown was deleted is decided elsewhere.
      if (end === undefined || lostAt === undefined || unknownAt !== undefined) return false;
      return now - lostAt > patienceMs || (refusedAt !== undefined && now - refusedAt > this.#timeoutMs);
    });
  }

  /** These partitions are answered for. */
  answered(states: readonly PartitionFetchState[]): void {
    const back = states.filter(({ isTold }) => isTold);
    for (const state of states) {
      state.lostAt = undefined;
      state.refusedAt = undefined;
      state.cause = undefined;
      state.isTold = false;
    }
    if (back.length > 0) this.#options.note?.(backText(back));
  }
}

export function waitingText(partitions: readonly TopicPartition[], cause: KtError | undefined): string {
  return `waiting for the leader of ${partitionNames(partitions)}${cause ? ` (${cause.message})` : ''}`;
}

export function backText(partitions: readonly TopicPartition[]): string {
  return `${partitionNames(partitions)}: the leader answers again`;
}

/** Why a partition is given up. */
export function giveUpCause({ topic, partition, refusedAt, cause }: PartitionFetchState): KtError {
  if (refusedAt !== undefined && cause) return cause;
  const why = cause ? ` (${cause.message})` : '';
  return new KtError('connection', `no leader answers for ${topic}:${partition}${why}`, {
    code: 'LEADER_NOT_AVAILABLE',
    cause,
  });
}
