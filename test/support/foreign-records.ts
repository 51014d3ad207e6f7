/**
 * Records in and out of clients that are not kt, as lines of base64 that lose nothing. Written are
 * `partition timestamp key value headers`, between them `producer CODEC TRANSACTIONAL-ID`, `begin`, `flush`, `commit` and `abort`; read are
 * `partition offset timestamp key value headers`. Fields stand between tabs, `-` is null, headers are `name:value,name:value`.
 */

import { join } from 'node:path';
import type { TestCluster } from './clusters.ts';
import { pythonFile } from './foreign-clients.ts';
import { sharedJavaOutput } from './java-shared.ts';

export interface WrittenRecord {
  readonly partition: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

export interface ReadRecord extends WrittenRecord {
  readonly offset: number;
}

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
export const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
export type Isolation = 'read_committed' | 'read_uncommitted';
export type Instruction =
  | WrittenRecord
  | 'begin'
  | 'flush'
  | 'commit'
  | 'abort'
  | readonly ['producer', Codec, transactionalId?: string];

/** A client that can write and read every kind of record. */
export interface ForeignClient {
  readonly name: string;
  /** Carries out the instructions in one process. */
  write(cluster: TestCluster, topic: string, instructions: readonly Instruction[]): Promise<void>;
  /** All records up to the current ends of the partitions, in the order they arrive. */
  read(cluster: TestCluster, topic: string, isolation: Isolation): Promise<ReadRecord[]>;
}

const directory = join(import.meta.dirname, 'clients');

export const javaClient: ForeignClient = clientOf('Java', ({ classpath }, args, stdin) =>
  sharedJavaOutput(classpath, 'Records', args, stdin),
);

export const librdkafkaClient: ForeignClient = clientOf('librdkafka', (_cluster, args, stdin) =>
  pythonFile(join(directory, 'records.py'), args, stdin),
);

function clientOf(
  name: string,
  run: (cluster: TestCluster, args: readonly string[], stdin: string) => Promise<Buffer>,
): ForeignClient {
  return {
    name,
    async write(cluster, topic, instructions) {
      await run(cluster, ['write', cluster.bootstrapServers, topic], instructions.map((each) => `${lineOf(each)}\n`).join(''));
    },
    async read(cluster, topic, isolation) {
      const lines = (await run(cluster, ['read', cluster.bootstrapServers, topic, isolation], '')).toString().split('\n');
      return lines.slice(0, -1).map(recordOf);
    },
  };
}

function lineOf(instruction: Instruction): string {
  if (typeof instruction === 'string') return instruction;
  if (!('partition' in instruction)) return [instruction[0], instruction[1], instruction[2] ?? '-'].join('\t');
  const { partition, timestamp, key, value, headers } = instruction;
  const pairs = headers.map(([name, of]) => `${encoded(Buffer.from(name))}:${encoded(of)}`);
  return [partition, timestamp, encoded(key), encoded(value), pairs.join(',')].join('\t');
}

function recordOf(line: string): ReadRecord {
  const [partition, offset, timestamp, key, value, headers] = line.split('\t');
  return {
    partition: Number(partition),
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: decoded(key!),
    value: decoded(value!),
    headers: (headers === '' ? [] : headers!.split(',')).map((pair) => {
      const [name, of] = pair.split(':');
      return [decoded(name!)!.toString(), decoded(of!)];
    }),
  };
}

function encoded(bytes: Buffer | null): string {
  return bytes === null ? '-' : bytes.toString('base64');
}

function decoded(text: string): Buffer | null {
  return text === '-' ? null : Buffer.from(text, 'base64');
}
