/** Answers to Fetch as Kafka 4.3.1 sent them (scripts/capture-fetches.ts), and a broker out of memory that can damage them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KtError } from '../../../../src/base/errors.ts';
import { attribute, field, LENGTH_END } from '../../../../src/kafka/batch/header.ts';
import type { RecordView } from '../../../../src/kafka/batch/record.ts';
import { visitHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import type { Cluster } from '../../../../src/kafka/cluster.ts';
import type { FetchOptions } from '../../../../src/kafka/fetch/fetch.ts';
import { fetchRecords } from '../../../../src/kafka/fetch/fetcher.ts';
import { decodeFrame } from '../../../../src/kafka/wire/frame.ts';
import type { ResponseBodies } from '../../../../src/kafka/wire/generated/types.ts';
import { fakeCluster, topicMetadata } from '../../../support/fake-cluster.ts';
import { hexOf } from '../batch/fixtures.ts';

export type FetchBody = ResponseBodies['Fetch'];
type PartitionBody = FetchBody['responses'][number]['partitions'][number];

interface FixtureRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

export interface FetchFixture {
  readonly name: string;
  readonly topic: string;
  readonly topicId: string;
  /** What Java's client or librdkafka reads under read_committed, a line each, by partition and offset. */
  readonly records: readonly string[];
  /** The aborted ones. */
  readonly aborted: readonly string[];
  /** As it came off the socket, behind the correlation id. */
  readonly answer: Buffer;
  readonly body: FetchBody;
}

const file = join(import.meta.dirname, 'fixtures/fetches.json');

export function fetchFixtures(): readonly FetchFixture[] {
  const { version, answers } = JSON.parse(readFileSync(file, 'utf8'));
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the capture script.
  return answers.map(({ name, topic, topicId, records, uncommitted, answer }: any) => {
    const payload = Buffer.from(answer, 'base64');
    const body = decodeFetch(payload, version);
    return { name, topic, topicId, records: records.map(lineOf), aborted: uncommitted.map(lineOf), answer: payload, body };
  });
}

/** @throws KtError `connection` when it cannot be read */
export function decodeFetch(payload: Buffer, version = 17): FetchBody {
  return decodeFrame('Fetch', version, payload);
}

function lineOf({ partition, offset, timestamp, key, value, headers }: FixtureRecord): string {
  return JSON.stringify([partition, offset, timestamp, key, value, headers]);
}

/** All of a record, headers' names and exact numbers too, in one line. */
function lineOfView(view: RecordView): string {
  const headers: [string, string | null][] = [];
  visitHeaders(view, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    headers.push([bytes.toString('utf8', keyStart, keyEnd), hexOf(bytes, valueStart, valueEnd)]);
  });
  const key = hexOf(view.bytes, view.keyStart, view.keyEnd);
  const value = hexOf(view.bytes, view.valueStart, view.valueEnd);
  const [offset, timestamp] = [Number(view.exactOffset()), Number(view.exactTimestamp())];
  return JSON.stringify([view.partition, offset, timestamp, key, value, headers]);
}

/** A batch's place in the records of one partition's answer. */
export interface BatchPlace {
  readonly start: number;
  readonly end: number;
  readonly lastOffset: bigint;
}

export function batchesOf(records: Buffer): BatchPlace[] {
  const places: BatchPlace[] = [];
  for (let start = 0; start < records.length; ) {
    const end = start + LENGTH_END + records.readInt32BE(start + field.length);
    const lastOffset = records.readBigInt64BE(start) + BigInt(records.readInt32BE(start + field.lastOffsetDelta));
    places.push({ start, end, lastOffset });
    start = end;
  }
  return places;
}

/** What a real broker answers when this partition is asked for from an offset inside: whole batches, and the transactions aborted in them. */
function answerFrom(partition: PartitionBody, offset: bigint): PartitionBody {
  const records = partition.records!;
  const places = batchesOf(records);
  const start = places.find(({ lastOffset }) => lastOffset >= offset)?.start ?? records.length;
  const abortedTransactions = partition.abortedTransactions?.filter(({ producerId, firstOffset }) => {
    const marker = places.find(({ start: at, lastOffset }) => {
      const isControl = (records[at + field.attributes + 1]! & attribute.control) !== 0;
      return isControl && records.readBigInt64BE(at + field.producerId) === producerId && lastOffset > firstOffset;
    });
    return marker!.lastOffset >= offset;
  });
  return { ...partition, records: records.subarray(start), abortedTransactions: abortedTransactions ?? null };
}

