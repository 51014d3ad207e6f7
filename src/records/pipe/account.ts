/** What became of the records of a pipe, in numbers; with transactions what was aborted is taken back. */

export interface PipeSummary {
  /** Records that were read, filtered ones included. */
  readonly read: number;
  /** Acknowledged by the destination; with --exactly-once committed. */
  readonly written: number;
  /** Left out by a filter. */
  readonly skipped: number;
  /** Neither written nor kept in the dead-letter topic. */
  readonly failed: number;
  /** Kept in the dead-letter topic. */
  readonly deadLettered: number;
}

const nothing: PipeSummary = { read: 0, written: 0, skipped: 0, failed: 0, deadLettered: 0 };

export class PipeAccount {
  #now = { ...nothing };
  #committed = nothing;

  add(what: keyof PipeSummary, records: number): void {
    this.#now[what] += records;
  }

  /** A transaction was committed. */
  committed(): void {
    this.#committed = { ...this.#now };
  }

  /** A transaction was aborted. What made the pipe end stays. */
  undone(): void {
    this.#now = { ...this.#committed, failed: this.#now.failed };
  }

  get summary(): PipeSummary {
    return { ...this.#now };
  }
}
