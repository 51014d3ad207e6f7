/** Kafka's own jars, resolved by Maven once per version and kept in the cache. */
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { withLock } from '../base/lock.ts';
import { run } from './process.ts';
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

/** The reason in Maven's own words: its first error line, without the goal's name and the footnotes. */
export function mavenReason(output: string): string {
  // Some Mavens reset colours even where colours are off.
  const lines = output
    .replace(/\x1b\[[\d;]*m/g, '')
    .trim()
    .split('\n');
  const line = lines.find((text) => text.startsWith('[ERROR]')) ?? lines[0] ?? '';
  return line
    .replace(/^\[ERROR\]\s*/, '')
    .replace(/^Failed to execute goal (on project local|[^ ]+ \([^)]*\) on project local): /, '')
    .replace(/ -> \[Help \d+\].*$/, '')
    .trim();
}

/** @throws KtError `usage` for a version that does not exist, `connection` when Maven cannot fetch it */
async function download(kafkaVersion: string, into: string, signal: AbortSignal): Promise<void> {
  writeFileSync(join(into, 'pom.xml'), projectFile(kafkaVersion));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(into, 'libs')}`];
  const { code, stdout, stderr } = await run('mvn', ['-B', '-q', '-U', '-Dstyle.color=never', ...goal], { cwd: into, signal });
  if (code === 0) return;
  const reason = mavenReason(stdout + stderr);
  if (/(Could not find artifact org\.apache\.kafka:kafka_|org\.apache\.kafka:kafka_\S+ was not found)/.test(reason)) {
    throw new KtError('usage', `there is no Kafka ${kafkaVersion} (${reason})`, {
      hint: 'leave --kafka-version out, or take a release from https://kafka.apache.org/downloads',
    });
  }
  throw new KtError('connection', `Maven cannot fetch Kafka ${kafkaVersion} (${reason})`, {
    hint: 'check the network and the mirrors in ~/.m2/settings.xml, then try again',
  });
}

/** Where the cache keeps the jars of this version. */
export function jarsDirectory(kafkaVersion: string, cacheDirectory: string): string {
  return join(cacheDirectory, 'kafka', kafkaVersion, 'libs');
}

/** Fetches the jars of this version unless the cache has them. */
export async function fetchJars(kafkaVersion: string, cacheDirectory: string, { signal, note }: LocalOptions): Promise<void> {
  const parent = join(cacheDirectory, 'kafka');
  const jars = jarsDirectory(kafkaVersion, cacheDirectory);
  if (existsSync(jars)) return;
  // Maven's own repository cannot take two writers either, so one lock serves all versions.
  await withLock(join(parent, 'download.lock'), signal, async () => {
    if (existsSync(jars)) return;
    note(`fetching Kafka ${kafkaVersion} with Maven, once`);
    const draft = mkdtempSync(join(parent, `${kafkaVersion}.part-`));
    try {
      await download(kafkaVersion, draft, signal);
      renameSync(draft, dirname(jars));
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}
