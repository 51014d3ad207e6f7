/** The produce loop against brokers that check sequence numbers: what is written once, in order, and what is said of the rest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import { field } from '../../../../src/kafka/batch/header.ts';
import type { ProducerOptions } from '../../../../src/kafka/produce/options.ts';
import { RecordProducer } from '../../../../src/kafka/produce/producer.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';
import { valuesOf } from '../batch/fixtures.ts';

const errors = { notLeader: 6, tooLarge: 10, authorization: 29, outOfOrder: 45, invalidRecord: 87 };

/** What becomes of one request: it and its answer arrive, its answer is lost, all of it is lost, or the leader has moved. */
type Fate = 'fine' | 'answer lost' | 'request lost' | 'moved';

interface Broker {
  /** Values per partition. */
  readonly log: string[][];
  readonly answer: Answerer;
  producerIds: number;
}

interface BrokerOptions {
  readonly fates?: readonly Fate[];
  readonly maxRecords?: number;
  /** Answers each partition that no fault met so, instead of writing. */
  readonly refusal?: (values: readonly string[]) => { errorCode: number; recordErrors?: number[] } | undefined;
}

/** Leaders of partitions: they take the next number of a producer, drop what they have, and refuse gaps (KIP-98). */
function broker({ fates = [], maxRecords = Number.POSITIVE_INFINITY, refusal }: BrokerOptions = {}): Broker {
  const log: string[][] = [[], [], []];
  const written = new Map<string, number>();
  const next = new Map<string, number>();
  const append = (partition: number, batch: Buffer): { errorCode: number; baseOffset: bigint; recordErrors?: number[] } => {
    const values = valuesOf(batch).map(String);
    const producer = `${batch.readBigInt64BE(field.producerId)}-${partition}`;
    const sequence = batch.readInt32BE(field.baseSequence);
    if (values.length > maxRecords) return { errorCode: errors.tooLarge, baseOffset: -1n };
    const refused = refusal?.(values);
    if (refused) return { ...refused, baseOffset: -1n };
    const known = written.get(`${producer}:${sequence}`);
    if (known !== undefined) return { errorCode: 0, baseOffset: BigInt(known) };
    const expected = next.get(producer);
    if (sequence >= 0 && expected !== undefined && sequence !== expected)
      return { errorCode: errors.outOfOrder, baseOffset: -1n };
    const offset = log[partition]!.length;
    if (sequence >= 0) written.set(`${producer}:${sequence}`, offset);
    next.set(producer, sequence + values.length);
    log[partition]!.push(...values);
    return { errorCode: 0, baseOffset: BigInt(offset) };
  };
  const made: Broker = {
    log,
    producerIds: 0,
    async answer(body, _target, tries) {
      const fate = fates[tries - 1] ?? 'fine';
      if (fate === 'request lost') throw new KtError('connection', 'lost');
      const responses = body.topicData.map(
        ({ name, partitionData }: { name: string; partitionData: { index: number; records: Buffer }[] }) => ({
          name,
          partitionResponses: partitionData.map(({ index, records }) => {
            const outcome = fate === 'moved' ? { errorCode: errors.notLeader, baseOffset: -1n } : append(index, records);
            const { errorCode, baseOffset, recordErrors = [] } = { recordErrors: undefined, ...outcome };
            const named = recordErrors.map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: 'no key' }));
            return { index, errorCode, errorMessage: null, baseOffset, recordErrors: named };
          }),
        }),
      );
      if (fate === 'answer lost') throw new KtError('connection', 'lost');
      return { throttleTimeMs: 0, responses };
    },
  };
  return made;
}

interface Told {
  readonly delivered: Map<number, string>;
  readonly failed: Map<number, string>;
}

