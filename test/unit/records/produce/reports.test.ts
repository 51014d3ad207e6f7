/** Reports of a producer: in order, and no more of them wait than their reader can be expected to read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reports } from '../../../../src/records/produce/reports.ts';

const { signal } = new AbortController();
const batchOf = (from: number, count: number) => ({
  topic: 'orders',
  partition: 1,
  baseOffset: BigInt(from),
  lines: Array.from({ length: count }, (_, index) => from + index + 1),
});

/** Whether it is still pending after everything that can run now has run. */
async function isPending(work: Promise<unknown>): Promise<boolean> {
  return Promise.race([work.then(() => false), new Promise<true>((resolve) => setImmediate(() => resolve(true)))]);
}

test('every record is reported once, with its line and offset', async () => {
  const reports = new Reports();
  reports.add(batchOf(0, 2));
  reports.add({ topic: 'orders', partition: 0, baseOffset: -1n, lines: [3] });
  reports.end();
  const all = [];
  for await (const deliveries of reports.read()) all.push(...deliveries);
  assert.deepEqual(all, [
    { line: 1, topic: 'orders', partition: 1, offset: 0n },
    { line: 2, topic: 'orders', partition: 1, offset: 1n },
    { line: 3, topic: 'orders', partition: 0, offset: -1n },
  ]);
});

test('the input waits for a slow reader of reports, and continues when it has read', async () => {
  const reports = new Reports();
  await reports.room(signal);
  for (let batch = 0; batch < 3; batch++) reports.add(batchOf(batch * 50_000, 50_000));
  const room = reports.room(signal);
  const reader = reports.read();
  assert.equal((await reader.next()).value?.length, 50_000);
  assert.equal(await isPending(room), true);
  await reader.next();
  await room;
});

test('a reader that has gone, and an interruption, hold nothing up', async () => {
  const reports = new Reports();
  const interruption = new AbortController();
  reports.add(batchOf(0, 100_001));
  const interrupted = reports.room(interruption.signal);
  interruption.abort(new Error('Ctrl-C'));
  await assert.rejects(interrupted, /Ctrl-C/);
  const room = reports.room(signal);
  const reader = reports.read();
  await reader.next();
  await reader.return(undefined);
  await room;
  reports.add(batchOf(0, 100_001));
  await reports.room(signal);
});
