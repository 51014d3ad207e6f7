/** The fetch loops: where a range ends, what moves them on, and what stops them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import type { FetchRange } from '../../../../src/kafka/fetch/fetch.ts';
import { fetchRecords } from '../../../../src/kafka/fetch/fetcher.ts';
import { type Answerer, fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { batchOf, markerOf } from '../batch/fixtures.ts';
import { type FakeLog, fakeLog, fetchAnswer } from './fake-logs.ts';

const notLeader = 6;
const outOfRange = 1;

interface Reading {
  readonly leaders?: () => readonly number[];
  readonly answers?: Readonly<Record<string, Answerer>>;
  readonly signal?: AbortSignal;
}

/** Reads ranges of topic `orders` out of its logs. */
function reading(logs: readonly FakeLog[], ranges: readonly Omit<FetchRange, 'topic'>[], options: Reading = {}) {
  const { leaders = () => logs.map(() => 1), signal = new AbortController().signal } = options;
  const warnings: string[] = [];
  const byName = Object.fromEntries(logs.map((log, partition) => [`orders-${partition}`, log]));
  const cluster = fakeCluster({
    topics: () => ({ orders: leaders() }),
    answers: { Fetch: fetchAnswer(byName), ...options.answers },
  });
  const batches = fetchRecords(
    cluster,
    ranges.map((range) => ({ topic: 'orders', ...range })),
    { isolation: 'read_committed', signal, warn: (text) => warnings.push(text) },
  );
  return { cluster, batches, warnings };
}

async function valuesOf(batches: ReturnType<typeof fetchRecords>): Promise<string[]> {
  const values: string[] = [];
  for await (const batch of batches) {
    batch.each(({ bytes, valueStart, valueEnd, partition, offset }) => {
      values.push(`${partition}:${offset} ${bytes.toString('utf8', valueStart, valueEnd)}`);
    });
  }
  return values;
}

const abc = () => fakeLog([batchOf(0n, ['a', 'b', 'c'])]);

test('a range gives the records from its start to its end, even inside batches', async () => {
  const log = fakeLog([batchOf(0n, ['a', 'b', 'c']), batchOf(3n, ['d', 'e', 'f'])]);
  const { batches } = reading([log], [{ partition: 0, start: 1n, end: 5n }]);
  assert.deepEqual(await valuesOf(batches), ['0:1 b', '0:2 c', '0:3 d', '0:4 e']);
});

test('an interruption is heard within a batch that is read slowly', async () => {
  const values = Array.from({ length: 400 }, () => 'x'.repeat(2_000));
  const stopping = new AbortController();
  const { batches } = reading([fakeLog([batchOf(0n, values)])], [{ partition: 0, start: 0n, end: 400n }], {
    signal: stopping.signal,
  });
  let visited = 0;
  const slowly = async () => {
    for await (const batch of batches) {
      setTimeout(() => stopping.abort(new KtError('interrupted', 'Ctrl-C')));
      batch.each(() => {
        visited++;
        for (const end = performance.now() + 5; performance.now() < end; );
      });
    }
  };
  await assert.rejects(slowly(), { kind: 'interrupted' });
  assert.ok(visited > 0 && visited < 200, `${visited} of 400 records were read before`);
});

test('an empty range needs no request', async () => {
  const { batches, cluster } = reading([abc()], [{ partition: 0, start: 2n, end: 2n }]);
  assert.deepEqual(await valuesOf(batches), []);
  assert.ok(!cluster.sent.some(({ api }) => api === 'Fetch'));
});

test('a range ends behind a transaction marker, and where the last offsets were compacted away', async () => {
  const marker = fakeLog([batchOf(0n, ['a'], { producerId: 7n, transactional: true }), markerOf(1n, 7n, 'commit')]);
  assert.deepEqual(await valuesOf(reading([marker], [{ partition: 0, start: 0n, end: 2n }]).batches), ['0:0 a']);
  const hole = fakeLog([batchOf(0n, ['a'])], { end: 10n });
  const answers = { ListOffsets: offsetsAnswer({ 'orders-0': [0n, 10n] }) };
  assert.deepEqual(await valuesOf(reading([hole], [{ partition: 0, start: 0n, end: 10n }], { answers }).batches), ['0:0 a']);
});

