/** `tail` without a group: from a request to the ranges that are read, and to as many records as were wanted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { RecordSource } from '../../../../src/records/source/record-source.ts';
import type { ReadEvents, ReadRequest } from '../../../../src/records/source/request.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { noEvents, readRequest } from '../../../support/reading.ts';
import { batchOf } from '../../kafka/batch/fixtures.ts';
import { fakeLog, fetchAnswer } from '../../kafka/fetch/fake-logs.ts';

const request = readRequest(['orders']);
const events = noEvents;

/** Two partitions: offsets 0 to 5 in two batches, and 10 to 12. */
function orders(leaders: () => readonly number[] = () => [1, 1]) {
  const logs = {
    'orders-0': fakeLog([batchOf(0n, ['a', 'b', 'c']), batchOf(3n, ['d', 'e', 'f'])]),
    'orders-1': fakeLog([batchOf(10n, ['x', 'y', 'z'])], { start: 10n }),
  };
  return fakeCluster({
    topics: () => ({ orders: leaders(), other: [1] }),
    answers: { Fetch: fetchAnswer(logs), ListOffsets: offsetsAnswer({ 'orders-0': [0n, 6n], 'orders-1': [10n, 13n] }) },
  });
}

async function read(wanted: Partial<ReadRequest>, cluster = orders(), heard: Partial<ReadEvents> = {}): Promise<string> {
  let values = '';
  for await (const records of new RecordSource(cluster, { ...request, ...wanted }, { ...events, ...heard }).batches()) {
    records.each(({ bytes, valueStart, valueEnd }) => {
      values += bytes.toString('utf8', valueStart, valueEnd);
    });
  }
  return [...values].sort().join('');
}

test('a start and a stop bound what is read of each partition', async () => {
  const offset = (at: bigint) => ({ at: 'offset', offset: at }) as const;
  const cases: readonly (readonly [Partial<ReadRequest>, string])[] = [
    [{}, 'abcdefxyz'],
    [{ from: { at: 'end' } }, ''],
    [{ from: { at: 'last', count: 2 } }, 'efyz'],
    [{ from: offset(4n), partitions: [0] }, 'ef'],
    [{ to: { at: 'last', count: 2 }, exitAtEnd: false }, 'abcdx'],
    [{ partitions: [1, 1] }, 'xyz'],
    [{ to: offset(2n) }, 'ab'],
    // Beyond the end of both, and before the start of one.
    [{ to: offset(1000n) }, 'abcdefxyz'],
    [{ to: offset(11n), from: { at: 'beginning' }, exitAtEnd: true }, 'abcdefx'],
  ];
  for (const [wanted, expected] of cases) assert.equal(await read(wanted), expected, inspect(wanted));
});

test('the count holds over batches, parts and partitions, and nothing is fetched for none', async () => {
  for (const count of [1, 3, 4, 6]) assert.equal((await read({ maxRecords: count, partitions: [0] })).length, count);
  for (const count of [5, 8, 9, 10]) assert.equal((await read({ maxRecords: count })).length, Math.min(count, 9));
  const cluster = orders();
  assert.equal(await read({ maxRecords: 0 }, cluster), '');
  assert.deepEqual(
    cluster.sent.map(({ api }) => api),
    [],
  );
});

test('a reading with an end that nothing comes for any more is not taken for whole', async () => {
  let values = '';
  const source = new RecordSource(
    orders(() => [1, -1]),
    { ...request, idleTimeoutMs: 50 },
    events,
  );
  const reading = async () => {
    for await (const records of source.batches()) {
      records.each(({ bytes, valueStart, valueEnd }) => {
        values += bytes.toString('utf8', valueStart, valueEnd);
      });
    }
  };
  await assert.rejects(reading(), { kind: 'connection', message: 'the end was not reached (nothing came for 50ms)' });
  assert.equal(values, 'abcdef');
  assert.equal(await read({ exitAtEnd: false, idleTimeoutMs: 50 }), 'abcdefxyz');
});

