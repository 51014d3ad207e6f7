/** What a command is given: everything it may touch of the world, built once by main; and how one is declared. */
import type { Readable } from 'node:stream';
import { type Command, commandFor } from './cli/define.ts';
import type { GlobalOptions } from './cli/options.ts';
import type { Cluster } from './kafka/cluster.ts';
import type { ClusterSettings } from './settings/resolve.ts';

export interface Progress {
  /** Replaces the spinner's words. */
  update(text: string): void;
  /** Takes the spinner away, leaving nothing on the screen. */
  stop(): void;
}

/** How far work of a known size has come. */
export interface ProgressBar {
  /** So much more is done. */
  advance(by: number): void;
  /** Takes the bar away, leaving nothing on the screen. */
  stop(): void;
}

export interface Context {
  /** The connected cluster of this process; connects at the first call, the same handle afterwards. */
  cluster(): Promise<Cluster>;
  /** Flags over environment over profile over defaults, without connecting. */
  settings(): Promise<ClusterSettings>;
  /** Aborted by Ctrl-C, SIGTERM and a closed stdout. */
  readonly signal: AbortSignal;
  readonly globals: GlobalOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Whether each stream is a terminal. */
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Every command there is, loaded now, for man pages and completion. */
  commands(): Promise<readonly Command[]>;
  /** A line for people on stderr; silent with --quiet. */
  note(text: string): void;
  /** A problem the command goes on after; on stderr even with --quiet. */
  warn(text: string): void;
  /** A spinner on stderr when that is a terminal and the work takes over 200 ms. */
  progress(text: string): Progress;
  /** A bar in the same place, with rate and time left, for work that goes over `total` records or bytes. */
  bar(total: number, unit: 'records' | 'bytes'): ProgressBar;
  /**
   * Asks on a terminal before something is destroyed; --yes answers.
   * @throws KtError `usage` without a terminal and --yes, or when the answer is no
   */
  confirm(question: string): Promise<void>;
}

/** Declares a command. */
export const command = commandFor<Context>();
