/** What a sink commits: after any batch, and wherever a limit cuts one, no wanted record is lost and none comes twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RecordBatch } from '../../../src/kafka/batch/record.ts';
import { RecordFilter } from '../../../src/records/filter.ts';
import { RecordSource } from '../../../src/records/source/record-source.ts';
import type { ReadRequest } from '../../../src/records/source/request.ts';
import { fakeCluster, offsetsAnswer } from '../../support/fake-cluster.ts';
import { noEvents, readRequest } from '../../support/reading.ts';
import { batchOf } from '../kafka/batch/fixtures.ts';
import { type FakeLog, fakeLog, fetchAnswer } from '../kafka/fetch/fake-logs.ts';

const wantAll = { key: undefined, value: undefined, headers: [], where: [] };
const names = ['orders-0', 'orders-1', 'users-0'] as const;

/** A batch of a log: how many offsets before it hold nothing, and the timestamps of its records. */
type Made = readonly (readonly [hole: number, timestamps: readonly number[]])[];

function logOf(made: Made): FakeLog {
  let next = 0n;
  const batches = made.map(([hole, timestamps]) => {
    const base = next + BigInt(hole);
    next = base + BigInt(timestamps.length);
    // One batch for each record: those of a fetched piece have timestamps of their own.
    return Buffer.concat(
      timestamps.map((timestamp, index) => batchOf(base + BigInt(index), [timestamp % 3 === 0 ? 'no' : 'yes'], { timestamp })),
    );
  });
  return fakeLog(batches);
}

/** A sink of one topic pipeline: what it handled, and what it committed. */
class Sink {
  readonly handled: string[] = [];
  readonly committed = new Map<string, bigint>();

  handle(batch: RecordBatch): void {
    batch.each(({ topic, partition, offset }) => void this.handled.push(`${topic}-${partition}:${offset}`));
  }

  commit(batch: RecordBatch): void {
    for (const { topic, partition, nextOffset } of batch.passed) {
      const name = `${topic}-${partition}`;
      assert.ok(nextOffset >= (this.committed.get(name) ?? 0n), 'a commit never goes back');
      this.committed.set(name, nextOffset);
    }
  }
}

/** Reads from what was committed, as a restarted process does. */
function sourceFor(logs: Readonly<Record<string, FakeLog>>, { committed }: Sink, wanted: Partial<ReadRequest>): RecordSource {
  const offsets = Object.entries(logs).map(([name, { end }]) => [name, [committed.get(name) ?? 0n, end]] as const);
  const cluster = fakeCluster({
    topics: () => ({ orders: [1, 2], users: [1] }),
    answers: { Fetch: fetchAnswer(logs), ListOffsets: offsetsAnswer(Object.fromEntries(offsets)) },
  });
  return new RecordSource(cluster, readRequest(['orders', 'users'], wanted), noEvents);
}

function wantedRecords(made: readonly Made[], filtered: boolean): string[] {
  return made
    .flatMap((batches, index) => {
      let offset = 0;
      return batches.flatMap(([hole, timestamps]) => {
        offset += hole;
        return timestamps.flatMap((timestamp) => {
          const name = `${names[index]}:${offset++}`;
          return filtered && timestamp % 3 === 0 ? [] : [name];
        });
      });
    })
    .sort();
}

const logs = fc.array(fc.array(fc.tuple(fc.nat(3), fc.array(fc.nat(30), { minLength: 1, maxLength: 4 })), { maxLength: 5 }), {
  minLength: names.length,
  maxLength: names.length,
});
const runs = { numRuns: 40 };

function prepared(made: readonly Made[], filtered: boolean) {
  return {
    byName: Object.fromEntries(names.map((name, index) => [name, logOf(made[index]!)])),
    filter: new RecordFilter({ ...wantAll, value: filtered ? /yes/ : undefined }),
  };
}

test('read a few records at a time, every wanted record comes once, and the end of each log is committed', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.integer({ min: 1, max: 7 }), fc.boolean(), fc.boolean(), async (made, count, merge, filtered) => {
      const { byName, filter } = prepared(made, filtered);
      const sink = new Sink();
      for (let before = -1; before < sink.handled.length; ) {
        before = sink.handled.length;
        for await (const batch of sourceFor(byName, sink, { maxRecords: count, merge, filter }).batches()) {
          sink.handle(batch);
          sink.commit(batch);
        }
        assert.ok(sink.handled.length - before <= count);
      }
      assert.deepEqual([...sink.handled].sort(), wantedRecords(made, filtered));
      for (const [name, { end }] of Object.entries(byName)) assert.equal(sink.committed.get(name) ?? 0n, end, name);
    }),
    runs,
  );
});

test('a sink that dies before it commits a batch gets that batch again, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(12), fc.boolean(), fc.boolean(), async (made, survives, merge, filtered) => {
      const { byName, filter } = prepared(made, filtered);
      const sink = new Sink();
      let left = survives;
      for await (const batch of sourceFor(byName, sink, { merge, filter }).batches()) {
        if (left-- === 0) break;
        sink.handle(batch);
        sink.commit(batch);
      }
      for await (const batch of sourceFor(byName, sink, { merge, filter }).batches()) {
        sink.handle(batch);
        sink.commit(batch);
      }
      assert.deepEqual([...sink.handled].sort(), wantedRecords(made, filtered));
    }),
    runs,
  );
});

test('of the newest records nothing is committed before the last of them was handled', async () => {
  const made: readonly Made[] = [[[0, [9, 1, 8]]], [[2, [2, 7]]], [[0, [3, 4]]]];
  const { byName, filter } = prepared(made, false);
  const batches: RecordBatch[] = [];
  for await (const batch of sourceFor(byName, new Sink(), { last: 5, filter }).batches()) batches.push(batch);
  assert.ok(batches.length > 2);
  assert.ok(batches.slice(0, -1).every(({ passed }) => passed.length === 0));
  assert.deepEqual(batches.at(-1)!.passed, [
    { topic: 'orders', partition: 0, nextOffset: 3n },
    { topic: 'orders', partition: 1, nextOffset: 4n },
    { topic: 'users', partition: 0, nextOffset: 2n },
  ]);
});
