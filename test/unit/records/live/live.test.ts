import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { FieldTexts, headerTexts } from '../../../../src/records/live/field-texts.ts';
import { LiveFeed } from '../../../../src/records/live/live-feed.ts';
import { isExpression, recordMatch } from '../../../../src/records/live/record-match.ts';
import { RecordRing } from '../../../../src/records/live/record-ring.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { batchOf, recordOf } from '../../../support/live-records.ts';

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
  assert.equal(ring.records.at(-1)!.record.offset, 3_999);
  assert.equal(ring.records[0]!.number, 2_001);
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
    ring.records.map(({ record }) => record.offset),
    [2, 3, 4],
  );
});

test('of more than a thousand a second the newest are kept, and the others counted', () => {
  const ring = new RecordRing();
  const { kept } = ring.add(
    batchOf(
      0,
      Array.from({ length: 5_000 }, () => 'x'),
    ),
    0,
  );
  assert.equal(kept.length, 1_000);
  assert.equal(kept.at(-1)!.record.offset, 4_999);
  assert.equal(ring.passedOver, 4_000);
  assert.equal(
    ring.add(
      batchOf(
        5_000,
        Array.from({ length: 100 }, () => 'x'),
      ),
      500,
    ).kept.length,
    20,
  );
  assert.equal(
    ring.add(
      batchOf(
        5_100,
        Array.from({ length: 100 }, () => 'x'),
      ),
      1_100,
    ).kept.length,
    100,
  );
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
