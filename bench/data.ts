/** The records that are read and written: JSON values of 100 bytes, each different, as files of lines and as topics. */
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { BenchCluster } from './cluster.ts';
import { kt, untimed } from './programs.ts';
import { workDirectory } from './work.ts';

const valueBytes = 100;
export const partitions = 3;

function value(index: number): string {
  const front = `{"user_id":"${userId(index)}","event":"user.signup","at":${1_700_000_000_000 + index},"plan":"`;
  return `${front}${'x'.repeat(valueBytes - front.length - 2)}"}`;
}

function userId(index: number): string {
  return `user-${String(index).padStart(9, '0')}`;
}

/** With a header and a key, as Kafka's console producer takes them. */
function fullRecord(index: number): string {
  return `trace-id:${index.toString(16).padStart(16, '0')}\t${userId(index)}\t${value(index)}`;
}

async function linesFile(name: string, count: number, line: (index: number) => string): Promise<string> {
  const file = join(workDirectory, `${name}-${count}.txt`);
  if (existsSync(file)) return file;
  const out = createWriteStream(file);
  const chunk = 10_000;
  for (let from = 0; from < count; from += chunk) {
    const lines = Array.from({ length: Math.min(chunk, count - from) }, (_, index) => `${line(from + index)}\n`);
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return file;
}

export function valuesFile(count: number): Promise<string> {
  return linesFile('values', count, value);
}

export async function createTopic({ bootstrapServers }: BenchCluster, topic: string, count = partitions): Promise<void> {
  await kt('-b', bootstrapServers, 'topics', 'create', topic, '--partitions', String(count));
}

/** A topic of values alone, written by Kafka's own producer: batches as real topics have them. */
export async function valuesTopic(cluster: BenchCluster, topic: string, count: number): Promise<void> {
  await createTopic(cluster, topic);
  await untimed(cluster.javaTool('ConsoleProducer', ['--topic', topic]), await valuesFile(count));
}

/** A topic of records with key, header and value. */
export async function fullTopic(cluster: BenchCluster, topic: string, count: number): Promise<void> {
  await createTopic(cluster, topic);
  const reader = ['parse.key=true', 'parse.headers=true'].flatMap((property) => ['--reader-property', property]);
  await untimed(cluster.javaTool('ConsoleProducer', ['--topic', topic, ...reader]), await linesFile('full', count, fullRecord));
}
