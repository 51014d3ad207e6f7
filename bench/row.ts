/** What a row of the benchmark is: a task, the programs that do it, and kt's budgets. */
import type { BenchCluster } from './cluster.ts';
import type { Timing } from './measure.ts';

export interface Contender {
  readonly name: string;
  /** The program's arguments; `turn` is unique in a row. */
  command(turn: number): readonly string[];
  readonly stdin?: string | undefined;
  /** Untimed work before and after each run. */
  before?(turn: number): Promise<void>;
  after?(turn: number): Promise<void>;
}

/** How a program did. */
export interface Standing {
  readonly name: string;
  readonly timings: Timing[];
  /** Bytes; undefined if it had no process of its own. */
  readonly peak: number | undefined;
}

/** The ratio or the memory that kt must achieve. */
export type Budget = {
  readonly of: string;
} & (
  | { /** This many times as fast as `rival`, by the medians. */ readonly atLeast: number; readonly rival: string }
  | { /** Peak resident memory. */ readonly belowMb: number }
);

export interface Row {
  readonly title: string;
  /** Number of records, if a rate makes sense. */
  readonly records?: number | undefined;
  readonly runs: number;
  setup?(): Promise<void>;
  readonly contenders: readonly Contender[];
  /** Instead of whole processes: pieces of code that were raced inside one. */
  contest?(): Promise<readonly Standing[]>;
  /** What a program did, as a text that must be the same for all of them; absent if there is nothing to compare. */
  proof?(output: string, turn: number): Promise<string>;
  /** A quick check after every timed run: the result must equal that of the program's first run. */
  check?(output: string, turn: number): Promise<string>;
  /** The first rival named here is the main one: `trend.tsv` keeps kt's ratio to it. */
  readonly budgets: readonly Budget[];
}

/** How much work a run of the benchmark does. */
export interface Scale {
  readonly tailRecords: number;
  readonly producedRecords: number;
  readonly groups: number;
  /** In the cluster with many topics. */
  readonly topics: number;
  /** Runs of rows whose programs take long, and of those whose programs end at once. */
  readonly runs: { readonly long: number; readonly short: number };
}

export interface Setting {
  readonly cluster: BenchCluster;
  readonly scale: Scale;
}
