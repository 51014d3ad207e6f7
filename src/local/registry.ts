/** The schema registry beside a local cluster: Apicurio as a Java process of this machine, its schemas in the cluster's folder. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { assignRegistryPort, onFreePorts } from './assign-ports.ts';
import type { Handle } from './handle.ts';
import { javaFile, javaProblem } from './java.ts';
import { isOurs, signalSession, startDetached, writtenLog } from './process.ts';
import { fetchRegistry, registryFiles, registryJar } from './registry-files.ts';
import { type RegistryState, writeState } from './state.ts';
import { untilGone, untilReady } from './waiting.ts';

const shutdownMs = 10_000;

export interface LocalRegistry {
  /** For `--registry`. */
  readonly url: string;
  readonly running: boolean;
  /** 0 when it is not running. */
  readonly pid: number;
  readonly logFile: string;
}

/** undefined for a cluster without one. */
export async function describeRegistry({ directory, state }: Handle): Promise<LocalRegistry | undefined> {
  const { registry } = state;
  if (!registry) return undefined;
  const running = await isRunning(directory, registry);
  return {
    // Confluent's API.
    url: `http://localhost:${registry.port}/apis/ccompat/v7`,
    running,
    pid: running ? registry.pid : 0,
    logFile: logFile(directory),
  };
}

/**
 * Starts the registry, unless it is running, and waits until it serves.
 * @param anyPort take any free port the first time; else 8081 where that is free
 * @returns whether this call started it
 * @throws KtError `usage` without Java and Maven, `connection` when it cannot be fetched or does not start
 */
export async function startRegistry(handle: Handle, anyPort: boolean): Promise<boolean> {
  const { place, directory, state, options } = handle;
  if (state.registry && (await isRunning(directory, state.registry))) return false;
  const problem = await javaProblem(place.javaHome, options.signal);
  if (problem !== undefined) {
    throw new KtError('usage', `the schema registry cannot run (${problem})`, {
      hint: 'it needs Java 17 or newer and Maven, even beside Kafka in Docker',
    });
  }
  await fetchRegistry(place.cacheDirectory, options);
  mkdirSync(join(directory, 'registry'), { recursive: true, mode: 0o700 });
  await onFreePorts(
    () => assignRegistryPort(handle, anyPort),
    () => start(handle, state.registry!),
    options.note,
  );
  return true;
}

/** @throws KtError `connection` when it does not start (EADDRINUSE when another program has its port) */
async function start({ place, directory, state, options }: Handle, registry: RegistryState): Promise<void> {
  const args = javaArguments(directory, registry.port, registryFiles(place.cacheDirectory));
  registry.pid = await startDetached(javaFile(place.javaHome), args, join(directory, 'registry'), logFile(directory));
  writeState(directory, state);
  try {
    await untilReady(
      {
        name: 'the schema registry',
        readyLine: 'Listening on:',
        logFile: logFile(directory),
        isRunning: () => isRunning(directory, registry),
        log: async () => writtenLog(logFile(directory)),
      },
      options.signal,
    );
  } catch (error) {
    signalSession(registry.pid, 'SIGKILL');
    await untilGone(() => isRunning(directory, registry), [], shutdownMs);
    throw error;
  }
}

/** Ends the registry, if there is one; its schemas stay. */
export async function stopRegistry({ directory, state }: Handle): Promise<void> {
  const { registry } = state;
  if (!registry) return;
  if (await isRunning(directory, registry)) {
    signalSession(registry.pid, 'SIGTERM');
    const isGone = await untilGone(() => isRunning(directory, registry), [registry.port], shutdownMs);
    if (!isGone) signalSession(registry.pid, 'SIGKILL');
  }
  registry.pid = 0;
}

function javaArguments(directory: string, port: number, files: string): string[] {
  return [
    ...['-Xms32m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    marker(directory),
    ...['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`],
    // In memory, as it is by default, ids would begin anew with each start, and records that have them would be read wrong.
    // H2 puts a commit off for half a second unless it is told not to: a crash would lose it.
    `-DREGISTRY_DATASOURCE_URL=jdbc:h2:file:${join(directory, 'registry', 'schemas')};WRITE_DELAY=0`,
    ...['-jar', join(files, registryJar)],
  ];
}

/** The flag in its command line by which kt knows it. */
function marker(directory: string): string {
  return `-Dkt.local=${directory}/registry;`;
}

function isRunning(directory: string, { pid }: RegistryState): Promise<boolean> {
  return isOurs(pid, marker(directory));
}

function logFile(directory: string): string {
  return join(directory, 'registry', 'registry.log');
}
