/** What runs Kafka's nodes, be it Docker or Java. */
import type { ClusterState, NodeState } from './state.ts';

export interface LocalOptions {
  readonly signal: AbortSignal;
  /** Shows people a line on what is being done. */
  readonly note: (text: string) => void;
}

/** The cluster that a runtime runs. */
export interface RuntimeCluster {
  readonly name: string;
  /** The cluster's own folder on this machine. */
  readonly directory: string;
  readonly kafkaVersion: string;
  readonly cacheDirectory: string;
  readonly javaHome: string | undefined;
}

/** Runs the nodes of one cluster. Every method may be called again after it failed half-way. */
export interface Runtime {
  /** The address the nodes' listeners bind. */
  readonly bind: string;
  /** Kafka's jars on this machine, as a class path. */
  readonly classpath: string | undefined;
  /** Fetches Kafka if it is not on this machine yet. */
  prepare(): Promise<void>;
  /** Where the nodes reach each other; `pick` gives ports of this machine, which may differ from call to call. */
  internal(
    ids: readonly number[],
    pick: (count: number) => Promise<readonly number[]>,
  ): Promise<readonly NodeState['internal'][]>;
  /** Empties and formats the node's storage. */
  format(state: ClusterState, node: NodeState): Promise<void>;
  /** Starts the node and sets its pid. */
  start(state: ClusterState, node: NodeState): Promise<void>;
  isRunning(node: NodeState): Promise<boolean>;
  /** What the node wrote since it was started. */
  log(node: NodeState): Promise<string>;
  /** A path, or the command that shows the log. */
  logFile(node: NodeState): string;
  signal(node: NodeState, signal: NodeJS.Signals): Promise<void>;
  /** Removes what a stopped node leaves behind, and with `purge` its data. */
  remove(node: NodeState, purge: boolean): Promise<void>;
}
