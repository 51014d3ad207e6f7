/** The first record of partitions, from answers as brokers cut them: what did not fit, holes, errors, quotas. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { firstRecords, type Lookup } from '../../../../src/kafka/fetch/first-record.ts';
import { fakeCluster, offsetsAnswer, type SentRequest } from '../../../support/fake-cluster.ts';
import { batchOf } from '../batch/fixtures.ts';

interface Asked {
  readonly partition: number;
  readonly fetchOffset: bigint;
  readonly partitionMaxBytes: number;
}
interface Told {
  readonly records?: Buffer;
  readonly errorCode?: number;
}

/** A broker that answers each partition of a request, all of them knowing the others. */
function cluster(answer: (asked: Asked, all: readonly Asked[], count: number) => Told, throttled = 0, localStart = 0n) {
  return fakeCluster({
    timeoutMs: 10_000,
    topics: () => ({ orders: [1, 1, 1] }),
    answers: {
      ListOffsets: offsetsAnswer(Object.fromEntries([0, 1, 2].map((partition) => [`orders-${partition}`, [localStart, 100n]]))),
      Fetch: (body, _target, count) => ({
        errorCode: 0,
        throttleTimeMs: count <= throttled ? 100 : 0,
        responses: body.topics.map(({ topic, partitions }: { topic: string; partitions: Asked[] }) => ({
          topic,
          partitions: partitions.map((asked) => {
            const told = { records: Buffer.alloc(0), errorCode: 0, ...answer(asked, partitions, count) };
            return { partitionIndex: asked.partition, ...told, abortedTransactions: null };
          }),
        })),
      }),
    },
  });
}
/** A batch of one record for each time. */
const records = (offset: bigint, timestamps: readonly number[]) =>
  Buffer.concat(timestamps.map((timestamp, index) => batchOf(offset + BigInt(index), ['x'], { timestamp })));
const lookup = (partition: number, offset: bigint, end = 100n): Lookup => ({ topic: 'orders', partition, offset, end });
async function times(fake: ReturnType<typeof cluster>, lookups: readonly Lookup[]) {
  const found = await firstRecords(fake, lookups, 'read_uncommitted', { timeoutMs: 100 });
  return lookups.map(({ partition, offset }) => {
    const answer = found.get(`orders:${partition}`)!;
    return answer instanceof KtError ? answer.code : answer.timestamps.get(offset);
  });
}
const fetches = ({ sent }: { sent: readonly SentRequest[] }) => sent.filter(({ api }) => api === 'Fetch').length;

test('all partitions are read in one request', async () => {
  const fake = cluster(({ partition, fetchOffset }) => ({ records: records(fetchOffset, [1000 + partition]) }));
  assert.deepEqual(await times(fake, [lookup(0, 5n), lookup(1, 0n), lookup(2, 9n)]), [1000, 1001, 1002]);
  assert.equal(fetches(fake), 1);
});

test('several places of a partition that one answer covers need no other', async () => {
  const fake = cluster(() => ({ records: records(0n, [10, 11, 12, 13]) }));
  assert.deepEqual(await times(fake, [lookup(0, 2n), lookup(0, 0n), lookup(0, 3n)]), [12, 10, 13]);
  assert.equal(fetches(fake), 1);
});

test('places that are far apart are asked for one after the other', async () => {
  const fake = cluster(({ fetchOffset }) => ({ records: records(fetchOffset, [Number(fetchOffset)]) }));
  assert.deepEqual(await times(fake, [lookup(0, 50n), lookup(0, 7n)]), [50, 7]);
  assert.equal(fetches(fake), 2);
});

test('a batch that did not fit among the others is asked for again, with more room', async () => {
  const fake = cluster(({ partition, partitionMaxBytes }, all) =>
    partition === 2 && all.length > 1 && partitionMaxBytes < 1 << 20 ? {} : { records: records(0n, [partition]) },
  );
  assert.deepEqual(await times(fake, [lookup(0, 0n), lookup(1, 0n), lookup(2, 0n)]), [0, 1, 2]);
  assert.equal(fetches(fake), 2);
});

test('offsets that compaction left empty up to the end hold no record; the next one after them is found', async () => {
  const empty = cluster(() => ({}));
  assert.deepEqual(await times(empty, [lookup(0, 3n)]), [null]);
  const beside = cluster(({ partition }) => (partition === 0 ? {} : { records: records(0n, [7]) }));
  assert.deepEqual(await times(beside, [lookup(0, 3n), lookup(1, 0n)]), [null, 7]);
  const behind = cluster(() => ({ records: records(40n, [9]) }));
  assert.deepEqual(await times(behind, [lookup(0, 3n), lookup(0, 4n, 30n)]), [9, null]);
});

test('a broker over its quota answers with nothing, which is not the end', async () => {
  const fake = cluster((_asked, _all, count) => (count === 1 ? {} : { records: records(0n, [5]) }), 1);
  assert.deepEqual(await times(fake, [lookup(0, 0n)]), [5]);
});

test('an empty answer of a broker that reads tiered storage is not the end: it is asked again, and never taken for no record', async () => {
  const slow = cluster((_asked, _all, count) => (count === 1 ? {} : { records: records(0n, [5]) }), 0, 50n);
  assert.deepEqual(await times(slow, [lookup(0, 0n)]), [5]);
  // Its remote storage takes longer than the second request waits.
  const slower = cluster((_asked, _all, count) => (count <= 2 ? {} : { records: records(0n, [5]) }), 0, 50n);
  assert.deepEqual(await times(slower, [lookup(0, 0n)]), [5]);
  const waits = slower.sent.flatMap(({ api, body }) => (api === 'Fetch' ? [body.maxWaitMs] : []));
  assert.deepEqual(waits, [0, 500, 5_000]);
  const lost = cluster(() => ({}), 0, 50n);
  assert.deepEqual(await times(lost, [lookup(0, 3n), lookup(1, 60n)]), ['REQUEST_TIMED_OUT', null]);
});

test('a partition that cannot be read hides no other', async () => {
  const bad = records(0n, [1]);
  bad.writeInt8(~bad.readInt8(bad.length - 1), bad.length - 1);
  const fake = cluster(({ partition }) =>
    partition === 0 ? { errorCode: 29 } : { records: partition === 1 ? bad : records(0n, [2]) },
  );
  assert.deepEqual(await times(fake, [lookup(0, 0n), lookup(1, 0n), lookup(2, 0n)]), [
    'TOPIC_AUTHORIZATION_FAILED',
    'CORRUPT_MESSAGE',
    2,
  ]);
});
