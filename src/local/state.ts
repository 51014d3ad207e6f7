/** What kt remembers of a local cluster between two commands: `state.json` in the cluster's folder. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KtError } from '../base/errors.ts';
import type { LocalSettings, Protocol, RuntimeKind } from './spec.ts';

export interface NodeState {
  readonly id: number;
  /** Where clients reach each listener, on localhost. */
  ports: Partial<Record<Protocol, number>>;
  /** Where the nodes reach each other. */
  internal: { readonly host: string; readonly brokerPort: number; readonly controllerPort: number };
  /** The broker's process id if it runs on Java; 0 if it was never started or was stopped. */
  pid: number;
}

export interface RegistryState {
  readonly port: number;
  /** 0 when it was stopped. */
  pid: number;
}

export interface ClusterState extends LocalSettings {
  readonly clusterId: string;
  readonly runtime: RuntimeKind;
  /** Name → password, of the SASL users. */
  readonly users: Readonly<Record<string, string>>;
  readonly nodes: readonly NodeState[];
  /** Whether the storage of every node has been formatted. */
  formatted: boolean;
  /** The schema registry, if the cluster has one. */
  registry?: RegistryState;
}

export function statePath(clusterDirectory: string): string {
  return join(clusterDirectory, 'state.json');
}

/** The state of the cluster in this folder; undefined when there is none. */
export function readState(clusterDirectory: string): ClusterState | undefined {
  const path = statePath(clusterDirectory);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as ClusterState;
  } catch (cause) {
    throw new KtError('usage', `${path} cannot be read (${(cause as Error).message})`, {
      hint: `end its brokers and delete ${clusterDirectory}`,
      cause,
    });
  }
}

/** Replaces the file atomically, so that an interrupted write leaves the old state; it holds passwords, so only its owner may read it. */
export function writeState(clusterDirectory: string, state: ClusterState): void {
  writePrivately(statePath(clusterDirectory), `${JSON.stringify(state, null, 2)}\n`);
}

/** Writes a file that only its owner can read. */
export function writePrivately(path: string, text: string): void {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

/** Makes the cluster's folder, for its owner only. */
export function makeClusterDirectory(clusterDirectory: string): void {
  mkdirSync(clusterDirectory, { recursive: true, mode: 0o700 });
}

/** Who was given a port of this machine. */
export interface PortOwner {
  readonly name: string;
  /** Whether it runs, as far as its state tells; a cluster that is down keeps its ports for the next start. */
  readonly isUp: boolean;
}

/** The ports that the states of the other clusters in the folder name, each with its owner. */
export function portOwners(directory: string, except: string): ReadonlyMap<number, PortOwner> {
  const owners = new Map<number, PortOwner>();
  for (const [name, state] of otherStates(directory, except)) {
    // Docker's containers have no process ids of this machine.
    const isUp = state.runtime === 'docker' || state.nodes.some((node) => node.pid > 0);
    for (const port of portsOf(state)) if (!owners.get(port)?.isUp) owners.set(port, { name, isUp });
  }
  return owners;
}

/** The ports of this machine that a cluster was given. */
export function portsOf({ nodes, registry, runtime }: Pick<ClusterState, 'nodes' | 'registry' | 'runtime'>): number[] {
  const ports = nodes.flatMap((node) => Object.values(node.ports));
  // In Docker the nodes reach each other on a network of their own.
  if (runtime === 'java') ports.push(...nodes.flatMap(({ internal }) => [internal.brokerPort, internal.controllerPort]));
  return registry ? [...ports, registry.port] : ports;
}

/** States that can be read; the others say so where their own cluster is asked for. */
function otherStates(directory: string, except: string): (readonly [name: string, state: ClusterState])[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (name === except) return [];
    try {
      const state = readState(join(directory, name));
      return state ? [[name, state] as const] : [];
    } catch {
      return [];
    }
  });
}
