/** Kafka's own jars, resolved by Maven once per version and kept in the cache. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { cannotFetch, fetchOnce, runMaven } from './maven.ts';
import type { LocalOptions } from './runtime.ts';
import { versionAtLeast } from './spec.ts';

function dependency(group: string, artifact: string, version: string): string {
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
}

/** Kafka 3 depends on its logging back end; Kafka 4 leaves that to its distribution. */
function projectFile(kafkaVersion: string): string {
  const dependencies = [
    dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion),
    dependency('org.apache.kafka', 'kafka-tools', kafkaVersion),
    ...(versionAtLeast(kafkaVersion, 4, 0) ? [dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.24.3')] : []),
  ];
  return `<project><modelVersion>4.0.0</modelVersion><groupId>kt</groupId><artifactId>local</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>${dependencies.join('\n')}</dependencies></project>\n`;
}

/** @throws KtError `usage` for a version that does not exist, `connection` when Maven cannot fetch it */
async function download(kafkaVersion: string, into: string, signal: AbortSignal): Promise<void> {
  writeFileSync(join(into, 'pom.xml'), projectFile(kafkaVersion));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(into, 'libs')}`];
  const reason = await runMaven(['-U', ...goal], into, signal);
  if (reason === undefined) return;
  if (/(Could not find artifact org\.apache\.kafka:kafka_|org\.apache\.kafka:kafka_\S+ was not found)/.test(reason)) {
    throw new KtError('usage', `there is no Kafka ${kafkaVersion} (${reason})`, {
      hint: 'leave --kafka-version out, or take a release from https://kafka.apache.org/downloads',
    });
  }
  throw cannotFetch(`Kafka ${kafkaVersion}`, reason);
}

/** Where the cache keeps the jars of this version. */
export function jarsDirectory(kafkaVersion: string, cacheDirectory: string): string {
  return join(cacheDirectory, 'kafka', kafkaVersion, 'libs');
}

/** Fetches the jars of this version unless the cache has them. */
export async function fetchJars(kafkaVersion: string, cacheDirectory: string, options: LocalOptions): Promise<void> {
  const folder = dirname(jarsDirectory(kafkaVersion, cacheDirectory));
  await fetchOnce(folder, `Kafka ${kafkaVersion} with Maven, once`, cacheDirectory, options, (into) =>
    download(kafkaVersion, into, options.signal),
  );
}
