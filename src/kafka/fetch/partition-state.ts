/** One partition while it is read: the next offset to fetch, its leader, and whether it is done. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { FetchRange } from './fetch.ts';
import type { FetchPosition } from './fetch-session.ts';

/** Longer than it takes to fence a crashed broker (9 s by default). */
const patienceMs = 30_000;

export interface PartitionFetchState extends FetchPosition {
  readonly end: bigint | undefined;
  leader: number | undefined;
  done: boolean;
  /** Not fetched for now: its reader has enough. */
  held: boolean;
  /** Its leader had nothing more when it was last asked. */
  idle: boolean;
  /** The offset a reader may read up to, from the last answer: the last stable offset or the high watermark. */
  readableEnd: bigint;
  /** When its leader was lost, in ms of `performance.now()`; undefined while it answers. */
  lostAt: number | undefined;
  /** When a broker first said that the topic does not exist, in ms of `performance.now()`; undefined while it is known. */
  unknownAt: number | undefined;
}

export function fetchStateOf({ topic, partition, start, end }: FetchRange, topicId: string | null): PartitionFetchState {
  return {
    topic,
    topicId,
    partition,
    offset: start,
    end,
    leader: undefined,
    leaderEpoch: -1,
    done: end !== undefined && start >= end,
    held: false,
    idle: false,
    readableEnd: -1n,
    lostAt: undefined,
    unknownAt: undefined,
  };
}

/** Its leader does not answer, or no longer leads. @throws KtError `connection` after 30 s without a leader */
export function loseLeader(state: PartitionFetchState, cause: KtError): void {
  const now = performance.now();
  state.lostAt ??= now;
  if (now - state.lostAt > patienceMs) {
    throw new KtError('connection', `no leader answers for ${state.topic}:${state.partition} (${cause.message})`, {
      code: 'LEADER_NOT_AVAILABLE',
      hint: `kt topics describe ${shellWord(state.topic)} shows its replicas`,
      cause,
    });
  }
  state.leader = undefined;
}

/** Nothing came. Offsets below the readable end that hold nothing were compacted away, so a range that ends there is done. */
export function nothingCame(states: readonly PartitionFetchState[]): void {
  for (const state of states) {
    state.idle = true;
    if (state.end !== undefined && state.readableEnd >= state.end) state.done = true;
  }
}
