/** The schema registry beside a local cluster: Apicurio as a Java process of this machine, its schemas in the cluster's folder. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { KtError } from '../base/errors.ts';
import type { Handle } from './handle.ts';
import { javaFile, javaProblem } from './java.ts';
import { freePorts, isFree } from './ports.ts';
import { isOurs, signalSession, startDetached } from './process.ts';
import { fetchRegistry, registryFiles, registryJar } from './registry-files.ts';
import { type RegistryState, writeState } from './state.ts';

const defaultPort = 8081;
const readyLine = 'Listening on:';
const readyMs = 90_000;
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
export async function startRegistry({ place, directory, state, options }: Handle, anyPort: boolean): Promise<boolean> {
  if (state.registry && (await isRunning(directory, state.registry))) return false;
  const problem = await javaProblem(place.javaHome, options.signal);
  if (problem !== undefined) {
    throw new KtError('usage', `the schema registry cannot run (${problem})`, {
      hint: 'it needs Java 17 or newer and Maven, even beside Kafka in Docker',
    });
  }
  await fetchRegistry(place.cacheDirectory, options);
  const folder = join(directory, 'registry');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const registry: RegistryState = { port: await portFor(state.registry?.port ?? (anyPort ? undefined : defaultPort)), pid: 0 };
  const args = javaArguments(directory, registry.port, registryFiles(place.cacheDirectory));
  registry.pid = await startDetached(javaFile(place.javaHome), args, folder, logFile(directory));
  state.registry = registry;
  writeState(directory, state);
  try {
    await untilReady(directory, registry, options.signal);
  } catch (error) {
    signalSession(registry.pid, 'SIGKILL');
    throw error;
  }
  return true;
}

/** Ends the registry, if there is one; its schemas stay. */
export async function stopRegistry({ directory, state }: Handle): Promise<void> {
  const { registry } = state;
  if (!registry) return;
  if (await isRunning(directory, registry)) {
    signalSession(registry.pid, 'SIGTERM');
    const deadline = Date.now() + shutdownMs;
    while ((await isRunning(directory, registry)) || !(await isFree(registry.port))) {
      if (Date.now() > deadline) {
        if (await isRunning(directory, registry)) signalSession(registry.pid, 'SIGKILL');
        break;
      }
      await wait(50);
    }
  }
  registry.pid = 0;
}

/** A registry keeps its port while that is free: programs know it. */
async function portFor(wanted: number | undefined): Promise<number> {
  return wanted !== undefined && (await isFree(wanted)) ? wanted : (await freePorts(1))[0]!;
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

async function untilReady(directory: string, registry: RegistryState, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyMs;
  const file = logFile(directory);
  for (;;) {
    const running = await isRunning(directory, registry);
    const log = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (running && log.includes(readyLine)) return;
    if (!running || Date.now() > deadline) {
      const why = running ? `not ready within ${readyMs / 1000} s` : 'its process ended';
      const last = log.trimEnd().split('\n').slice(-6).join('\n');
      throw new KtError('connection', `the schema registry did not start (${why})`, {
        hint: `its log, ${file}, ends with:\n${last}`,
      });
    }
    await wait(50, undefined, { signal });
  }
}
