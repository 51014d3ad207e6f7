/** Apicurio's serializers and deserializers for Java (clients/Serdes.java), the only ones that Maven Central has. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './foreign-clients.ts';

const version = '2.6.13.Final';
const directory = join(import.meta.dirname, '../../node_modules/.cache/kt-test/serdes', version);

/** Their class path. */
export const serdesClasspath = `${directory}/*`;

/** Fetches them with all that they need (55 MB), once. */
export function fetchSerdes(): void {
  if (existsSync(directory)) return;
  const draft = `${directory}.part-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const dependencies = ['avro', 'protobuf', 'jsonschema'].map(
    (format) =>
      `<dependency><groupId>io.apicurio</groupId><artifactId>apicurio-registry-serdes-${format}-serde</artifactId><version>${version}</version></dependency>`,
  );
  const project = '<groupId>kt</groupId><artifactId>serdes</artifactId><version>1</version><packaging>pom</packaging>';
  writeFileSync(
    join(draft, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion>${project}<dependencies>${dependencies.join('')}</dependencies></project>`,
  );
  const goal = ['dependency:copy-dependencies', '-DoutputDirectory=.', '-DincludeScope=runtime'];
  execFileSync('mvn', ['-B', '-q', ...goal], { cwd: draft, stdio: 'pipe' });
  rmSync(join(draft, 'pom.xml'));
  renameSync(draft, directory);
}

/** Apicurio's own API, which they ask. @param registry its Confluent API */
export function nativeApi(registry: string): string {
  return registry.replace(/ccompat\/v7$/, 'registry/v2');
}

interface Topics {
  readonly avro: string;
  readonly protobuf: string;
  readonly json: string;
}

interface Place {
  readonly bootstrapServers: string;
  /** Its Confluent API. */
  readonly registry: string;
}

async function run(task: 'write' | 'read', { bootstrapServers, registry }: Place, topics: Topics): Promise<string> {
  const java = ['-XX:TieredStopAtLevel=1', '-Xmx256m', '-cp', serdesClasspath];
  const args = [task, bootstrapServers, nativeApi(registry), topics.avro, topics.protobuf, topics.json];
  return (await output('java', [...java, join(import.meta.dirname, 'clients/Serdes.java'), ...args])).toString();
}

/**
 * Writes the same value several times: with ids in headers, with 8-byte ids, and (but for Protobuf, which then is nobody else's form) with
 * Confluent's. Nested messages it refuses. The JSON Schema has to be registered.
 */
export async function writeWithJava(place: Place, topics: Topics): Promise<void> {
  await run('write', place, topics);
}

/** The values of the topics with Avro and JSON Schema, one topic after the other, as Java shows them; with Confluent's 4-byte ids. */
export async function readWithJava(place: Place, topics: Topics): Promise<string[]> {
  return (await run('read', place, topics)).trimEnd().split('\n');
}
