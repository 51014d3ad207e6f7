/** Apicurio Registry's files, fetched by Maven once per version and kept in the cache beside Kafka's. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { withLock } from '../base/lock.ts';
import { mavenReason } from './jars.ts';
import { run } from './process.ts';
import type { LocalOptions } from './runtime.ts';

/** The newest release that runs on Java 17, as Kafka does. */
const version = '2.6.13.Final';
export const registryJar = `apicurio-registry-app-${version}-runner.jar`;

/** Where the cache keeps the files. */
export function registryFiles(cacheDirectory: string): string {
  return join(cacheDirectory, 'apicurio', version);
}

/** Fetches the files unless the cache has them. @throws KtError `connection` when Maven cannot fetch them */
export async function fetchRegistry(cacheDirectory: string, { signal, note }: LocalOptions): Promise<void> {
  const files = registryFiles(cacheDirectory);
  if (existsSync(files)) return;
  const parent = join(cacheDirectory, 'apicurio');
  mkdirSync(parent, { recursive: true });
  // Maven's own repository cannot take two writers: the lock is that of Kafka's jars.
  await withLock(join(cacheDirectory, 'kafka', 'download.lock'), signal, async () => {
    if (existsSync(files)) return;
    note(`fetching Apicurio Registry ${version} with Maven, once (142 MB)`);
    const draft = mkdtempSync(join(parent, `${version}.part-`));
    try {
      await download(draft, signal);
      renameSync(draft, files);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

async function download(into: string, signal: AbortSignal): Promise<void> {
  const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
  const goal = ['dependency:unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`];
  const { code, stdout, stderr } = await run('mvn', ['-B', '-q', '-Dstyle.color=never', ...goal], { cwd: into, signal });
  if (code === 0 && existsSync(join(into, registryJar))) return;
  throw new KtError('connection', `Maven cannot fetch Apicurio Registry ${version} (${mavenReason(stdout + stderr)})`, {
    hint: 'check the network and the mirrors in ~/.m2/settings.xml, then try again',
  });
}
