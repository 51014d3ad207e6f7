/**
 * Writes test/unit/kafka/fetch/fixtures/fetches.json: answers to Fetch as the newest Kafka of the tests sends them, and the records that
 * Java's client and librdkafka had written. Run it again when Fetch gets a new version; the fixtures are committed.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { connect } from '../src/kafka/connect.ts';
import type { ClusterSettings } from '../src/kafka/connection/settings.ts';
import { encodeFrame } from '../src/kafka/wire/frame.ts';
import { type TestCluster, testClusters } from '../test/support/clusters.ts';
import {
  codecs,
  type ForeignClient,
  type Instruction,
  javaClient,
  librdkafkaClient,
  type ReadRecord,
  type WrittenRecord,
} from '../test/support/foreign-records.ts';

const version = 17;
const partitions = [0, 1];
const file = join(import.meta.dirname, '../test/unit/kafka/fetch/fixtures/fetches.json');

/** An answer comes from one segment, so records and markers must share one although the records are dated earlier. */
const configs = ['segment.ms', 'retention.ms'].map((name) => ({ name, value: String(2n ** 63n - 1n) }));

const text = (words: string) => Buffer.from(words);
const record = (partition: number, value: Buffer | null, more: Partial<WrittenRecord> = {}): WrittenRecord => ({
  partition,
  timestamp: 1_700_000_000_123,
  key: null,
  value,
  headers: [],
  ...more,
});

/** Two batches in partition 0, one in partition 1. */
const everyKind: readonly Instruction[] = [
  record(0, text('{"event":"user.signup","event":"user.signup","event":"user.signup"}'), { key: text('user-1') }),
  record(0, null, { key: text('gone'), timestamp: 1_700_000_000_100 }),
  record(0, Buffer.from([0xff, 0, 0xfe]), {
    key: Buffer.alloc(0),
    headers: [
      ['a', text('1')],
      ['b', null],
      ['a', Buffer.alloc(0)],
    ],
  }),
  record(1, text('of the other partition'), { key: text('user-2') }),
  'flush',
  record(0, Buffer.alloc(0), { key: text('k'.repeat(70)), timestamp: 1_700_000_009_999 }),
  record(0, text('last'), { timestamp: 0 }),
];

const one = (producer: Instruction, ...rest: readonly Instruction[]) => [producer, 'begin' as const, ...rest];
const plain = (value: string, partition = 0) => record(partition, text(value));

/** Committed, aborted and unfinished ones side by side. */
const transactions = (id: string): readonly Instruction[] => [
  ...one(['producer', 'none', id], plain('kept 1'), plain('kept 2', 1), 'commit'),
  ...one(['producer', 'lz4', `${id}-b`], plain('aborted 1'), plain('aborted 2', 1), 'abort'),
  ...one('begin', plain('aborted 3'), 'abort').slice(1),
  ...one(['producer', 'none', '-'], plain('outside')).filter((each) => each !== 'begin'),
  ...one(['producer', 'none', id], plain('kept 3'), plain('kept 4', 1), 'commit'),
];

/** The bytes of the answer after the correlation id. */
async function fetched(cluster: TestCluster, topic: string, topicId: string): Promise<Buffer> {
  const [host, port] = cluster.bootstrapServers.split(':');
  const socket = connectSocket(Number(port), host);
  await once(socket, 'connect');
  const body = {
    ...{
      replicaId: -1,
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 1 << 20,
      isolationLevel: 1,
      sessionId: 0,
      sessionEpoch: 0,
      rackId: '',
    },
    topics: [
      {
        topic,
        topicId,
        partitions: partitions.map((partition) => ({
          ...{ partition, currentLeaderEpoch: -1, fetchOffset: 0n, logStartOffset: -1n, partitionMaxBytes: 1 << 20 },
        })),
      },
    ],
    forgottenTopicsData: [],
  };
  socket.write(encodeFrame({ api: 'Fetch', version, correlationId: 7, clientId: 'capture', body }));
  let frame = Buffer.alloc(0);
  while (frame.length < 4 || frame.length < 4 + frame.readInt32BE(0)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    frame = Buffer.concat([frame, chunk]);
  }
  socket.destroy();
  return frame.subarray(8);
}

function plainRecord({ partition, offset, timestamp, key, value, headers }: ReadRecord) {
  const hex = (bytes: Buffer | null) => bytes?.toString('hex') ?? null;
  return {
    partition,
    offset,
    timestamp,
    key: hex(key),
    value: hex(value),
    headers: headers.map(([name, of]) => [name, hex(of)]),
  };
}

const cluster = (await testClusters()).at(-1)!;
const [host, port] = cluster.bootstrapServers.split(':');
const settings: ClusterSettings = {
  bootstrapServers: [{ host: host!, port: Number(port) }],
  clientId: 'capture',
  timeoutMs: 10_000,
  addressMap: new Map(),
};
const admin = await connect(settings, { signal: new AbortController().signal });
const answers: unknown[] = [];

async function capture(name: string, client: ForeignClient, instructions: readonly Instruction[]): Promise<void> {
  const topic = `capture-${name}-${randomUUID()}`;
  const asked = { name: topic, numPartitions: partitions.length, replicationFactor: 1, assignments: [], configs };
  await admin.request('CreateTopics', { topics: [asked], timeoutMs: 10_000, validateOnly: false }, 'controller');
  await client.write(cluster, topic, instructions);
  const { topics } = await admin.metadata([topic]);
  const { topicId } = topics.get(topic)!;
  const byPlace = (a: ReadRecord, b: ReadRecord) => a.partition - b.partition || a.offset - b.offset;
  const of = async (isolation: 'read_committed' | 'read_uncommitted') =>
    (await client.read(cluster, topic, isolation)).sort(byPlace).map(plainRecord);
  const [records, all] = [await of('read_committed'), await of('read_uncommitted')];
  const answer = (await fetched(cluster, topic, topicId!)).toString('base64');
  answers.push({
    name,
    topic,
    topicId,
    records,
    uncommitted: all.filter((each) => !records.some((one) => same(one, each))),
    answer,
  });
}

function same(a: ReturnType<typeof plainRecord>, b: ReturnType<typeof plainRecord>): boolean {
  return a.partition === b.partition && a.offset === b.offset;
}

for (const codec of codecs) await capture(codec, javaClient, [['producer', codec], ...everyKind]);
await capture('transactions', librdkafkaClient, transactions(randomUUID()));
await admin.close();
writeFileSync(file, `${JSON.stringify({ kafka: cluster.version, version, answers }, undefined, 1)}\n`);
