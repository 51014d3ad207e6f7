/** What a command is given, and how one is declared: all it may touch of the outside world, built once a run. */
import type { Readable } from 'node:stream';
import type { Progress, ProgressBar } from './base/progress.ts';
import { type Command, commandFor } from './cli/define.ts';
import type { GlobalOptions } from './cli/options.ts';
import type { Cluster } from './kafka/cluster.ts';
import type { Trace } from './kafka/connection/link.ts';
import type { ClusterSettings, GivenSetting } from './kafka/connection/settings.ts';
import type { SchemaRegistry } from './schemas/registry/registry.ts';

export interface Context {
  /** The cluster, connected at the first call; the same handle afterwards. */
  cluster(): Promise<Cluster>;
  /** The same handle, connected by its first request; if that asks for metadata, it takes no round trip of its own. */
  clusterOnDemand(): Promise<Cluster>;
  /**
   * The cluster of another profile, whatever else names the first one; connected at each call, and closed with the run at the latest.
   * @param how whether a password that is missing is asked for on the terminal; it is, unless the terminal shows something else
   * @throws KtError `usage` for an unknown profile, or settings that are wrong; `connection`
   */
  clusterOf(profile: string, how?: { readonly asks: boolean }): Promise<Cluster>;
  /**
   * The schema registry, the same handle at each call; undefined where nothing names one. Connects when it is asked something.
   * @throws KtError `usage` for settings that are wrong
   */
  registry(): Promise<SchemaRegistry | undefined>;
  /**
   * The registry that another profile names, or else the one of the run; opened at each call, and closed with the run.
   * @throws KtError `usage` for an unknown profile, or settings that are wrong
   */
  registryOf(profile: string): Promise<SchemaRegistry | undefined>;
  /**
   * What was given of the connection to the cluster, under Java's names of client properties; undefined for a secret. Connects to nothing.
   * @throws KtError `usage` for settings that are wrong
   */
  properties(): Promise<ReadonlyMap<string, string | undefined>>;
  /** What was given of it, for people to see: with where each came from, and no secret. Connects to nothing. @throws as `properties` */
  givenSettings(): Promise<readonly GivenSetting[]>;
  /** What it comes to. Connects to nothing. @throws as `properties` */
  settings(): Promise<ClusterSettings>;
  /** Aborted by Ctrl-C, SIGTERM, SIGHUP and a closed stdout. */
  readonly signal: AbortSignal;
  readonly globals: GlobalOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Which streams are terminals. */
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Loads every command, for man pages and completion. */
  commands(): Promise<readonly Command[]>;
  /** Prints a line for people on stderr; not with --quiet. */
  note(text: string): void;
  /** Prints a problem that does not end the command on stderr, even with --quiet. */
  warn(text: string): void;
  /** Prints a line for an answered request on stderr; undefined without --verbose. */
  readonly trace: Trace;
  /** Shows a spinner on stderr, if that is a terminal, once the work has taken 200 ms. */
  progress(text: string): Progress;
  /** Shows a bar in the same place, with rate and time left, for work on `total` records or bytes. */
  bar(total: number, unit: 'records' | 'bytes'): ProgressBar;
  /**
   * Asks on a terminal before something is destroyed; --yes answers for the user.
   * @param stake what is at stake on the cluster: the question then names the cluster, and for many items or a pattern its answer is their number
   * @throws KtError `usage` when the answer is no, or there is neither a terminal nor --yes
   */
  confirm(question: string, stake?: Stake): Promise<void>;
  /**
   * Asks on a terminal for a secret, which is not shown.
   * @throws KtError `usage` without a terminal
   */
  askSecret(question: string): Promise<string>;
}

/** What a confirmed command destroys on the cluster. */
interface Stake {
  /** How many items there are. */
  readonly count: number;
  /** Whether a pattern chose them, and not their names. */
  readonly byPattern: boolean;
}

/** Declares a command. */
export const command = commandFor<Context>();