/** Produces lines, round robin over three partitions where not told otherwise; `pauses` are lines after which the input waits. */
async function produce(
  { answer, ...made }: Broker,
  count: number,
  options: Partial<ProducerOptions> = {},
  partitions = 3,
  pauses: readonly number[] = [],
): Promise<Told> {
  const delivered = new Map<number, string>();
  const failed = new Map<number, string>();
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 2, 1] }),
    answers: {
      Produce: answer,
      InitProducerId: () => ({ errorCode: 0, producerId: BigInt(made.producerIds++), producerEpoch: 0 }),
    },
  });
  const producer = await RecordProducer.open(cluster, {
    acks: -1,
    idempotent: true,
    compression: 'none',
    retries: Number.POSITIVE_INFINITY,
    deliveryTimeoutMs: 30_000,
    signal: cluster.signal,
    onDelivered({ partition, baseOffset, lines }) {
      for (const [index, line] of lines.entries()) {
        assert.ok(!delivered.has(line) && !failed.has(line), `line ${line} is told of once`);
        delivered.set(line, `${partition}:${baseOffset < 0n ? '?' : baseOffset + BigInt(index)}`);
      }
    },
    onFailed({ lines }, error) {
      for (const line of lines) {
        assert.ok(!delivered.has(line) && !failed.has(line), `line ${line} is told of once`);
        failed.set(line, error.message);
      }
    },
    ...options,
  });
  await producer.addTopic('orders');
  const none = Buffer.alloc(0);
  for (let line = 1; line <= count; line++) {
    const value = Buffer.from(String(line));
    const bytes = { key: none, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined };
    producer.append('orders', line % partitions, { ...bytes, timestamp: 0 }, line);
    if (!pauses.includes(line)) continue;
    producer.nudge();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await producer.flush();
  assert.deepEqual(producer.pending(), []);
  return { delivered, failed };
}

function linesOf(count: number, partition: number, partitions: number): string[] {
  return Array.from({ length: count }, (_, at) => at + 1)
    .filter((line) => line % partitions === partition)
    .map(String);
}

test('every line is written to its partition, and its offset is reported', async () => {
  const leader = broker();
  const { delivered, failed } = await produce(leader, 100, {}, 3, [10, 50]);
  assert.equal(failed.size, 0);
  for (const [line, place] of delivered) {
    const [partition, offset] = place.split(':').map(Number) as [number, number];
    assert.equal(leader.log[partition]![offset], String(line));
  }
  for (const partition of [0, 1, 2]) assert.deepEqual(leader.log[partition], linesOf(100, partition, 3));
});

test('whatever is lost on the way, each line is there once and in order', async () => {
  const fate = fc.constantFrom<Fate>('fine', 'fine', 'answer lost', 'request lost', 'moved');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
      async (fates, pauses) => {
        const leader = broker({ fates });
        const { delivered, failed } = await produce(leader, 60, {}, 3, pauses);
        assert.deepEqual([delivered.size, failed.size], [60, 0]);
        for (const partition of [0, 1, 2]) assert.deepEqual(leader.log[partition], linesOf(60, partition, 3));
      },
    ),
    { numRuns: 15 },
  );
});

for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
  test(`${compression}: whichever batch is compressed first, each line is there once and in order`, async () => {
    const count = 60_000;
    for (const fates of [[], ['fine', 'answer lost', 'fine', 'request lost', 'moved']] as const) {
      const leader = broker({ fates });
      const pauses = [1, 15_000, 30_000, 30_300, 50_000];
      const { delivered, failed } = await produce(leader, count, { compression }, 3, pauses);
      assert.equal(failed.size, 0);
      assert.equal(delivered.size, count);
      for (const partition of [0, 1, 2]) assert.deepEqual(leader.log[partition], linesOf(count, partition, 3));
    }
  });
}

test('an interruption while a batch is compressed: its lines are there to be kept, and are not sent any more', async () => {
  const stop = new AbortController();
  let requests = 0;
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    answers: {
      Produce: () => {
        requests++;
        return new Promise(() => {});
      },
    },
    signal: stop.signal,
  });
  const producer = await RecordProducer.open(cluster, {
    ...{ acks: -1, idempotent: false, compression: 'gzip', retries: 1, deliveryTimeoutMs: 30_000, signal: stop.signal },
    onDelivered: () => assert.fail('nothing is delivered'),
    onFailed: () => assert.fail('nothing fails'),
  });
  await producer.addTopic('orders');
  const key = Buffer.alloc(0);
  const value = Buffer.alloc(100_000, 'kt');
  const record = { key, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined };
  producer.append('orders', 0, { ...record, timestamp: 0 }, 1);
  const flushing = producer.flush();
  const reason = new KtError('interrupted', 'interrupted');
  stop.abort(reason);
  await assert.rejects(flushing, reason);
  const pending = producer.pending();
  assert.deepEqual(
    pending.map(({ lines, maybeWritten }) => [lines, maybeWritten]),
    [[[1], false]],
  );
  // Longer on the same threads than that batch takes.
  await promisify(gzip)(Buffer.alloc(10_000_000));
  pending[0]!.each(({ bytes, valueStart, valueEnd }) => {
    assert.ok(bytes.subarray(valueStart, valueEnd).equals(value));
    return true;
  });
  assert.equal(requests, 0);
});

