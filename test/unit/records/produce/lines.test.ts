/** Lines as they are, which a kernel makes into records: each is written once, in its partition's order, however the input comes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import { LineMemory } from '../../../../src/kafka/batch/line-memory.ts';
import type { CompressionName } from '../../../../src/kafka/compression/index.ts';
import { lineRecords } from '../../../../src/records/produce/line-records.ts';
import { produceRecords } from '../../../../src/records/produce/produce.ts';
import type { DeliveredBatch } from '../../../../src/records/produce/reports.ts';
import { linesOfText, splitter } from '../../../../src/records/produce/split.ts';
import { type Answerer, type FakeCluster, fakeCluster } from '../../../support/fake-cluster.ts';
import { until } from '../../../support/until.ts';
import { valuesOf } from '../../kafka/batch/fixtures.ts';

interface Log {
  readonly partitions: string[][];
  readonly Produce: Answerer;
}

function broker(): Log {
  const partitions: string[][] = [[], [], []];
  const Produce: Answerer = (body) => ({
    responses: body.topicData.map(
      ({ name, partitionData }: { name: string; partitionData: { index: number; records: Buffer }[] }) => ({
        name,
        partitionResponses: partitionData.map(({ index, records }) => {
          const baseOffset = BigInt(partitions[index]!.length);
          for (const value of valuesOf(records)) partitions[index]!.push(value!);
          return { index, errorCode: 0, errorMessage: null, recordErrors: [], baseOffset };
        }),
      }),
    ),
  });
  return { partitions, Produce };
}

const InitProducerId: Answerer = () => ({ errorCode: 0, producerId: 1n, producerEpoch: 0 });

const clusterOf = (log: Log): FakeCluster =>
  fakeCluster({ topics: () => ({ orders: [1, 1, 2] }), answers: { InitProducerId, Produce: log.Produce } });

/** Writes the input as `kt produce orders` does; returns the numbers of the lines by partition, as they were acknowledged. */
async function write(
  log: Log,
  chunks: Iterable<Buffer>,
  lines: LineMemory,
  partition?: number,
  compression: CompressionName = 'none',
  retries = 0,
  cluster = clusterOf(log),
) {
  const numbers: number[][] = [[], [], []];
  async function* input(): AsyncGenerator<Buffer> {
    yield* chunks;
  }
  const { delivered, failed } = await produceRecords(
    cluster,
    {
      topic: 'orders',
      split: (onPiece, onPieces) => splitter(linesOfText, onPiece, onPieces),
      lines,
      read: lineRecords({ keySeparator: undefined, nullMarker: undefined, fixedKey: undefined }),
      headers: undefined,
      partition,
      timestamp: undefined,
      partitioner: 'java',
      delivery: { acks: -1, idempotent: true, compression, retries, deliveryTimeoutMs: 60_000, transactionalId: undefined },
      transactionSize: undefined,
      recordsPerSecond: undefined,
      severalTopics: false,
    },
    input(),
    {
      signal: new AbortController().signal,
      reports: {
        add: (batch: DeliveredBatch) => void numbers[batch.partition]!.push(...batch.lines),
        room: async () => {},
      } as never,
      onFailed: () => assert.fail('nothing is refused'),
      onUnwritten: undefined,
      onInterrupted: () => assert.fail('nothing interrupts it'),
    },
  );
  assert.equal(failed, 0);
  return { delivered, numbers };
}

/** A value for each line number, of lengths around those where something changes; every line can be told from the others. */
function lineOf(number: number, length: number): string {
  return `${number}:${'x'.repeat(length)}`;
}

