/** How a member of a group commits what its sink has handled: the sink says when, and what has to happen before. */
import type { Membership } from '../../kafka/group/membership.ts';
import type { CommitOutcome, Offsets } from '../../kafka/group/offsets.ts';

export interface Commits {
  /** In how many ms what was handled is to be committed if nothing more comes; 0: now. Asked only while something is uncommitted. */
  dueInMs(): number;
  /** Whether it may be committed in the middle of an answer too: where that can take long. */
  readonly withinAnswers: boolean;
  /**
   * Commits next offsets. Nothing is handled meanwhile.
   * @returns `stale` when the group has moved on without the member
   * @throws KtError what ends the reading
   */
  commit(member: Pick<Membership, 'commit'>, offsets: Offsets): Promise<CommitOutcome>;
  /**
   * Whether a commit that failed undoes the sink's work, as an aborted transaction does: the member then goes back to the group's offsets.
   * Otherwise what was handled stays handled.
   */
  readonly isAtomic: boolean;
}

/** Each answer's records as soon as they were handled. */
export const commitsAtOnce: Commits = {
  dueInMs: () => 0,
  withinAnswers: false,
  commit: (member, offsets) => member.commit(offsets),
  isAtomic: false,
};
