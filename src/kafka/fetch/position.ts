/** One partition while it is read: where the next fetch begins, who leads it, when it is done. */
import { KtError } from '../../base/errors.ts';
import type { FetchedRecords, Visit } from '../batch/record.ts';
import type { FetchRange } from './fetch.ts';
import type { FetchPosition } from './fetch-session.ts';

/** A leader is waited for longer than a crashed broker takes to be fenced (9 s by default). */
const patienceMs = 30_000;

export interface Position extends FetchPosition {
  readonly end: bigint | undefined;
  leader: number | undefined;
  done: boolean;
  /** Not fetched for now: its reader has enough. */
  held: boolean;
  /** Its leader had nothing more when it was last asked. */
  idle: boolean;
  /** The newest offset a reader may see, as the last answer said. */
  readableEnd: bigint;
  /** When its leader was lost, in ms of `performance.now()`; undefined while it answers. */
  lostAt: number | undefined;
  /** When a broker first said that there is no such topic, in ms of `performance.now()`; undefined while it is known. */
  unknownAt: number | undefined;
}

export function positionOf({ topic, partition, start, end }: FetchRange, topicId: string | null): Position {
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

/** Its leader does not answer, or is not one any more. @throws KtError `connection` after 30 s without one */
export function loseLeader(position: Position, cause: KtError): void {
  const now = performance.now();
  position.lostAt ??= now;
  if (now - position.lostAt > patienceMs) {
    throw new KtError('connection', `no leader answers for ${position.topic} [${position.partition}] (${cause.message})`, {
      code: 'LEADER_NOT_AVAILABLE',
      hint: `kt topics describe ${position.topic} shows its replicas`,
      cause,
    });
  }
  position.leader = undefined;
}

/** Nothing came. Where the log reaches further, the offsets up to there do not exist (compacted away), so a bounded range is done. */
export function nothingCame(positions: readonly Position[]): void {
  for (const position of positions) {
    position.idle = true;
    if (position.end !== undefined && position.readableEnd >= position.end) position.done = true;
  }
}

/** The records before an end that lies within a batch. */
export class Bounded implements FetchedRecords {
  readonly topic: string;
  readonly #records: FetchedRecords;
  readonly #end: number;

  constructor(records: FetchedRecords, end: bigint) {
    this.topic = records.topic;
    this.#records = records;
    this.#end = Number(end);
  }

  each(visit: Visit): void {
    const end = this.#end;
    this.#records.each((record) => record.offset < end && visit(record));
  }
}
