/** How a pipe commits what it has written: after it was acknowledged, or in one transaction with it. */
import type { KtError } from '../../base/errors.ts';
import type { Membership } from '../../kafka/group/membership.ts';
import type { CommitOutcome, Offsets } from '../../kafka/group/offsets.ts';
import type { Commits } from '../source/commits.ts';
import { mayPass } from './failures.ts';
import type { PipeSink } from './sink.ts';

/** What a crash makes come again is at most what was written in so long. */
const atLeastOnceMs = 1_000;
/** Readers of committed records wait so long, at most, while much flows: transactions cost a few round trips each. */
const exactlyOnceMs = 200;

/** When the next commit is due: so long after the last one, but before the sink waits for the next record's turn. */
class Interval {
  readonly #ms: number;
  readonly #sink: PipeSink;
  #last = performance.now();

  constructor(ms: number, sink: PipeSink) {
    this.#ms = ms;
    this.#sink = sink;
  }

  get dueInMs(): number {
    const left = this.#last + this.#ms - performance.now();
    return this.#sink.waitMs >= left ? 0 : left;
  }

  restart(): void {
    this.#last = performance.now();
  }
}

/** At least once: offsets are committed when all that was read before them is acknowledged. */
export class CommitsAfterWrites implements Commits {
  readonly withinAnswers = true;
  readonly isAtomic = false;
  readonly #sink: PipeSink;
  readonly #interval: Interval;

  constructor(sink: PipeSink) {
    this.#sink = sink;
    this.#interval = new Interval(atLeastOnceMs, sink);
  }

  dueInMs(): number {
    return this.#interval.dueInMs;
  }

  async commit(member: Pick<Membership, 'commit'>, offsets: Offsets): Promise<CommitOutcome> {
    await this.#sink.flush();
    const outcome = await member.commit(offsets);
    this.#interval.restart();
    return outcome;
  }
}

/** Exactly once: offsets are part of the transaction that holds what was written; if it fails, neither counts (KIP-447). */
export class CommitsInTransactions implements Commits {
  readonly withinAnswers = true;
  readonly isAtomic = true;
  readonly #sink: PipeSink;
  readonly #interval: Interval;
  readonly #outlives: boolean;
  readonly #note: (text: string) => void;

  /** @param outlives whether the pipe lives through outages, having no end */
  constructor(sink: PipeSink, outlives: boolean, note: (text: string) => void) {
    this.#sink = sink;
    this.#interval = new Interval(exactlyOnceMs, sink);
    this.#outlives = outlives;
    this.#note = note;
  }

  dueInMs(): number {
    return this.#sink.isLost ? 0 : this.#interval.dueInMs;
  }

  async commit(member: Pick<Membership, 'commit'>, offsets: Offsets): Promise<CommitOutcome> {
    try {
      if (await this.#isCommitted(member, offsets)) return 'committed';
    } catch (error) {
      if (!mayPass(error, this.#outlives)) {
        await this.#sink.abort();
        throw error;
      }
      this.#note(`a transaction was aborted, and is done again (${(error as KtError).message})`);
    }
    await this.#sink.undo();
    return 'stale';
  }

  async #isCommitted(member: Pick<Membership, 'commit'>, offsets: Offsets): Promise<boolean> {
    const sink = this.#sink;
    if (sink.isLost) return false;
    // What is refused is known before offsets are added.
    await sink.flush();
    if (sink.isLost || (await member.commit(offsets, sink.producer)) === 'stale') return false;
    const isCommitted = await sink.commit();
    this.#interval.restart();
    return isCommitted;
  }
}