/** How often an answer to the first request comes damaged: once, as on a bad line, or each time, as from a bad disk. */
export type Damage = 'once' | 'always';

export interface Outcome {
  readonly lines: readonly string[];
  readonly error: unknown;
  readonly fetches: number;
}

const sessionUnknown = 70;
/** More fetches than any of these answers can need: a reader that sends them is in a loop. */
export const tooManyFetches = 20;

/** Reads a fixture's topic, both partitions to their ends, from a broker that gives `damaged` as its first answer. */
export async function readDamaged(fixture: FetchFixture, damaged: () => FetchBody, damage: Damage): Promise<Outcome> {
  const { topic, topicId, body } = fixture;
  const truth = body.responses[0]!.partitions;
  const stop = new AbortController();
  const offsets = new Map<number, bigint>();
  let fetches = 0;
  let given = 0;

  function answer(request: {
    sessionId: number;
    sessionEpoch: number;
    topics: Topics;
    forgottenTopicsData: Forgotten;
  }): FetchBody {
    fetches++;
    if (fetches > tooManyFetches) stop.abort(new Error(`more than ${tooManyFetches} fetches`));
    if (request.sessionEpoch === 0) offsets.clear();
    else if (request.sessionId !== body.sessionId) return { ...body, errorCode: sessionUnknown, sessionId: 0, responses: [] };
    for (const { partitions } of request.topics)
      for (const { partition, fetchOffset } of partitions) offsets.set(partition, fetchOffset);
    for (const { partitions } of request.forgottenTopicsData) for (const partition of partitions) offsets.delete(partition);
    const isFirst = offsets.size === truth.length && [...offsets.values()].every((offset) => offset === 0n);
    if (isFirst && (damage === 'always' || given === 0)) {
      given++;
      return damaged();
    }
    const partitions = truth.filter(({ partitionIndex }) => offsets.has(partitionIndex));
    const answers = partitions.map((partition) => {
      const offset = offsets.get(partition.partitionIndex)!;
      return offset > partition.highWatermark ? { ...partition, errorCode: 1, records: null } : answerFrom(partition, offset);
    });
    return { ...body, responses: [{ ...body.responses[0]!, partitions: answers }] };
  }

  const fake = fakeCluster({
    // A busy machine must not use up what a damaged answer has to be asked for again.
    timeoutMs: 10_000,
    answers: {
      Fetch: (request) => answer(request),
      ListOffsets: ({ topics: [{ partitions }] }) => ({
        topics: [{ partitions: [{ ...partitions[0], offset: 0n, errorCode: 0 }] }],
      }),
    },
  });
  const found = { ...topicMetadata(topic, [1, 1]), topicId };
  const brokers = [{ id: 1, host: 'localhost', port: 9092, rack: null }];
  const metadata = { clusterId: 'fake', controllerId: 1, brokers, topics: new Map([[topic, found]]) };
  const cluster: Cluster = { ...fake, metadata: async () => metadata, cachedMetadata: async () => metadata };
  const ranges = truth.map(({ partitionIndex, highWatermark }) => ({
    topic,
    partition: partitionIndex,
    start: 0n,
    end: highWatermark,
  }));
  const options: FetchOptions = { isolation: 'read_committed', signal: stop.signal, warn: () => {} };
  const lines: string[][] = truth.map(() => []);
  let error: unknown;
  try {
    for await (const batch of fetchRecords(cluster, ranges, options)) {
      batch.each((view) => void lines[view.partition]!.push(lineOfView(view)));
    }
  } catch (thrown) {
    error = thrown;
  }
  return { lines: lines.flat(), error, fetches };
}

type Topics = readonly { partitions: readonly { partition: number; fetchOffset: bigint }[] }[];
type Forgotten = readonly { partitions: readonly number[] }[];

/** Whether an error is one that people can act on; a bug of kt's would be another. */
export function isPlain(error: unknown): error is KtError {
  return error instanceof KtError && error.kind !== 'bug' && error.kind !== 'interrupted';
}
