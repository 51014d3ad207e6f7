/** Expressions that read a few fields of JSON values: from the bytes where that goes, and never with another result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordView } from '../../../../src/kafka/batch/record.ts';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import { RecordFields } from '../../../../src/records/expression/record-fields.ts';
import { makeSerde as jsonSerde } from '../../../../src/records/serde/json.ts';
import { makeSerde as stringSerde } from '../../../../src/records/serde/string.ts';
import { fuzzJsonFields } from '../../../fuzz/json-fields.ts';

const order = '{"id":7,"amount":700.5,"user":{"country":"DE","name":"Ann"},"items":[{"price":5},{"price":500}],"length":3}';

/** What an expression gives for a value, and whether the value was decoded as a whole for it. */
async function evaluated(
  source: string,
  value: string | null,
  mostBytes?: number,
): Promise<readonly [unknown, 'parts' | 'whole']> {
  const serde = jsonSerde();
  let read: 'parts' | 'whole' = 'parts';
  const decode: typeof serde.decode = (bytes, start, end) => {
    read = 'whole';
    return serde.decode(bytes, start, end);
  };
  const fields = new RecordFields({ key: stringSerde(), value: { ...serde, decode } }, mostBytes);
  const bytes = Buffer.from(value ?? '');
  fields.at({ bytes, keyStart: -1, keyEnd: -1, valueStart: value === null ? -1 : 0, valueEnd: bytes.length } as RecordView);
  const { evaluate } = await compileExpression('--where', source);
  return [evaluate(fields), read];
}

test('an expression that names fields of the value makes nothing of the rest', async () => {
  for (const [source, result] of [
    ["value.amount > 600 && value.user.country === 'DE'", true],
    ["value['user']?.name.toLowerCase()", 'ann'],
    ['value.items.some(item => item.price > value.amount)', false],
    ['value.items[1].price + value.id', 507],
    ['value.user.name.length + value.length', 6],
    ['JSON.stringify({id: value.id, user: {...value.user}})', '{"id":7,"user":{"country":"DE","name":"Ann"}}'],
    ['[value.user === value.user, value.items[0] === value.items[0]]', [true, true]],
    ['[value.user].map(each => each.country === value.user.country)', [true]],
    ['value.nope?.deeper', undefined],
    ['value.toString', undefined],
  ] as const)
    assert.deepEqual(await evaluated(source, order), [result, 'parts'], source);
});

test('an expression that needs the value as a whole gets it', async () => {
  for (const [source, result] of [
    ["'id' in value && value.id", 7],
    ['Object.keys(value).length', 5],
    ['[1].map(value => value.id)', [undefined]],
    ["value['i' + 'd']", 7],
    ["value['\\ufffd']", undefined],
  ] as const) {
    const [found, read] = await evaluated(source, order);
    assert.deepEqual(found, result, source);
    assert.equal(read, source.startsWith('[1]') ? 'parts' : 'whole', source);
  }
});

test('of a value that is no JSON object the fields are those that it has', async () => {
  assert.deepEqual(await evaluated('value.length', 'plain text'), [10, 'whole']);
  assert.deepEqual(await evaluated('value.length', '[1,2]'), [2, 'whole']);
  assert.deepEqual(await evaluated('value.id', '{"id":1'), [undefined, 'whole']);
  assert.deepEqual(await evaluated('typeof value.id', null), ['undefined', 'parts']);
});

test('of a value that is too large to be looked into a field fails too, if it is asked for', async () => {
  await assert.rejects(evaluated('value.id', order, 20), /too much to look into/);
  assert.deepEqual(await evaluated('key !== null && value.id', order, 20), [false, 'parts']);
});

test('two expressions on the same records each find their fields', async () => {
  const fields = new RecordFields({ key: stringSerde(), value: jsonSerde() });
  const [first, second] = await Promise.all(['value.id', 'value.user'].map((source) => compileExpression('--map', source)));
  for (const id of [1, 2]) {
    const bytes = Buffer.from(`{"id":${id},"user":{"id":${id + 10}}}`);
    fields.at({ bytes, keyStart: -1, keyEnd: -1, valueStart: 0, valueEnd: bytes.length } as RecordView);
    assert.deepEqual([first!.evaluate(fields), second!.evaluate(fields), first!.evaluate(fields)], [id, { id: id + 10 }, id]);
  }
});

test('whatever JSON and whatever fields: the result is that of the whole value', async (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { fromBytes, fromWhole } = await fuzzJsonFields(4_000, seed);
  assert.ok(fromBytes > 1_000 && fromWhole > 500, `${fromBytes} read from the bytes, ${fromWhole} from the whole value`);
});
