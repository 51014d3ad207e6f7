/** Apicurio Registry 3, which needs Java 21: fetched by Maven once, and run with its schemas in memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotFetch, fetchOnce, runMaven } from '../../src/local/maven.ts';
import { freePorts } from '../../src/local/ports.ts';
import { until } from './until.ts';

const version = '3.3.3';
const oldestJava = 21;
const jar = 'quarkus-run.jar';
const cache = join(import.meta.dirname, '../../node_modules/.cache/kt-test/kt');
const folder = join(cache, 'apicurio', version);
/** Where Linux distributions put Java. */
const javaHomes = '/usr/lib/jvm';

export interface Apicurio3 {
  /** Its Confluent API. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws Error without Java 21; KtError `connection` when it cannot be fetched */
export async function startApicurio3(): Promise<Apicurio3> {
  const java = java21();
  const signal = new AbortController().signal;
  await fetchOnce(folder, `Apicurio ${version}`, cache, { signal, note: console.log }, async (into) => {
    const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
    const reason = await runMaven(['dependency:unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`], into, signal);
    if (reason !== undefined || !existsSync(join(into, jar))) throw cannotFetch(`Apicurio ${version}`, reason ?? `no ${jar}`);
  });
  const [port, management] = (await freePorts(2)) as [number, number];
  const work = mkdtempSync(join(tmpdir(), 'kt-apicurio3-'));
  const child = spawn(
    java,
    [
      ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`],
      ...['-Dquarkus.management.host=127.0.0.1', `-Dquarkus.management.port=${management}`],
      // What kt deletes for good.
      '-Dapicurio.rest.deletion.artifact-version.enabled=true',
      ...['-jar', join(folder, jar)],
    ],
    { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log += chunk;
    });
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const stop = async () => {
    await ended(child);
    rmSync(work, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`Apicurio ended:\n${log.slice(-2000)}`);
      return (await fetch(`${url}/subjects`).catch(() => undefined))?.ok === true;
    }, 'Apicurio to serve');
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** The newest Java that is there: of JAVA_HOME, or beside the usual one. @throws Error that says what is lacking */
function java21(): string {
  const beside = existsSync(javaHomes) ? readdirSync(javaHomes).map((name) => join(javaHomes, name)) : [];
  const found = [process.env['JAVA_HOME'] ?? '', ...beside]
    .map((home) => ({ file: join(home, 'bin', 'java'), major: majorOf(home) }))
    .filter(({ file, major }) => major >= oldestJava && existsSync(file))
    .sort((one, other) => other.major - one.major);
  if (found.length === 0) throw new Error(`Apicurio 3 needs Java ${oldestJava} or newer: JAVA_HOME says where it is`);
  return found[0]!.file;
}

function majorOf(home: string): number {
  const release = join(home, 'release');
  return existsSync(release) ? Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, 'utf8'))?.[1] ?? 0) : 0;
}