test('a batch that is too large is split until it fits; only what never fits fails, the rest keeps its order', async () => {
  const small = broker({ maxRecords: 3 });
  const whole = await produce(small, 100, {}, 1, [7, 8, 30, 60]);
  assert.equal(whole.failed.size, 0);
  assert.deepEqual(small.log[0], linesOf(100, 0, 1));

  const large = new Set(['17', '30', '31', '100']);
  const picky = broker({
    refusal: (values) => (values.some((value) => large.has(value)) ? { errorCode: errors.tooLarge } : undefined),
  });
  const { delivered, failed } = await produce(picky, 100, {}, 1, [16, 20, 29]);
  assert.deepEqual([...failed.keys()].map(String).sort(), [...large].sort());
  assert.deepEqual(
    picky.log[0],
    linesOf(100, 0, 1).filter((line) => !large.has(line)),
  );
  assert.equal(delivered.size, 96);
});

test('records that the broker names fail with its words, and the others of their batch are sent again', async () => {
  const leader = broker({
    refusal(values) {
      const bad = values.flatMap((value, index) => (Number(value) % 10 === 0 ? [index] : []));
      return bad.length > 0 ? { errorCode: errors.invalidRecord, recordErrors: bad } : undefined;
    },
  });
  const { failed } = await produce(leader, 35, {}, 1);
  assert.deepEqual([...failed.keys()], [10, 20, 30]);
  assert.match(failed.get(10)!, /^writing to orders:0 \(no key\)$/);
  assert.deepEqual(
    leader.log[0],
    linesOf(35, 0, 1).filter((line) => Number(line) % 10 !== 0),
  );
});

test('a refusal for good fails all lines of the partition, and those of others are written', async () => {
  const leader = broker({
    refusal: (values) => (Number(values[0]) % 3 === 1 ? { errorCode: errors.authorization } : undefined),
  });
  const { delivered, failed } = await produce(leader, 30);
  assert.deepEqual([...failed.keys()].map(String), linesOf(30, 1, 3));
  assert.equal(delivered.size, 20);
});

test('without retries, after a lost answer kt says that the lines may have been written', async () => {
  const leader = broker({ fates: ['answer lost'] });
  const { failed } = await produce(leader, 5, { retries: 0 }, 1);
  assert.deepEqual([...failed.keys()], [1, 2, 3, 4, 5]);
  assert.match(failed.get(1)!, /these records may have been written$/);
});

test('with acks 0 no offsets are asked for', async () => {
  const leader = broker();
  const { delivered } = await produce(leader, 3, { acks: 0, idempotent: false }, 1);
  assert.deepEqual([...delivered.values()], ['0:?', '0:?', '0:?']);
});

test('after an interruption kt says which lines may have been written and which were not sent', async () => {
  const stop = new AbortController();
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    answers: { Produce: () => new Promise(() => {}) },
    signal: stop.signal,
  });
  const producer = await RecordProducer.open(cluster, {
    ...{ acks: -1, idempotent: false, compression: 'none', retries: 1, deliveryTimeoutMs: 30_000, signal: stop.signal },
    onDelivered: () => assert.fail('nothing is delivered'),
    onFailed: () => assert.fail('nothing fails'),
  });
  await producer.addTopic('orders');
  const none = Buffer.alloc(0);
  const record = { key: none, keyStart: -1, keyEnd: -1, value: none, valueStart: 0, valueEnd: 0, headers: undefined };
  producer.append('orders', 0, { ...record, timestamp: 0 }, 1);
  producer.nudge();
  producer.append('orders', 0, { ...record, timestamp: 0 }, 2);
  const flushing = producer.flush();
  const reason = new KtError('interrupted', 'interrupted');
  stop.abort(reason);
  await assert.rejects(flushing, reason);
  assert.deepEqual(
    producer.pending().map(({ lines, maybeWritten }) => [lines, maybeWritten]),
    [
      [[1], true],
      [[2], false],
    ],
  );
});

