/** What `kt local status` shows of a cluster. */
import { type CertificatePaths, certificatePaths } from './certificates.ts';
import { addresses, clientFiles, type Handle } from './handle.ts';
import { isSecured } from './properties.ts';
import { describeRegistry, type LocalRegistry } from './registry.ts';
import type { Protocol, RuntimeKind, Security } from './spec.ts';

export interface LocalNode {
  readonly id: number;
  readonly host: string;
  /** The main listener's. */
  readonly port: number;
  readonly running: boolean;
  /** Of the process, with Java; 0 otherwise or when stopped. */
  readonly pid: number;
  /** A path, or the `docker logs` command. */
  readonly logFile: string;
}

export interface LocalStatus {
  readonly name: string;
  readonly status: 'running' | 'partial' | 'stopped';
  readonly kafkaVersion: string;
  readonly runtime: RuntimeKind;
  readonly security: Security;
  /** Of the main listener: `localhost:9092,localhost:9093`. */
  readonly bootstrapServers: string;
  /** Bootstrap servers of each listener. */
  readonly listeners: Readonly<Partial<Record<Protocol, string>>>;
  readonly nodes: readonly LocalNode[];
  /** undefined without one. */
  readonly registry?: LocalRegistry | undefined;
  /** The cluster's own folder. */
  readonly directory: string;
  /** For `java -cp`: Kafka's jars, its tools included; undefined with Docker. */
  readonly classpath?: string | undefined;
  /** Client settings of `admin`, who may do everything; with SASL or TLS only. */
  readonly clientProperties?: string | undefined;
  /** Client settings of `alice`, who may do nothing until an ACL allows it. */
  readonly aliceProperties?: string | undefined;
  readonly certificates?: CertificatePaths | undefined;
  /** User → password. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** Asks the runtime which nodes are alive. */
export async function describe(handle: Handle): Promise<LocalStatus> {
  const { place, directory, state, runtime } = handle;
  const main = state.listeners[0] as Protocol;
  const nodes = await Promise.all(
    state.nodes.map(async (node): Promise<LocalNode> => {
      const running = await runtime.isRunning(node);
      return {
        id: node.id,
        host: 'localhost',
        port: node.ports[main] as number,
        running,
        pid: running ? node.pid : 0,
        logFile: runtime.logFile(node),
      };
    }),
  );
  const registry = await describeRegistry(handle);
  const count = nodes.filter((node) => node.running).length;
  const files = clientFiles(directory);
  return {
    name: place.name,
    status: count === 0 ? 'stopped' : count < nodes.length ? 'partial' : 'running',
    kafkaVersion: state.kafkaVersion,
    runtime: state.runtime,
    security: state.security,
    bootstrapServers: addresses(state, main),
    listeners: Object.fromEntries(state.listeners.map((protocol) => [protocol, addresses(state, protocol)])),
    nodes,
    ...(registry && { registry }),
    directory,
    classpath: runtime.classpath,
    ...(isSecured(state) && {
      clientProperties: files.admin,
      aliceProperties: files.alice,
      certificates: certificatePaths(directory),
    }),
    credentials: state.users,
  };
}
