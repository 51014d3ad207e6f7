/** What can run a Kafka node — Docker or Java — with the choice between the two. */
import { existsSync } from 'node:fs';
import { KtError } from '../base/errors.ts';
import { dockerAnswers, dockerRuntime } from './docker.ts';
import { javaProblem, javaRuntime } from './java.ts';
import type { RuntimeKind } from './spec.ts';
import type { ClusterState, NodeState } from './state.ts';

export interface LocalOptions {
  readonly signal: AbortSignal;
  /** Shows the user a line about progress. */
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
  /** Fetches Kafka where it is not on this machine yet. */
  prepare(): Promise<void>;
  /** Where the nodes reach each other; ports may differ from call to call. */
  internal(ids: readonly number[], taken: readonly number[]): Promise<readonly NodeState['internal'][]>;
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
  /** Removes what a stopped node leaves behind, with `purge` also its data. */
  remove(node: NodeState, purge: boolean): Promise<void>;
}

/** The command to type if neither Docker nor Java is installed. */
function installLine(): string {
  if (process.platform === 'darwin') return 'brew install openjdk maven';
  if (existsSync('/etc/debian_version')) return 'sudo apt-get install -y openjdk-17-jdk-headless maven';
  if (existsSync('/etc/fedora-release')) return 'sudo dnf install -y java-21-openjdk-headless maven';
  return 'start Docker, or install Java 17 or newer and Maven';
}

/**
 * Docker or Java, as asked for or as found.
 * @throws KtError `usage` with the command that installs what is missing, if there is neither Docker nor Java
 */
export async function chooseRuntime(
  asked: 'auto' | RuntimeKind,
  javaHome: string | undefined,
  signal: AbortSignal,
): Promise<RuntimeKind> {
  if (asked !== 'java') {
    const problem = await dockerAnswers(signal);
    if (problem === undefined) return 'docker';
    if (asked === 'docker') {
      throw new KtError('usage', `Docker cannot be used (${problem})`, { hint: 'start Docker, or take --runtime java' });
    }
  }
  const problem = await javaProblem(javaHome, signal);
  if (problem === undefined) return 'java';
  const what = asked === 'java' ? 'Java cannot be used' : 'nothing to run Kafka with: no Docker daemon answers, and';
  throw new KtError('usage', `${what} ${asked === 'java' ? `(${problem})` : problem}`, { hint: installLine() });
}

/** The runtime of a cluster; touches nothing yet. */
export function openRuntime(kind: RuntimeKind, cluster: RuntimeCluster, options: LocalOptions): Runtime {
  return kind === 'docker' ? dockerRuntime(cluster, options) : javaRuntime(cluster, options);
}