test('records for a leader that cannot be reached are given up as not written, and what comes later is written once it can', async () => {
  let [isUnreachable, leader] = [false, 1];
  const told: { readonly lines: readonly number[]; readonly maybeWritten: boolean; readonly message: string }[] = [];
  const delivered: number[] = [];
  const made = broker();
  const cluster = fakeCluster({
    topics: () => ({ orders: [leader] }),
    isUnreachable: () => isUnreachable,
    answers: {
      Produce: made.answer,
      InitProducerId: () => ({ errorCode: 0, producerId: BigInt(made.producerIds++), producerEpoch: 0 }),
    },
  });
  const producer = await RecordProducer.open(cluster, {
    ...{ acks: -1, idempotent: true, compression: 'none', retries: Number.POSITIVE_INFINITY, deliveryTimeoutMs: 250 },
    signal: cluster.signal,
    onDelivered: ({ lines }) => delivered.push(...lines),
    onFailed: ({ lines, maybeWritten }, { message }) => told.push({ lines, maybeWritten, message }),
  });
  await producer.addTopic('orders');
  const none = Buffer.alloc(0);
  const record = { key: none, keyStart: -1, keyEnd: -1, value: none, valueStart: 0, valueEnd: 0, headers: undefined };
  for (const [line, lost] of [
    [1, 1],
    [2, -1],
  ] as const) {
    isUnreachable = true;
    producer.append('orders', 0, { ...record, timestamp: 0 }, line);
    producer.nudge();
    leader = lost;
    await producer.flush();
    assert.deepEqual(told.at(-1)?.lines, [line]);
    assert.equal(told.at(-1)?.maybeWritten, false);
    assert.doesNotMatch(told.at(-1)!.message, /may have been written/);
    [isUnreachable, leader] = [false, 1];
    producer.append('orders', 0, { ...record, timestamp: 0 }, line + 10);
    await producer.flush();
  }
  assert.deepEqual(delivered, [11, 12]);
});

test('a topic or partition that is not there is refused', async () => {
  const cluster = fakeCluster({ topics: () => ({ orders: [1] }) });
  const producer = await RecordProducer.open(cluster, {
    ...{ acks: 1, idempotent: false, compression: 'none', retries: 1, deliveryTimeoutMs: 1_000, signal: cluster.signal },
    onDelivered: () => {},
    onFailed: () => {},
  });
  await assert.rejects(producer.addTopic('nothing'), { kind: 'refused', code: 'UNKNOWN_TOPIC_OR_PARTITION' });
  await producer.addTopic('orders');
  const none = Buffer.alloc(0);
  const record = { key: none, keyStart: -1, keyEnd: -1, value: none, valueStart: 0, valueEnd: 0, headers: undefined };
  assert.throws(() => producer.append('orders', 1, { ...record, timestamp: 0 }, 1), { code: 'UNKNOWN_TOPIC_OR_PARTITION' });
});

test('a user who may not write learns which permission is missing', async () => {
  const clusterAuthorizationFailed = 31;
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    answers: { InitProducerId: () => ({ errorCode: clusterAuthorizationFailed, producerId: -1n, producerEpoch: -1 }) },
  });
  const opening = RecordProducer.open(cluster, {
    ...{ acks: -1, idempotent: true, compression: 'none', retries: 1, deliveryTimeoutMs: 1_000, signal: cluster.signal },
    onDelivered: () => {},
    onFailed: () => {},
  });
  await assert.rejects(opening, {
    kind: 'refused',
    message: 'writing idempotently (no permission: WRITE on the topic, or IDEMPOTENT_WRITE on the cluster)',
  });
});

