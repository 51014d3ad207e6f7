/** Any record that any client can write, every client reads to the byte: kt, kcat, librdkafka and Kafka's Java client, each with each. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { confluentUnavailable, kcatUnavailable } from '../support/foreign-clients.ts';
import {
  codecs,
  type ForeignClient,
  type Instruction,
  type Isolation,
  javaClient,
  librdkafkaClient,
  type ReadRecord,
  type WrittenRecord,
} from '../support/foreign-records.ts';
import { ktOn } from '../support/kt-on.ts';
import { anyRecord, kcatHeaders, kcatRecord, largeValue, partitions, sample, seed } from '../support/random-records.ts';
import { headersAsText, kcatClient, ktClient } from '../support/record-clients.ts';
import { until } from '../support/until.ts';

const perCodec = 200;
/** Large records with any timestamp, in one segment. */
const unlimited = configs('max.message.bytes=4194304', 'retention.ms=-1', 'segment.ms=9223372036854775807');
/** Cleaned as soon as the broker's cleaner looks at it. */
const compacting = configs('cleanup.policy=compact', 'min.cleanable.dirty.ratio=0.01', 'segment.ms=50');
const skip = kcatUnavailable() ?? confluentUnavailable() ?? false;
const clusters = await testClusters();

function configs(...pairs: readonly string[]): string[] {
  return pairs.flatMap((pair) => ['--config', pair]);
}

/** A record's content in one line, long parts as digests. Without the timestamp for kcat, which sets its own. */
function contentOf({ timestamp, key, value, headers }: WrittenRecord, shown: 'timed' | 'untimed' = 'timed'): string {
  const pairs = headers.map(([name, of]) => [name, digest(of)]);
  return JSON.stringify([shown === 'timed' ? timestamp : 'untimed', digest(key), digest(value), pairs]);
}

const untimed = (record: WrittenRecord) => contentOf(record, 'untimed');

function digest(of: Buffer | null): string | null {
  if (of === null) return null;
  return of.length <= 48
    ? `base64 ${of.toString('base64')}`
    : `${of.length} bytes ${createHash('sha256').update(of).digest('hex')}`;
}

/** The records of each partition, in the order read. */
function byPartition(records: readonly ReadRecord[], show: (record: ReadRecord) => string): string[][] {
  const found: string[][] = Array.from({ length: partitions }, () => []);
  const last = new Map<number, number>();
  for (const record of records) {
    assert.ok(record.offset > (last.get(record.partition) ?? -1), `offset ${record.offset} does not follow`);
    last.set(record.partition, record.offset);
    found[record.partition]!.push(show(record));
  }
  return found;
}

/** The first difference, instead of megabytes of them. */
function assertSame(found: readonly string[][], expected: readonly string[][], what: string): void {
  for (const [at, wanted] of expected.entries()) {
    const got = found[at]!;
    const wrong = wanted.findIndex((line, index) => line !== got[index]);
    const index = wrong === -1 && got.length > wanted.length ? wanted.length : wrong;
    if (index !== -1)
      assert.fail(
        `${what}: record ${index} of partition ${at} is\n${got[index]}\ninstead of\n${wanted[index]}\n(KT_TEST_SEED=${seed})`,
      );
  }
}