test('no group reads partitions that somebody else chose', async () => {
  for (const group of [
    { group: { id: 'g', commits: undefined } },
    { shareGroup: { id: 'g', acknowledge: 'accept' } },
  ] as const) {
    await assert.rejects(read({ ...group, partitions: [0] }), { kind: 'usage' });
    await assert.rejects(read({ ...group, partitionsOf: new Map([['orders', [0]]]) }), { kind: 'usage' });
  }
});

test('topics, partitions and offsets that are not there are refused before anything is fetched', async () => {
  const cases: readonly (readonly [Partial<ReadRequest>, object])[] = [
    [{ topics: ['order'] }, { kind: 'refused', code: 'UNKNOWN_TOPIC_OR_PARTITION', hint: 'did you mean orders?' }],
    [{ topics: ['orders', 'no-*'] }, { kind: 'refused', message: 'no topic matches no-*' }],
    [
      { partitions: [0, 2] },
      { kind: 'refused', code: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'topic orders has no partition 2 (it has 2: 0 to 1)' },
    ],
    [{ from: { at: 'offset', offset: 8n } }, { kind: 'refused', code: 'OFFSET_OUT_OF_RANGE' }],
  ];
  for (const [wanted, error] of cases) {
    const cluster = orders();
    await assert.rejects(read(wanted, cluster), error);
    assert.ok(!cluster.sent.some(({ api }) => api === 'Fetch'));
  }
});

test('partitions begin at given offsets, and one whose records are deleted there is told', async () => {
  for (const merge of [false, true]) {
    const warnings: string[] = [];
    const starts = new Map([
      ['orders:0', 4n],
      ['orders:1', 3n],
    ]);
    assert.equal(await read({ starts, merge }, orders(), { warn: (text) => warnings.push(text) }), 'efxyz');
    assert.deepEqual(warnings, ['orders:1: offsets 3 to 9 were deleted before they were read (retention); continuing at 10']);
  }
});

test('where records are deleted that nobody has read, the reading begins behind them', async () => {
  const starts = new Map([
    ['orders:0', 4n],
    ['orders:1', 3n],
  ]);
  const source = new RecordSource(orders(), { ...request, starts }, events);
  for await (const _records of source.batches());
  assert.deepEqual(
    source.reach.map(({ partition, start }) => [partition, start]),
    [
      [0, 4n],
      [1, 10n],
    ],
  );
});

test('it is known whether more is there at once, but for what is merged', async () => {
  for (const merge of [false, true]) {
    const source = new RecordSource(orders(), { ...request, merge }, events);
    const ready: boolean[] = [];
    for await (const _records of source.batches()) ready.push(source.isNextReady());
    if (merge) assert.ok(ready.every((answer) => !answer));
    // Both partitions come in one answer, so that the second one's batch is there when the first one was given.
    else assert.deepEqual([ready[0], ready.at(-1)], [true, false]);
  }
});

test('a partition without a leader holds the others up neither at the start nor later, is named once, and read when it has one', async () => {
  for (const wanted of [
    {},
    { merge: true },
    { exitAtEnd: false, maxRecords: 9 },
    { to: { at: 'end' }, exitAtEnd: false },
  ] as const) {
    let leader = -1;
    const [warnings, notes]: [string[], string[]] = [[], []];
    const reading = read(
      wanted,
      orders(() => [1, leader]),
      {
        warn: (text) => warnings.push(text),
        note: (text) => notes.push(text),
      },
    );
    setTimeout(() => {
      leader = 1;
    }, 700);
    assert.equal(await reading, 'abcdefxyz', inspect(wanted));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^waiting for the leader of orders:1 \(.+\)$/);
    assert.deepEqual(notes, ['orders:1: the leader answers again']);
  }
});

test('the newest records of the partitions that have a leader come, and then the error for the others', async () => {
  let values = '';
  const source = new RecordSource(
    orders(() => [1, -1]),
    { ...request, exitAtEnd: false, last: 4 },
    events,
  );
  await assert.rejects(
    async () => {
      for await (const records of source.batches()) {
        records.each(({ bytes, valueStart, valueEnd }) => {
          values += bytes.toString('utf8', valueStart, valueEnd);
        });
      }
    },
    { kind: 'connection', code: 'LEADER_NOT_AVAILABLE', message: /^orders:1 could not be read to the end \(/ },
  );
  assert.equal(values, 'cdef');
});
