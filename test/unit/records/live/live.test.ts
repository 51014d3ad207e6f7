import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { FieldTexts, headerTexts } from '../../../../src/records/live/field-texts.ts';
import { LiveFeed } from '../../../../src/records/live/live-feed.ts';
import { isExpression, recordMatch } from '../../../../src/records/live/record-match.ts';
import { RecordRing } from '../../../../src/records/live/record-ring.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { batchOf, batchWith, recordOf } from '../../../support/live-records.ts';
import { until } from '../../../support/until.ts';
import { batchOf as encodedBatch } from '../../kafka/batch/fixtures.ts';
import { fakeLog, fetchAnswer } from '../../kafka/fetch/fake-logs.ts';

const formats = { keyFormat: undefined, valueFormat: undefined, schemas: undefined };

test('only the newest records are kept', () => {
  const ring = new RecordRing();
  for (let second = 0; second < 5; second++)
    ring.add(
      batchOf(
        second * 800,
        Array.from({ length: 800 }, () => 'x'),
      ),
      second * 1_000,
    );
  assert.equal(ring.came, 4_000);
  assert.equal(ring.passedOver, 0);
  assert.equal(ring.records.length, 2_000);
  assert.equal(ring.records.at(-1)!.offset, 3_999);
  assert.equal(ring.records[0]!.offset, 2_000);
});

test('a filter that waits for the formats does so no longer once the feed is stopped', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const timers = mock.method(globalThis, 'setTimeout');
  const feed = new LiveFeed(fakeCluster({}), { topic: 'orders', partition: undefined, newest: 1, formats }, () => {});
  feed.filterBy('x');
  mock.timers.tick(300);
  mock.timers.tick(300);
  assert.equal(timers.mock.callCount(), 3);
  feed.stop();
  mock.timers.tick(300);
  assert.equal(timers.mock.callCount(), 3);
});

test('large ones go sooner', () => {
  const ring = new RecordRing();
  const large = 'x'.repeat(5 << 20);
  for (let second = 0; second < 5; second++) ring.add(batchOf(second, [large]), second * 1_000);
  assert.deepEqual(
    ring.records.map(({ offset }) => offset),
    [2, 3, 4],
  );
});

test('of more than a thousand a second the newest are kept, and the others counted', () => {
  const ring = new RecordRing();
  const kept = ring.add(
    batchOf(
      0,
      Array.from({ length: 5_000 }, () => 'x'),
    ),
    0,
  );
  assert.equal(kept.length, 1_000);
  assert.equal(kept.at(-1)!.offset, 4_999);
  assert.equal(ring.passedOver, 4_000);
  assert.equal(
    ring.add(
      batchOf(
        5_000,
        Array.from({ length: 100 }, () => 'x'),
      ),
      500,
    ).length,
    20,
  );
  assert.equal(
    ring.add(
      batchOf(
        5_100,
        Array.from({ length: 100 }, () => 'x'),
      ),
      1_100,
    ).length,
    100,
  );
});

test('what was there before is in the order of time, each partition in its own; what comes since stays below, and it alone is counted', () => {
  const ring = new RecordRing();
  const isOlder = ({ timestamp }: { timestamp: number }) => timestamp < 100;
  const add = (partition: number, times: readonly number[]) =>
    ring.add(batchWith(times.map((timestamp, offset) => ({ partition, offset, timestamp, value: 'x' }))), 0, isOlder);
  const times = () => ring.records.map(({ partition, timestamp }) => `${partition}:${timestamp}`).join(' ');
  add(1, [20, 40, 30, 200]);
  add(0, [10, 35, 40, 100]);
  assert.equal(times(), '0:10 1:20 0:35 0:40 1:40 1:30 1:200 0:100');
  assert.equal(ring.came, 2);
  add(2, [15, 50]);
  assert.equal(times(), '0:10 2:15 1:20 0:35 0:40 1:40 1:30 2:50 1:200 0:100');
  assert.equal(ring.came, 2);
  add(
    3,
    Array.from({ length: 2_000 }, () => 12),
  );
  assert.equal(ring.passedOver, 0);
  assert.deepEqual([ring.records[0]!.offset, ring.records.length], [9, 2_000]);
  assert.equal(times().replaceAll('3:12 ', ''), '2:15 1:20 0:35 0:40 1:40 1:30 2:50 1:200 0:100');
});

