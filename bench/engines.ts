/** Apache Flink and Kafka Streams as contenders: each in one JVM, which ends when all records are counted. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flinkCommand, flinkScript } from '../test/support/flink.ts';
import { rootDirectory, workDirectory } from './work.ts';

export const streamsVersion = '4.3.1';
/** The one that its project names, for its stores. */
const rocksDbVersion = '10.1.3';
const jars = join(rootDirectory, 'node_modules/.cache/kt-streams');
const classes = join(workDirectory, 'streams-classes');

/** Fetches Kafka Streams (75 MB) unless it is there, and compiles its program. @param classpath Kafka's own libraries */
export function prepareStreams(classpath: string): void {
  for (const artifact of [`org.apache.kafka:kafka-streams:${streamsVersion}`, `org.rocksdb:rocksdbjni:${rocksDbVersion}`]) {
    const [, name, version] = artifact.split(':');
    if (existsSync(join(jars, `${name}-${version}.jar`))) continue;
    execFileSync('mvn', ['-B', '-q', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${jars}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  mkdirSync(classes, { recursive: true });
  const source = join(import.meta.dirname, 'clients/Revenue.java');
  execFileSync('javac', ['-cp', streamsClasspath(classpath), '-d', classes, source], { stdio: 'inherit' });
}

/** The command line of clients/Revenue.java. @param name of the application, and of its topic of results */
export function streamsCommand(classpath: string, bootstrapServers: string, topic: string, name: string): readonly string[] {
  const state = join(workDirectory, 'streams-state');
  return ['java', '-Xmx512M', '-cp', streamsClasspath(classpath), 'Revenue', bootstrapServers, topic, name, state];
}

function streamsClasspath(classpath: string): string {
  return `${classes}:${jars}/*:${classpath}`;
}

/** Writes a job for Flink, as `kt aggregate --print flink-sql` prints it. */
export function flinkJob(name: string, sql: string): void {
  writeFileSync(jobFile(name), flinkScript(sql));
}

/** The command line that runs a job to its end. */
export function flinkRun(name: string): readonly string[] {
  return flinkCommand(jobFile(name));
}

function jobFile(name: string): string {
  return join(workDirectory, `${name}.sql`);
}
