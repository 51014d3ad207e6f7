/** Which serdes a stream's topics get. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamSerdes } from '../../../../src/records/serde/stream-serdes.ts';
import { makeSerde } from '../../../../src/records/serde/string.ts';

const plain = makeSerde();
const formats = { keyFormat: undefined, valueFormat: undefined };

test('without formats the defaults are there at once, the same for all topics of users', () => {
  const serdes = new StreamSerdes(formats, { key: plain, value: plain, showsMeaning: true });
  const orders = serdes.of('orders');
  assert.ok(!(orders instanceof Promise));
  assert.deepEqual([orders.key, orders.value, orders.at], [plain, plain, undefined]);
  assert.equal(serdes.of('payments'), orders);
});

test('a format is loaded once, and then there at once', async () => {
  const serdes = new StreamSerdes({ ...formats, valueFormat: 'cbor' }, { key: plain, value: plain, showsMeaning: true });
  const loading = serdes.of('orders');
  assert.ok(loading instanceof Promise);
  const loaded = await loading;
  assert.deepEqual([loaded.key.name, loaded.value.name], ['string', 'cbor']);
  assert.equal(serdes.of('payments'), loaded);
});

test("Kafka's own topics have their own serdes, which look at each record", async () => {
  const serdes = new StreamSerdes(formats, { key: plain, value: plain, showsMeaning: true });
  const [groups, transactions] = await Promise.all([serdes.of('__consumer_offsets'), serdes.of('__transaction_state')]);
  assert.notEqual(groups, transactions);
  assert.deepEqual([groups.key.name, groups.value.name, typeof groups.at], ['internal', 'internal', 'function']);
  const bytes = new StreamSerdes(formats, { key: plain, value: plain, showsMeaning: false });
  assert.equal((await bytes.of('__consumer_offsets')).key, plain);
});
