/** A Kafka Streams application (clients/Streams.java) as tests run it. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { quickJava } from './java.ts';

const version = '4.3.1';
const directory = join(import.meta.dirname, '../../node_modules/.cache/kt-test/streams');
const jar = join(directory, `kafka-streams-${version}.jar`);

/** Fetches the Streams library, which `kt local` does not need; without the large library for state stores. */
export function fetchStreams(): void {
  if (existsSync(jar)) return;
  const goal = ['dependency:copy', `-Dartifact=org.apache.kafka:kafka-streams:${version}`, `-DoutputDirectory=${directory}`];
  execFileSync('mvn', ['-B', '-q', ...goal], { stdio: 'pipe' });
}

export interface StreamsApplication {
  readonly bootstrapServers: string;
  /** Kafka's own libraries of `version`, whatever the cluster's version is. */
  readonly classpath: string;
  readonly groupProtocol: 'classic' | 'streams';
  /** The application's id, which is also its group's. */
  readonly group: string;
  readonly topic: string;
}

/** Starts the application, for no longer than the test takes. Its repartition topic is `GROUP-spread-repartition`. */
export function startStreams(during: TestContext, application: StreamsApplication): { stop(): Promise<void> } {
  const { bootstrapServers, classpath, groupProtocol, group, topic } = application;
  const state = mkdtempSync(join(tmpdir(), 'kt-streams-'));
  const program = join(import.meta.dirname, 'clients/Streams.java');
  const java = [...quickJava(`${classpath}:${jar}`), program];
  const child = spawn('java', [...java, bootstrapServers, groupProtocol, group, topic, state], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  during.after(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(state, { recursive: true, force: true });
  });
  return {
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