test('the rate is of records that come: those that were there count for nothing', async (t) => {
  const logs = {
    'orders-0': fakeLog([encodedBatch(0n, ['b', 'd'], { timestamp: 2_000 })]),
    'orders-1': fakeLog([encodedBatch(0n, ['a'], { timestamp: 1_000 }), encodedBatch(1n, ['c'], { timestamp: 3_000 })]),
  };
  const answers = { Fetch: fetchAnswer(logs), ListOffsets: offsetsAnswer({ 'orders-0': [0n, 2n], 'orders-1': [0n, 2n] }) };
  const cluster = fakeCluster({ topics: () => ({ orders: [1, 2] }), answers });
  const feed = new LiveFeed(cluster, { topic: 'orders', partition: undefined, newest: 5, formats }, () => {});
  t.after(() => feed.stop());
  const running = feed.run();
  const values = () => feed.shown.map((record) => feed.texts!.of(record, 'value').text).join('');
  await until(() => feed.shown.length === 4, 'what was there');
  assert.equal(values(), 'abdc');
  assert.equal(feed.perSecond, 0);
  feed.filterBy('c');
  await until(() => values() === 'c', 'the filter');
  logs['orders-0'].batches.push(encodedBatch(2n, ['C', 'x'], { timestamp: 500 }));
  logs['orders-0'].end = 4n;
  await until(() => values() === 'cC', 'what comes is below, and filtered');
  assert.ok(feed.perSecond > 0 && feed.perSecond <= 2);
  feed.filterBy('');
  assert.equal(values(), 'abdcCx');
  feed.stop();
  await running;
});

test('partitions without a leader are named until they have one, whatever comes of others; then what they held is no news', async (t) => {
  const logs = {
    'orders-0': fakeLog([encodedBatch(0n, ['a', 'c'], { timestamp: 2_000 })]),
    'orders-1': fakeLog([encodedBatch(0n, ['b'], { timestamp: 1_000 })]),
  };
  let leaders = [1, -1];
  const answers = { Fetch: fetchAnswer(logs), ListOffsets: offsetsAnswer({ 'orders-0': [0n, 2n], 'orders-1': [0n, 1n] }) };
  const cluster = fakeCluster({ topics: () => ({ orders: leaders }), answers, timeoutMs: 50 });
  const feed = new LiveFeed(cluster, { topic: 'orders', partition: undefined, newest: 5, formats }, () => {});
  t.after(() => feed.stop());
  const running = feed.run();
  const values = () => feed.shown.map((record) => feed.texts!.of(record, 'value').text).join('');
  await until(() => values() === 'ac', 'those with a leader');
  assert.match(feed.message!, /^waiting for the leader of orders:1 /);
  leaders = [1, 1];
  await until(() => values() === 'bac', 'the other');
  assert.equal(feed.message, undefined);
  assert.equal(feed.perSecond, 0);
  feed.stop();
  await running;
});

test('keys and values are text, JSON or hex; null is null', async () => {
  const texts = await FieldTexts.of('orders', formats);
  assert.deepEqual(texts.of(recordOf({ offset: 0, value: '{"a":1}' }), 'value'), { text: '{"a":1}', kind: 'json' });
  assert.deepEqual(texts.of(recordOf({ offset: 0, value: '語語' }), 'value', 4), { text: '語', kind: 'text' });
  assert.equal(texts.of(recordOf({ offset: 0, value: null }), 'value').kind, 'null');
  const binary = recordOf({ offset: 0, value: 'ab' });
  binary.bytes[0] = 0xff;
  assert.deepEqual(texts.of(binary, 'value'), { text: 'ff62', kind: 'hex' });
  assert.deepEqual(headerTexts(binary), [{ name: 'type', value: 'order.created' }]);
});

test('what names a field with an operator is an expression, all else is text', () => {
  for (const text of [
    'value.amount > 100',
    "key.startsWith('eu-')",
    'value > 3',
    'headers.type === "x"',
    'partition == 3',
    '!value?.ok',
  ])
    assert.equal(isExpression(text), true, text);
  for (const text of ['order', 'value', 'the key', 'my value 3', 'http://key.example', 'some.value.x'])
    assert.equal(isExpression(text), false, text);
});

test('text is sought in keys and values in any case, an expression holds or not, half of one is an error', async () => {
  const texts = await FieldTexts.of('orders', formats);
  const record = recordOf({ offset: 3, key: 'EU-1', value: '{"amount":120}' });
  const passes = async (text: string) => (await recordMatch('orders', text, texts, formats))(record);
  assert.equal(await passes('eu-'), true);
  assert.equal(await passes('AMOUNT'), true);
  assert.equal(await passes('nothing'), false);
  assert.equal(await passes('value.amount > 100'), true);
  assert.equal(await passes("value.amount > 100 && key === 'x'"), false);
  await assert.rejects(passes('value.amount >'), (error) => error instanceof KtError && error.kind === 'usage');
});
