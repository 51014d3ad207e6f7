/** Starts, shows and stops a real Kafka cluster on this machine. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { KtError, usageError } from '../base/errors.ts';
import { withLock } from '../base/lock.ts';
import { bringUp } from './bring-up.ts';
import { chooseRuntime } from './choose-runtime.ts';
import { clusterDirectory, type Handle, type LocalPlace, openHandle } from './handle.ts';
import { killNodes, startNodes, stopNodes } from './nodes.ts';
import { newState } from './prepare.ts';
import { startRegistry, stopRegistry } from './registry.ts';
import type { LocalOptions } from './runtime.ts';
import { checkSpec, difference, type LocalSpec, type Protocol } from './spec.ts';
import { type ClusterState, type NodeState, readState, writeState } from './state.ts';
import { describe, type LocalStatus } from './status.ts';

export interface LocalCluster extends LocalStatus {
  /** Whether this call started a node or the schema registry. */
  readonly started: boolean;
  /** Ends a node as a crash does, and waits until it is gone. */
  killNode(id: number): Promise<void>;
  /** Has a node hand over what it leads and end, as in a restart that is planned, and waits until it is gone; kills it if that takes too long. */
  stopNode(id: number): Promise<void>;
  /** Starts a node that is not running and waits until it serves. */
  startNode(id: number): Promise<void>;
}

/**
 * Starts a cluster: a new one, or the one whose data was kept; does nothing if it is already running. Its brokers outlive this process.
 * @throws KtError `usage` for wrong values, for settings other than the kept cluster's, and if there is neither Docker nor Java;
 * `connection` for a busy port, a download that fails and a broker that does not start
 */
export async function startLocal(spec: LocalSpec, options: LocalOptions): Promise<LocalCluster> {
  checkSpec(spec);
  return withRights(() =>
    locked(spec, options, async () => {
      const kept = finishedState(clusterDirectory(spec));
      const state = kept ?? newState(spec, await chooseRuntime(spec.runtime ?? 'auto', spec.javaHome, options.signal));
      const handle = openHandle(spec, state, options);
      const before = await describe(handle);
      if (kept) requireSame(spec, handle, before);
      if (before.status !== 'running') await bringUp(handle, before, spec.port);
      const hasRegistry = spec.schemaRegistry === true || state.registry !== undefined;
      const registryStarted = hasRegistry && (await startRegistry(handle, spec.port === 0));
      return control(handle, before.status !== 'running' || registryStarted);
    }),
  );
}

/** Ends a cluster's brokers, keeping its data unless `purge`; undefined when there is no such cluster. */
export async function stopLocal(
  { purge = false, ...place }: LocalPlace & { readonly purge?: boolean },
  options: LocalOptions,
): Promise<LocalStatus | undefined> {
  checkSpec(place);
  return withRights(() =>
    locked(place, options, async () => {
      const directory = clusterDirectory(place);
      const state = readState(directory);
      if (!state) return undefined;
      const handle = openHandle(place, state, options);
      await stopRegistry(handle);
      await stopNodes(handle, state.nodes);
      for (const node of state.nodes) await handle.runtime.remove(node, purge);
      if (purge) rmSync(directory, { recursive: true, force: true });
      else writeState(directory, state);
      return describe(handle);
    }),
  );
}

/** The status of the cluster with this name; undefined if there is none. */
export async function localStatus(place: LocalPlace, options: LocalOptions): Promise<LocalStatus | undefined> {
  checkSpec(place);
  return withRights(async () => {
    const state = readState(clusterDirectory(place));
    return state && (await describe(openHandle(place, state, options)));
  });
}

/** The cluster's state; one that was never fully created holds nothing worth keeping and is removed. */
function finishedState(directory: string): ClusterState | undefined {
  const state = readState(directory);
  if (!state || state.formatted) return state;
  rmSync(directory, { recursive: true, force: true });
  return undefined;
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
};

/** What the disk refuses is nothing that kt could do better. @throws KtError `usage` with the path */
async function withRights<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', path } = error as NodeJS.ErrnoException;
    const why = refusals[code];
    if (error instanceof KtError || why === undefined) throw error;
    throw usageError(
      `cannot use ${path ?? 'the disk'} (${why})`,
      'export XDG_DATA_HOME=/a/folder/of/yours, or check the rights',
    );
  }
}

/** The lock lies beside the cluster's folder, so that a purge does not delete it. */
function locked<T>({ directory, name }: LocalPlace, { signal }: LocalOptions, work: () => Promise<T>): Promise<T> {
  return withLock(join(directory, `${name}.lock`), signal, work);
}

/** Settings can change only if the data is purged; the port can change while no broker is running. */
function requireSame(spec: LocalSpec, { state }: Handle, { status }: LocalStatus): void {
  const name = spec.name === 'default' ? '' : ` --name ${spec.name}`;
  const found = difference(spec, state);
  if (found) {
    throw usageError(
      `the local cluster ${spec.name} has ${found}`,
      `kt local down${name} --purge ends it and drops its data; or take another --name`,
    );
  }
  const port = state.nodes[0]?.ports[state.listeners[0] as Protocol];
  if (status !== 'stopped' && spec.port !== undefined && spec.port !== 0 && spec.port !== port) {
    throw usageError(
      `the local cluster ${spec.name} runs on port ${port}, not ${spec.port}`,
      `kt local down${name} first; its data is kept`,
    );
  }
}

async function control(handle: Handle, started: boolean): Promise<LocalCluster> {
  const nodeOf = (id: number): NodeState => {
    const node = handle.state.nodes.find((each) => each.id === id);
    if (!node) throw usageError(`the local cluster ${handle.place.name} has no broker ${id}`);
    return node;
  };
  return {
    ...(await describe(handle)),
    started,
    killNode: (id) => killNodes(handle, [nodeOf(id)]),
    stopNode: (id) => stopNodes(handle, [nodeOf(id)]),
    startNode: (id) => startNodes(handle, [nodeOf(id)]),
  };
}
