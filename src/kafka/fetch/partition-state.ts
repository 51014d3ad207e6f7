/** One partition while it is read: the next offset to fetch, its leader, and whether it is done. */
import type { KtError } from '../../base/errors.ts';
import type { FetchRange, OffsetGap } from './fetch.ts';
import type { FetchPosition } from './fetch-session.ts';

export interface PartitionFetchState extends FetchPosition {
  /** Where its reading began: behind what was deleted before any of it was read. */
  start: bigint;
  readonly end: bigint | undefined;
  /** The last offsets that were deleted before they were read. */
  deleted: OffsetGap | undefined;
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
  /** Since when each answer of its leader was a refusal or could not be read, in ms of `performance.now()`. */
  refusedAt: number | undefined;
  /** Why its leader was lost. */
  cause: KtError | undefined;
  /** People were told that its leader was lost. */
  isTold: boolean;
  /** How many answers in a row had nothing of it although it goes on, and since when, in ms of `performance.now()`. */
  emptyAnswers: number;
  emptySince: number;
  /** When a broker first said that the topic does not exist, in ms of `performance.now()`; undefined while it is known. */
  unknownAt: number | undefined;
}

export function fetchStateOf({ topic, partition, start, end }: FetchRange, topicId: string | null): PartitionFetchState {
  return {
    topic,
    topicId,
    partition,
    start,
    offset: start,
    end,
    deleted: undefined,
    leader: undefined,
    leaderEpoch: -1,
    done: end !== undefined && start >= end,
    held: false,
    idle: false,
    readableEnd: -1n,
    lostAt: undefined,
    refusedAt: undefined,
    cause: undefined,
    isTold: false,
    emptyAnswers: 0,
    emptySince: 0,
    unknownAt: undefined,
  };
}

/** Its leader does not answer, or no longer leads. */
export function loseLeader(state: PartitionFetchState, cause: KtError): void {
  state.lostAt ??= performance.now();
  state.refusedAt = undefined;
  state.cause = cause;
  state.leader = undefined;
}

/** A broker that calls itself its leader answers, but not with what was asked for. */
export function refuseRead(state: PartitionFetchState, cause: KtError): void {
  const { refusedAt = performance.now() } = state;
  loseLeader(state, cause);
  state.refusedAt = refusedAt;
}
