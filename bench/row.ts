/** What a row of the benchmark is: one piece of work, the programs that do it, and what kt has promised. */
import type { BenchCluster } from './cluster.ts';

export interface Contender {
  readonly name: string;
  /** The program's arguments; `turn` is unique in a row. */
  command(turn: number): readonly string[];
  readonly stdin?: string | undefined;
  /** Untimed work around each run. */
  before?(turn: number): Promise<void>;
  after?(turn: number): Promise<void>;
  /** Slow programs run less often. */
  readonly maxRuns?: number | undefined;
}

/** Which ratio, or how much memory, kt must keep to. */
export type Budget = {
  readonly of: string;
} & (
  | { /** As many times as fast as `rival`, by the medians. */ readonly atLeast: number; readonly rival: string }
  | { /** Peak of resident memory. */ readonly belowMb: number }
);

export interface Row {
  readonly title: string;
  /** Records in the work, where a rate says something. */
  readonly records?: number | undefined;
  readonly runs: number;
  setup?(): Promise<void>;
  readonly contenders: readonly Contender[];
  /** What a program did, as a text that must be the same for all of them; absent where there is nothing to compare. */
  proof?(output: string, turn: number): Promise<string>;
  /** Quick to find, after every timed run: must stay as it was in a program's first run. */
  check?(output: string, turn: number): Promise<string>;
  readonly budgets: readonly Budget[];
}

/** How much work a run of the benchmark does. */
export interface Scale {
  readonly tailRecords: number;
  readonly producedRecords: number;
  readonly groups: number;
  /** In a cluster with many. */
  readonly topics: number;
  /** Of rows whose programs run for long, of those that differ from one of these in one thing, and of those that end at once. */
  readonly runs: { readonly long: number; readonly variant: number; readonly short: number };
}

export interface Setting {
  readonly cluster: BenchCluster;
  readonly scale: Scale;
}
