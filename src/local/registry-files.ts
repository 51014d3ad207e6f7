/** Apicurio Registry's files, fetched by Maven once per version and kept in the cache beside Kafka's. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cannotFetch, fetchOnce, runMaven } from './maven.ts';
import type { LocalOptions } from './runtime.ts';

/** The newest release that runs on Java 17, as Kafka does. */
const version = '2.6.13.Final';
export const registryJar = `apicurio-registry-app-${version}-runner.jar`;

/** Where the cache keeps the files. */
export function registryFiles(cacheDirectory: string): string {
  return join(cacheDirectory, 'apicurio', version);
}

/** Fetches the files unless the cache has them. @throws KtError `connection` when Maven cannot fetch them */
export async function fetchRegistry(cacheDirectory: string, options: LocalOptions): Promise<void> {
  const what = `Apicurio Registry ${version} with Maven, once (142 MB)`;
  await fetchOnce(registryFiles(cacheDirectory), what, cacheDirectory, options, (into) => download(into, options.signal));
}

async function download(into: string, signal: AbortSignal): Promise<void> {
  const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
  const goal = ['dependency:unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`];
  const reason = await runMaven(goal, into, signal);
  if (reason !== undefined || !existsSync(join(into, registryJar)))
    throw cannotFetch(`Apicurio Registry ${version}`, reason ?? `there is no ${registryJar} in it`);
}
