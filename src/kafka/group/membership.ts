/** Membership in a consumer group of either protocol, as the loop that reads records sees it. */
import type { Cluster } from '../cluster.ts';
import { ConsumerMember } from './consumer-member.ts';
import { ClassicMember } from './member.ts';
import type { AssignedPartition, CommitOutcome, Offsets, OffsetTransaction } from './offsets.ts';
import { isOtherProtocol, prefersConsumerProtocol } from './protocol.ts';

/**
 * One member of a consumer group.
 *
 * Why no record is lost: an offset is committed only after the output accepted the records below it, so the next owner of the
 * partition starts at or before the first record that was not written. A rebalance, a crash or a refused commit in between
 * makes records come again, to this member or another, and never skips one.
 */
export interface Membership {
  /** The current assignment's number: changes at each (re)assignment; fetches started under another are dropped. */
  readonly generation: number;
  /** Assigned partitions with the committed offset each starts from (null: nothing committed). */
  readonly assigned: readonly AssignedPartition[];
  /**
   * Resolves when `generation` is no longer current (a rebalance began or the member was fenced): the reader must stop using
   * the old partitions, finish or drop what it has, commit, then call `rejoin()`, all within a minute: after that the group
   * moves on without it, and other members read again what it did not commit.
   */
  readonly changed: Promise<void>;
  /**
   * Commits next offsets (offset of the last written record + 1) under the current generation. Also works once the command
   * was interrupted, then for at most 3 s.
   * @param through a producer: the offsets are committed with its transaction, or dropped when that is aborted (KIP-447)
   * @returns `stale` when the group has moved on without this member or a partition is no longer its own: nothing of this
   *   generation counts any more, and the records after the last commit go to whoever owns the partitions now. A transaction
   *   must be aborted then.
   * @throws KtError `refused` naming topic and partition; `connection` when no coordinator was found within 30 s
   */
  commit(offsets: Offsets, through?: OffsetTransaction): Promise<CommitOutcome>;
  /**
   * Takes part in the rebalance and resolves with a new generation. Waits for the other members, as long as
   * the slowest of them may take; in the newer protocol only while it would have nothing to read.
   * @throws KtError `refused` when the group does not take this member (any more); `connection` without a coordinator
   */
  rejoin(): Promise<void>;
  /** Subscribes to these topics instead; this ends the generation, and the next one may assign them. */
  subscribe(topics: readonly string[]): void;
  /** Gives the partitions back, within 3 s, also when interrupted; never throws. A static member stays until its session ends, as in Java. */
  leave(): Promise<void>;
}

export interface JoinGroupOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Makes a static member (KIP-345): it keeps its partitions when it is back within the session timeout. */
  readonly groupInstanceId?: string;
  /**
   * After how long without a heartbeat the group gives the partitions to others; default 45 s, as in Java. In the newer protocol
   * the brokers set it, so a member with a session timeout of its own joins by the classic one.
   */
  readonly sessionTimeoutMs?: number;
  /**
   * The assignment is a lock: who has a partition of the topics may commit offsets of any topic, for all. The group has no members then that
   * read those.
   */
  readonly isLock?: boolean;
  readonly signal: AbortSignal;
  /** Gets messages for people about what the group does. */
  note(text: string): void;
}

/**
 * Joins a consumer group and resolves with the first assignment. Members of both protocols, in any language, may be in the
 * group beside this one: the broker has them share a group of the newer protocol.
 * @throws KtError `refused` with what to do (no permission, no common assignor, group full); `connection`
 */
export async function joinGroup(cluster: Cluster, options: JoinGroupOptions): Promise<Membership> {
  if (await prefersConsumerProtocol(cluster, options)) {
    try {
      return await joined(new ConsumerMember(cluster, options));
    } catch (error) {
      if (!isOtherProtocol(error)) throw error;
    }
  }
  return joined(new ClassicMember(cluster, options));
}

async function joined(member: Membership): Promise<Membership> {
  try {
    await member.rejoin();
    return member;
  } catch (error) {
    await member.leave();
    throw error;
  }
}