test('lines of every length arrive once and in order under their numbers, wherever the input is cut', async () => {
  const lengths = fc.array(fc.constantFrom(0, 1, 15, 90, 510, 600, 16_380, 70_000, 530_000), { minLength: 1, maxLength: 60 });
  const codec = fc.constantFrom<CompressionName>('none', 'lz4', 'snappy');
  await fc.assert(
    fc.asyncProperty(
      lengths,
      fc.integer({ min: 1, max: 400_000 }),
      codec,
      fc.boolean(),
      async (sizes, cut, compression, isMarked) => {
        const values = sizes.map((length, index) => lineOf(index + 1, length));
        const text = Buffer.from(
          `${isMarked ? '\ufeff' : ''}${values.map((value, index) => `${value}${index % 3 === 0 ? '\r' : ''}\n`).join('')}`,
        );
        const chunks: Buffer[] = [];
        for (let at = 0; at < text.length; at += cut) chunks.push(text.subarray(at, at + cut));
        const log = broker();
        const { delivered, numbers } = await write(log, cut < 100 ? [text] : chunks, new LineMemory(), undefined, compression);
        assert.equal(delivered, values.length);
        assert.deepEqual(
          numbers.flat().sort((a, b) => a - b),
          values.map((_, index) => index + 1),
        );
        for (const [partition, written] of log.partitions.entries()) {
          assert.deepEqual(
            written,
            numbers[partition]!.map((number) => values[number - 1]),
          );
          assert.deepEqual(
            numbers[partition],
            numbers[partition]!.toSorted((a, b) => a - b),
          );
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('much input without keys is spread over the partitions, and goes to the one that was asked for', async () => {
  const values = Array.from({ length: 20_000 }, (_, index) => lineOf(index + 1, 100));
  const text = Buffer.from(values.map((value) => `${value}\n`).join(''));
  const spread = broker();
  await write(spread, [text], new LineMemory());
  for (const written of spread.partitions) assert.ok(written.length > 1000, `${written.length} of ${values.length}`);
  const asked = broker();
  await write(asked, [text], new LineMemory(), 1);
  assert.deepEqual(asked.partitions, [[], values, []]);
});

/** The input in pieces that reuse the memory of lines, as a file is read. */
function* asFile(input: Buffer, lines: LineMemory): Generator<Buffer> {
  const { pieces } = lines;
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const piece = pieces[turn % 2]!;
    const length = input.copy(piece, 0, at);
    at += length;
    yield piece.subarray(0, length);
  }
}

test('what is under way is not written over, and what a lost broker did not take is sent again under the same numbers', async () => {
  const values = Array.from({ length: 60_000 }, (_, at) => `${at} ${'x'.repeat(at % 97)}`);
  const log = broker();
  let count = 0;
  // Records are looked at late: the memory that they are in must still be theirs.
  const Produce: Answerer = async (...question) => {
    const isLost = ++count % 3 === 0;
    await delay(3);
    if (isLost) throw new KtError('connection', 'the broker is gone', { code: 'ECONNRESET' });
    return log.Produce(...question);
  };
  const lines = new LineMemory();
  const input = Buffer.from(values.join('\r\n'));
  const { delivered, numbers } = await write({ ...log, Produce }, asFile(input, lines), lines, undefined, 'none', 1_000);
  assert.equal(delivered, values.length);
  assert.ok(count > 3);
  for (const [partition, written] of log.partitions.entries())
    assert.deepEqual(
      written,
      numbers[partition]!.map((number) => values[number - 1]),
      `partition ${partition}`,
    );
});

test('a producer id is asked for before it is known that there is the topic, but no input is taken', async () => {
  const log = broker();
  const cluster = clusterOf(log);
  let isTaken = false;
  const { metadata } = cluster;
  cluster.metadata = async (...question) => {
    await until(async () => cluster.sent.some(({ api }) => api === 'InitProducerId'), 'an id is asked for');
    assert.equal(isTaken, false);
    return metadata(...question);
  };
  function* input(): Generator<Buffer> {
    isTaken = true;
    yield Buffer.from('one\n');
  }
  await write(log, input(), new LineMemory(), 2, 'none', 0, cluster);
  assert.deepEqual(log.partitions, [[], [], ['one']]);
});

test('a topic that is not there is the reason, not the producer id that was refused meanwhile', async () => {
  const authorization = 31;
  const refused = fakeCluster({
    answers: { InitProducerId: () => ({ errorCode: authorization, producerId: -1n, producerEpoch: -1 }) },
  });
  const writing = write(broker(), [], new LineMemory(), undefined, 'none', 0, refused);
  await assert.rejects(writing, { code: 'UNKNOWN_TOPIC_OR_PARTITION' });
});
