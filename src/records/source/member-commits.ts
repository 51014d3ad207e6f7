/** The commits of one member: at once, or when the sink wants them, also while nothing comes; at the end of each generation all that is left. */
import type { NextOffset } from '../../kafka/batch/record.ts';
import type { Membership } from '../../kafka/group/membership.ts';
import type { AssignedPartition } from '../../kafka/group/offsets.ts';
import type { Commits } from './commits.ts';
import { HandledOffsets } from './handled.ts';
import { KeptPositions } from './kept-positions.ts';

interface MemberCommitsOptions {
  readonly commits: Commits | undefined;
  readonly membership: Membership;
  readonly handled: HandledOffsets;
  /** Repeats work as long as an outage lasts, where the reading outlives one. */
  readonly lasting: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a generation's reading can be told by a commit that was made while it waited. */
interface GenerationReading {
  /** Ends it: the sink's work was undone, and the group's offsets are to be read again. */
  goBack(): void;
  fail(error: unknown): void;
}

export class MemberCommits {
  readonly #options: MemberCommitsOptions;
  readonly #kept = new KeptPositions();
  #reading: GenerationReading | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The commit that was begun while nothing came. */
  #underWay: Promise<void> = Promise.resolve();

  constructor(options: MemberCommitsOptions) {
    this.#options = options;
  }

  /** The partitions of a new generation, each with the offset to continue at as its committed offset. */
  continued(assigned: readonly AssignedPartition[]): readonly AssignedPartition[] {
    return this.#kept.continued(assigned);
  }

  /** A generation begins to read. */
  begin(reading: GenerationReading): void {
    this.#reading = reading;
  }

  /** Takes note of where partitions begin, to be committed with the next offsets. */
  startAt(starts: readonly NextOffset[]): void {
    this.#options.handled.add(starts);
    const kept = new HandledOffsets();
    kept.add(starts);
    this.#kept.handled(kept.take());
  }

  /** A batch was handled: commits if that is due, or else later, should nothing more come. */
  async passed(isLastOfAnswer: boolean): Promise<void> {
    const { commits, handled } = this.#options;
    if (!commits) return;
    const dueInMs = commits.dueInMs();
    if (dueInMs <= 0 && (isLastOfAnswer || commits.withinAnswers)) await this.all();
    else if (dueInMs > 0 && !handled.isEmpty) this.#timer = setTimeout(this.#whileWaiting, dueInMs);
  }

  /** The next batch came, or none will: resolves when no commit is under way. */
  async settled(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#underWay;
  }

  /** Commits all that was handled. */
  async all(): Promise<void> {
    const { commits, membership, handled, lasting } = this.#options;
    const offsets = handled.take();
    if (!commits?.isAtomic) this.#kept.handled(offsets);
    if (!commits || offsets.size === 0) return;
    const outcome = await lasting(() => commits.commit(membership, offsets));
    if (outcome === 'committed') {
      this.#kept.handled(offsets);
      this.#kept.committed(offsets);
    } else if (commits.isAtomic) this.#reading?.goBack();
  }

  /** A deleted topic may be created anew. */
  forget(topic: string): void {
    this.#options.handled.forget(topic);
    this.#kept.forget(topic);
  }

  readonly #whileWaiting = (): void => {
    this.#underWay = this.all().catch((error: unknown) => this.#reading?.fail(error));
  };
}