/** A transactional producer over a broker that checks numbers; every request is noted. */
async function transactional(fates: readonly Fate[], deliveryTimeoutMs = 30_000) {
  const { log, answer } = broker({ fates });
  let epoch = 0;
  const ok = () => ({ errorCode: 0 });
  const sequences: [epoch: number, sequence: number][] = [];
  const delivered: number[] = [];
  const cluster = fakeCluster({
    topics: () => ({ orders: [1] }),
    answers: {
      Produce(body, target, tries) {
        const { records } = body.topicData[0].partitionData[0];
        sequences.push([records.readInt16BE(field.producerId + 8), records.readInt32BE(field.baseSequence)]);
        return answer(body, target, tries);
      },
      InitProducerId: () => ({ errorCode: 0, producerId: 5n + BigInt(epoch), producerEpoch: epoch++ }),
      AddPartitionsToTxn: () => ({ resultsByTopicV3AndBelow: [] }),
      EndTxn: ok,
    },
  });
  const producer = await RecordProducer.open(cluster, {
    ...{ acks: -1, idempotent: true, compression: 'none', retries: 0, deliveryTimeoutMs, signal: cluster.signal },
    transactionalId: 'copy',
    onDelivered: ({ lines }) => delivered.push(...lines),
    onFailed: () => {},
  });
  await producer.addTopic('orders');
  const none = Buffer.alloc(0);
  const append = (line: number) => {
    const value = Buffer.from(String(line));
    const record = { key: none, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined };
    producer.append('orders', 0, { ...record, timestamp: 0 }, line);
  };
  const apis = () => cluster.sent.map(({ api }) => api);
  return { producer, append, sequences, delivered, apis, log: log[0]! };
}

test('after an abort of acknowledged records the next transaction continues with the next sequence number', async () => {
  const { producer, append, sequences, apis } = await transactional([]);
  for (const line of [1, 2]) append(line);
  await producer.flush();
  assert.equal(await producer.abort(), 'empty');
  append(3);
  assert.equal(await producer.commit(), true);
  assert.deepEqual(sequences, [
    [0, 0],
    [0, 2],
  ]);
  assert.equal(apis().filter((api) => api === 'InitProducerId').length, 1);
});

test('after an abort of records that may have been written, numbers begin at 0 under a new epoch', async () => {
  const { producer, append, sequences, delivered } = await transactional(['answer lost']);
  append(1);
  assert.equal(await producer.commit(), false);
  assert.equal(await producer.abort(), 'empty');
  append(2);
  assert.equal(await producer.commit(), true);
  assert.deepEqual(sequences, [
    [0, 0],
    [1, 0],
  ]);
  assert.deepEqual(delivered, [2]);
});

test('an abort drops records that were not sent: the next transaction has only its own', async () => {
  const { producer, append, log } = await transactional([]);
  append(1);
  assert.equal(await producer.abort(), 'empty');
  append(2);
  assert.equal(await producer.commit(), true);
  assert.deepEqual(log, ['2']);
});

test('small batches that are ready while a request is under way go together in the next one', async () => {
  const requests: number[] = [];
  let delivered = 0;
  let release = () => {};
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { answer } = broker();
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 1, 1] }),
    answers: {
      InitProducerId: () => ({ errorCode: 0, producerId: 1n, producerEpoch: 0 }),
      async Produce(body, ...others) {
        requests.push(body.topicData[0].partitionData.length);
        if (requests.length === 1) await first;
        return answer(body, ...others);
      },
    },
  });
  const producer = await RecordProducer.open(cluster, {
    acks: -1,
    idempotent: true,
    compression: 'none',
    retries: 0,
    deliveryTimeoutMs: 30_000,
    signal: cluster.signal,
    onDelivered: ({ lines }) => {
      delivered += lines.length;
    },
    onFailed: () => assert.fail('nothing is refused'),
  });
  await producer.addTopic('orders');
  const none = Buffer.alloc(0);
  const append = (partition: number, size: number, line: number) => {
    const bytes = { key: none, keyStart: -1, keyEnd: -1, value: Buffer.alloc(size), valueStart: 0, valueEnd: size };
    producer.append('orders', partition, { ...bytes, headers: undefined, timestamp: 0 }, line);
  };
  append(0, 10, 1);
  producer.nudge();
  // The second of each seals the first, of 400 kB: one is little, two of them are worth a request.
  for (const [index, partition] of [1, 1, 2, 2].entries()) append(partition, 400_000, index + 2);
  assert.deepEqual(requests, [1, 2]);
  release();
  await producer.flush();
  assert.equal(delivered, 5);
});