test('an answer without records does not end a range, nor do many while the offset is not on the disk of the leader', async () => {
  const log = abc();
  const whole = fetchAnswer({ 'orders-0': log });
  const nothing = fetchAnswer({ 'orders-0': fakeLog([], { end: 3n }) });
  for (const [emptyAnswers, localStart] of [
    [1, 0n],
    [5, 2n],
  ] as const) {
    const { batches } = reading([log], [{ partition: 0, start: 0n, end: 3n }], {
      answers: {
        Fetch: (body, target, tries) => (tries <= emptyAnswers ? nothing : whole)(body, target, tries),
        ListOffsets: offsetsAnswer({ 'orders-0': [localStart, 3n] }),
      },
    });
    assert.deepEqual(await valuesOf(batches), ['0:0 a', '0:1 b', '0:2 c'], `${emptyAnswers} empty answers`);
  }
});

test('a leader that always refuses ends a range with an end after the timeout, by its own words; the other partition is read', async () => {
  const refusing = abc();
  refusing.errors = Array.from({ length: 1_000 }, () => notLeader);
  const ranges = [0, 1].map((partition) => ({ partition, start: 0n, end: 3n }));
  const { batches } = reading([refusing, abc()], ranges, { leaders: () => [1, 2] });
  const values: string[] = [];
  const startedAt = performance.now();
  await assert.rejects(
    async () => {
      for await (const { partition, nextOffset } of batches) values.push(`${partition} to ${nextOffset}`);
    },
    {
      kind: 'connection',
      code: 'NOT_LEADER_OR_FOLLOWER',
      message: /^orders:0 could not be read to the end \(reading orders:0 \(/,
    },
  );
  assert.deepEqual(values, ['1 to 3']);
  assert.ok(performance.now() - startedAt < 3_000);
});

test('a partition that moved is read from where it was, and not mistaken for one with a gap', async () => {
  const [first, second] = [abc(), fakeLog([batchOf(0n, ['x']), batchOf(1n, ['y'])])];
  let asked = 0;
  const { batches, cluster } = reading(
    [first, second],
    [
      { partition: 0, start: 0n, end: 3n },
      { partition: 1, start: 0n, end: 2n },
    ],
    { leaders: () => (asked++ === 0 ? [1, 1] : [1, 2]) },
  );
  second.errors = [0, notLeader, notLeader];
  assert.deepEqual(await valuesOf(batches), ['0:0 a', '0:1 b', '0:2 c', '1:0 x', '1:1 y']);
  assert.ok(cluster.sent.some(({ target }) => typeof target === 'object' && 'broker' in target && target.broker === 2));
});

test('a lost connection is made up for: nothing is missing and nothing comes twice', async () => {
  const log = fakeLog([batchOf(0n, ['a']), batchOf(1n, ['b']), batchOf(2n, ['c'])]);
  const answer = fetchAnswer({ 'orders-0': log });
  const { batches } = reading([log], [{ partition: 0, start: 0n, end: 3n }], {
    answers: {
      Fetch(body, target, tries) {
        if (tries === 2 || tries === 3) throw new KtError('connection', 'the broker hung up');
        return answer(body, target, tries);
      },
    },
  });
  assert.deepEqual(await valuesOf(batches), ['0:0 a', '0:1 b', '0:2 c']);
});

test('when retention overtakes the reader, it says so and continues at the new start', async () => {
  const log = fakeLog([batchOf(0n, ['a']), batchOf(5n, ['f', 'g'])]);
  const { batches, warnings } = reading([log], [{ partition: 0, start: 0n, end: 7n }], {
    answers: { ListOffsets: offsetsAnswer({ 'orders-0': [5n, 7n] }) },
  });
  const first = await batches.next();
  assert.equal(first.value?.nextOffset, 1n);
  log.start = 5n;
  // What was fetched ahead still comes; the log has nothing between.
  log.errors.push(outOfRange);
  assert.deepEqual((await valuesOf(batches)).slice(-2), ['0:5 f', '0:6 g']);
  assert.ok(warnings.length <= 1);
  for (const text of warnings)
    assert.match(text, /^orders:0: offsets \d to 4 were deleted before they were read \(retention\); continuing at 5$/);
});

test('an answer without bytes but with a refusal does not end a range whose end is known', async () => {
  const log = fakeLog([batchOf(0n, ['a']), batchOf(6n, ['g'])]);
  log.errors = [0, outOfRange];
  const { batches, warnings } = reading([log], [{ partition: 0, start: 0n, end: 7n }], {
    answers: { ListOffsets: offsetsAnswer({ 'orders-0': [6n, 7n] }) },
  });
  assert.deepEqual(await valuesOf(batches), ['0:0 a', '0:6 g']);
  assert.deepEqual(warnings, ['orders:0: offsets 1 to 5 were deleted before they were read (retention); continuing at 6']);
});

test('the last answer reaches a reader that asks while it is being processed', async () => {
  for (let turns = 0; turns < 10; turns++) {
    const log = fakeLog([batchOf(0n, ['a']), batchOf(1n, ['b'])]);
    const { batches } = reading([log], [{ partition: 0, start: 0n, end: 2n }]);
    await batches.next();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    assert.equal((await batches.next()).value?.nextOffset, 2n, `after ${turns} turns`);
    assert.equal((await batches.next()).done, true);
  }
});

test('an offset beyond the end of the log is refused', async () => {
  const { batches } = reading([abc()], [{ partition: 0, start: 9n, end: undefined }], {
    answers: { ListOffsets: offsetsAnswer({ 'orders-0': [0n, 3n] }) },
  });
  await assert.rejects(valuesOf(batches), { kind: 'refused', code: 'OFFSET_OUT_OF_RANGE' });
});

test('a topic that is deleted, and one that may not be read, end the reading', async () => {
  const gone = abc();
  gone.errors = [notLeader];
  let exists = true;
  const cluster = fakeCluster({
    topics: () => (exists ? { orders: [1] } : {}),
    answers: {
      Fetch(body, target, tries) {
        exists = false;
        return fetchAnswer({ 'orders-0': gone })(body, target, tries);
      },
    },
  });
  const options = { isolation: 'read_committed', signal: new AbortController().signal, warn: () => {} } as const;
  const range = { topic: 'orders', partition: 0, start: 0n, end: undefined };
  await assert.rejects(valuesOf(fetchRecords(cluster, [range], options)), {
    kind: 'refused',
    message: 'topic orders was deleted while it was read',
  });
  const forbidden = abc();
  forbidden.errors = [29];
  const denied = reading([forbidden], [{ partition: 0, start: 0n, end: undefined }]);
  await assert.rejects(valuesOf(denied.batches), { kind: 'refused', code: 'TOPIC_AUTHORIZATION_FAILED' });
});

test('a follower gets what is written later, and ends with the reason of its signal', async () => {
  const log = fakeLog();
  const stop = new AbortController();
  const { batches } = reading([log], [{ partition: 0, start: 0n, end: undefined }], { signal: stop.signal });
  const next = batches.next();
  log.batches.push(batchOf(0n, ['later']));
  log.end = 1n;
  assert.equal((await next).value?.nextOffset, 1n);
  const waiting = batches.next();
  const reason = new KtError('interrupted', 'enough');
  stop.abort(reason);
  await assert.rejects(waiting, reason);
});

test('a reader that waits is fetched for only a few answers ahead', async () => {
  const log = fakeLog(Array.from({ length: 50 }, (_, at) => batchOf(BigInt(at), [`v${at}`])));
  const { batches, cluster } = reading([log], [{ partition: 0, start: 0n, end: 50n }]);
  await batches.next();
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  const ahead = cluster.sent.filter(({ api }) => api === 'Fetch').length;
  assert.ok(ahead <= 4, `${ahead} fetches`);
  assert.equal((await valuesOf(batches)).length, 49);
});

test('of the batches of one answer the last one is marked', async () => {
  const { batches } = reading(
    [abc(), abc()],
    [
      { partition: 0, start: 0n, end: 3n },
      { partition: 1, start: 0n, end: 3n },
    ],
  );
  const marks: (readonly [number, boolean])[] = [];
  for await (const { partition, isLastOfAnswer } of batches) marks.push([partition, isLastOfAnswer]);
  assert.deepEqual(marks, [
    [0, false],
    [1, true],
  ]);
});

test('an answer of many megabytes comes in batches, none of whose records is missing or comes twice', async () => {
  const values = Array.from({ length: 9 }, (_, at) => `${at}`.repeat(400_000));
  const log = fakeLog([Buffer.concat(values.map((value, at) => batchOf(BigInt(at), [value]))), batchOf(9n, ['last'])]);
  const marks: (readonly [bigint, boolean])[] = [];
  const read: string[] = [];
  const { batches } = reading([log], [{ partition: 0, start: 1n, end: 8n }]);
  for await (const batch of batches) {
    marks.push([batch.nextOffset, batch.isLastOfAnswer]);
    batch.each(({ bytes, valueStart, valueEnd }) => void read.push(bytes.toString('utf8', valueStart, valueEnd)));
  }
  assert.deepEqual(read, values.slice(1, 8));
  assert.deepEqual(marks, [
    [3n, false],
    [6n, false],
    [8n, true],
  ]);
});

test('where transactions were aborted an answer stays in one batch, since markers in it end them', async () => {
  const value = 'x'.repeat(600_000);
  const transaction = { producerId: 7n, transactional: true };
  const answer = Buffer.concat([
    batchOf(0n, [value], transaction),
    batchOf(1n, [value], transaction),
    markerOf(2n, 7n, 'abort'),
    batchOf(3n, ['good'], transaction),
  ]);
  const plain = fetchAnswer({ 'orders-0': fakeLog([answer]) });
  const { batches } = reading([fakeLog([answer])], [{ partition: 0, start: 0n, end: 4n }], {
    answers: {
      async Fetch(body, target, tries) {
        const response = await plain(body, target, tries);
        response.responses[0].partitions[0].abortedTransactions = [{ producerId: 7n, firstOffset: 0n }];
        return response;
      },
    },
  });
  assert.deepEqual(await valuesOf(batches), ['0:3 good']);
});

test('a follower outlives ten minutes without a broker, and says once that it waits; a range with an end is given up', async (t) => {
  const now = performance.now.bind(performance);
  for (const end of [undefined, 3n]) {
    let passedMs = 0;
    const clock = t.mock.method(performance, 'now', () => now() + passedMs);
    const log = fakeLog([batchOf(0n, ['a']), batchOf(1n, ['b', 'c'])]);
    const answer = fetchAnswer({ 'orders-0': log });
    const { batches, warnings } = reading([log], [{ partition: 0, start: 0n, end }], {
      answers: {
        Fetch(body, target, tries) {
          if (tries === 1 || tries > 6) return answer(body, target, tries);
          if (tries === 3) passedMs = 600_000;
          throw new KtError('connection', 'the broker hung up');
        },
      },
    });
    assert.equal((await batches.next()).value?.nextOffset, 1n);
    if (end === undefined) assert.equal((await batches.next()).value?.nextOffset, 3n);
    else await assert.rejects(batches.next(), { kind: 'connection', message: /^orders:0 could not be read to the end/ });
    assert.deepEqual(warnings, ['waiting for the leader of orders:0 (the broker hung up)']);
    await batches.return(undefined);
    clock.mock.restore();
  }
});
