/** A local cluster to work with: its state, its folder and its runtime. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { openRuntime } from './choose-runtime.ts';
import type { LocalOptions, Runtime } from './runtime.ts';
import type { LocalSpec, Protocol } from './spec.ts';
import type { ClusterState } from './state.ts';

/** Which cluster, and where kt keeps its things. */
export type LocalPlace = Pick<LocalSpec, 'name' | 'directory' | 'cacheDirectory' | 'javaHome'>;

export interface Handle {
  readonly place: LocalPlace;
  /** The cluster's own folder. */
  readonly directory: string;
  readonly state: ClusterState;
  readonly runtime: Runtime;
  readonly options: LocalOptions;
}

/** Brokers are recognised by their folder, so its path must be the same whatever symbolic links lead to it. */
export function clusterDirectory({ directory, name }: LocalPlace): string {
  return join(existsSync(directory) ? realpathSync(directory) : directory, name);
}

export function openHandle(place: LocalPlace, state: ClusterState, options: LocalOptions): Handle {
  const directory = clusterDirectory(place);
  const { name, cacheDirectory, javaHome } = place;
  const runtime = openRuntime(
    state.runtime,
    { name, directory, cacheDirectory, javaHome, kafkaVersion: state.kafkaVersion },
    options,
  );
  return { place, directory, state, runtime, options };
}

/** The bootstrap servers of a listener. */
export function addresses(state: ClusterState, protocol: Protocol): string {
  return state.nodes.map((node) => `localhost:${node.ports[protocol]}`).join();
}

/** The settings files of the two users. */
export function clientFiles(directory: string): { readonly admin: string; readonly alice: string } {
  return { admin: join(directory, 'client.properties'), alice: join(directory, 'alice.properties') };
}