const exact = (record: ReadRecord) => `${record.offset} ${contentOf(record)}`;
const asKcat = (record: ReadRecord) => readByKcat({ ...record, headers: [[headersAsText(record.headers), null]] });
/** Its headers came as one text. */
const readByKcat = ({ headers, ...record }: ReadRecord) =>
  `${exact({ ...record, headers: [] })} ${digest(Buffer.from(headers[0]?.[0] ?? '', 'latin1'))}`;

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const kt = ktClient(program);
  const readers: readonly ForeignClient[] = [kt, librdkafkaClient, javaClient];
  const { newTopic } = ktOn(cluster, program);

  /** Reads with every client; they must agree on every record. Returns what kt read. */
  async function readByAll(topic: string, isolation: Isolation): Promise<ReadRecord[]> {
    const [all, ofKcat] = await Promise.all([
      Promise.all(readers.map((reader) => reader.read(cluster, topic, isolation))),
      kcatClient.read(cluster, topic, isolation),
    ]);
    const [ofKt, ...others] = all as [ReadRecord[], ...ReadRecord[][]];
    for (const [at, records] of others.entries())
      assertSame(byPartition(ofKt, exact), byPartition(records, exact), `kt beside ${readers[at + 1]!.name}`);
    assertSame(byPartition(ofKt, asKcat), byPartition(ofKcat, readByKcat), 'kt beside kcat');
    return ofKt;
  }

  describe(`${cluster.version}, ${program}`, { concurrency: true, skip }, () => {
    test('records of every kind, in every codec', async (t) => {
      t.diagnostic(`KT_TEST_SEED=${seed}`);
      const topic = await newTopic('-p', String(partitions), ...unlimited);
      const expected: string[][] = Array.from({ length: partitions }, () => []);
      for (const [at, writer] of readers.entries()) {
        const instructions = codecs.flatMap((codec, stream): Instruction[] => {
          const records = sample(anyRecord, perCodec, 10 * at + stream).map((record) => ({
            ...record,
            // librdkafka takes 0 as the present.
            timestamp: Math.max(record.timestamp, writer === librdkafkaClient ? 1 : 0),
          }));
          const value = largeValue(stream);
          records.splice(
            perCodec / 2,
            0,
            { ...records[0]!, value },
            { ...records[1]!, key: value.subarray(0, 300_000), value },
          );
          for (const record of records) expected[record.partition]!.push(contentOf(record));
          return [['producer', codec], ...records];
        });
        await writer.write(cluster, topic, instructions);
      }
      assertSame(
        byPartition(await readByAll(topic, 'read_committed'), (record) => contentOf(record)),
        expected,
        'written and read',
      );
    });

    test('what kcat can write', async () => {
      const topic = await newTopic('-p', String(partitions), ...unlimited);
      const expected: string[][] = Array.from({ length: partitions }, () => []);
      for (const [stream, codec] of codecs.entries()) {
        const headers = sample(kcatHeaders, 1, 100 + stream)[0]!;
        const to = stream % partitions;
        const records: WrittenRecord[] = sample(kcatRecord, perCodec, 110 + stream).map((record) => ({
          ...record,
          partition: to,
          timestamp: 0,
          headers,
        }));
        records.push({ ...records[0]!, value: largeValue(stream) });
        for (const record of records) expected[to]!.push(untimed(record));
        await kcatClient.write(cluster, topic, [['producer', codec], ...records]);
      }
      assertSame(byPartition(await readByAll(topic, 'read_committed'), untimed), expected, 'written and read');
    });

    test('transactions: each client sees those that any of them committed, and none that one aborted', async () => {
      const topic = await newTopic('-p', String(partitions), ...unlimited);
      const committed: string[][] = Array.from({ length: partitions }, () => []);
      let aborted = 0;
      for (const [at, writer] of readers.entries()) {
        const instructions: Instruction[] = [];
        for (const [stream, codec] of (['none', 'snappy', 'zstd'] as const).entries()) {
          instructions.push(['producer', codec, `${topic}-${at}-${codec}`]);
          for (const [turn, end] of (['commit', 'abort', 'commit'] as const).entries()) {
            const records = sample(anyRecord, 12, 1000 + 100 * at + 10 * stream + turn);
            instructions.push('begin', ...records, end);
            if (end === 'abort') aborted += records.length;
            else for (const record of records) committed[record.partition]!.push(untimed(record));
          }
        }
        await writer.write(cluster, topic, instructions);
      }
      const headers = sample(kcatHeaders, 1, 2000)[0]!;
      const ofKcat = sample(kcatRecord, 12, 2001).map((record) => ({ ...record, partition: 1, timestamp: 0, headers }));
      await kcatClient.write(cluster, topic, [['producer', 'zstd', `${topic}-kcat`], 'begin', ...ofKcat, 'commit']);
      for (const record of ofKcat) committed[1]!.push(untimed(record));
      const seen = await readByAll(topic, 'read_committed');
      assertSame(byPartition(seen, untimed), committed, 'committed and read');
      const uncommitted = await readByAll(topic, 'read_uncommitted');
      assert.equal(uncommitted.length, seen.length + aborted);
    });

    test('a compacted topic: the same holes for all, and the last record of each key', async () => {
      const topic = await newTopic('-p', String(partitions), ...compacting);
      const lastOfKey = new Map<string, string>();
      let written = 0;
      for (let turn = 0; turn < 2; turn++) {
        for (const [at, writer] of readers.entries()) {
          const records = sample(anyRecord, 60, 3000 + 10 * at + turn).map((record, index) => {
            const key = Buffer.from(`key ${index % 20}`);
            return { ...record, key, partition: (index % 20) % partitions, timestamp: Date.now() };
          });
          for (const record of records) lastOfKey.set(String(record.key), untimed(record));
          written += records.length;
          await writer.write(cluster, topic, [['producer', codecs[(at + turn) % codecs.length]!], ...records]);
        }
      }
      const readByKt = () => kt.read(cluster, topic, 'read_committed');
      await until(async () => (await readByKt()).length <= written / 2, 'the log is compacted', 90_000);
      // The cleaner may still be working: the clients then read once more.
      const signal = AbortSignal.timeout(60_000);
      for (;;) {
        const before = (await readByKt()).map(exact);
        const records = await readByAll(topic, 'read_committed').catch((error: unknown) => error);
        const isQuiet = (await readByKt()).map(exact).join() === before.join();
        signal.throwIfAborted();
        if (!isQuiet) continue;
        if (!Array.isArray(records)) throw records;
        const last = new Map((records as ReadRecord[]).map((record) => [String(record.key), untimed(record)]));
        assert.deepEqual(new Map([...last].sort()), new Map([...lastOfKey].sort()));
        return;
      }
    });
  });
}
