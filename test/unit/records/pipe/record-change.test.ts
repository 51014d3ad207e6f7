/** What a pipe makes of a record: nothing where nothing is asked, and else exactly what the expressions give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import { BatchWriter } from '../../../../src/kafka/batch/writer.ts';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import { type ChangeRequest, RecordChange } from '../../../../src/records/pipe/record-change.ts';
import { fetched, type Written } from '../../../support/fetched.ts';

interface Wanted {
  readonly map?: string;
  readonly mapsRecord?: boolean;
  readonly rekey?: string;
  readonly set?: readonly (readonly [name: string, expression: string])[];
  readonly drop?: readonly string[];
}

async function changeOf({ map, mapsRecord = false, rekey, set = [], drop = [] }: Wanted): Promise<RecordChange> {
  const compiled = async (text: string | undefined) =>
    text === undefined ? undefined : await compileExpression('--map', text);
  const setHeaders: ChangeRequest['setHeaders'] = await Promise.all(
    set.map(async ([name, text]) => ({ name, value: (await compiled(text))! })),
  );
  return new RecordChange({
    map: await compiled(map),
    mapsRecord,
    rekey: await compiled(rekey),
    setHeaders,
    dropHeaders: drop,
    formats: { keyFormat: undefined, valueFormat: undefined },
  });
}

/** The record as it would be written, read back. */
async function changed(record: Written, wanted: Wanted) {
  const change = await changeOf(wanted);
  const records = fetched([record]);
  await change.prepare(records);
  const writer = new BatchWriter();
  records.each((view) => {
    change.apply(view);
    writer.append(change.bytes);
  });
  const [result] = read(writer.finish('none'));
  return { ...result!, partition: change.partition };
}

function read(batch: Buffer): Written[] {
  const found: Written[] = [];
  const batches = new RecordBatches({ topic: 't', partition: 0, records: batch, startOffset: 0n });
  batches.each((view) => {
    const text = (start: number, end: number) => (start < 0 ? null : view.bytes.toString('latin1', start, end));
    const headers: [string, string | null][] = [];
    let at = view.headersStart;
    for (let left = view.headerCount; left > 0; left--) {
      const keyLength = view.bytes[at]! >> 1;
      const valueAt = at + 1 + keyLength;
      const raw = view.bytes[valueAt]!;
      const isNull = raw === 1;
      headers.push([
        view.bytes.toString('latin1', at + 1, valueAt),
        isNull ? null : view.bytes.toString('latin1', valueAt + 1, valueAt + 1 + (raw >> 1)),
      ]);
      at = valueAt + 1 + (isNull ? 0 : raw >> 1);
    }
    found.push({ key: text(view.keyStart, view.keyEnd), value: text(view.valueStart, view.valueEnd), headers });
  });
  return found;
}

const order: Written = {
  key: 'k1',
  value: '{"id":9007199254740993,"a":"x"}',
  headers: [
    ['h', '1'],
    ['h', null],
    ['other', '2'],
  ],
};

test('without expressions a record stays as it is, headers that come twice and null ones included', async () => {
  const { partition, ...same } = await changed(order, {});
  assert.deepEqual(same, order);
  assert.equal(partition, undefined);
  const empty: Written = { key: null, value: '', headers: [] };
  assert.deepEqual(await changed(empty, {}), { ...empty, partition: undefined });
});

test('text is written as it is, and everything else as JSON with all digits', async () => {
  for (const [map, value] of [
    ['value.a', 'x'],
    ['value.id', '9007199254740993'],
    ['{ id: value.id, list: [1, null, true] }', '{"id":9007199254740993,"list":[1,null,true]}'],
    ['null', null],
    ['headers.other + offset', '20'],
  ] as const)
    assert.equal((await changed(order, { map })).value, value, map);
  assert.equal((await changed(order, { rekey: 'value.id' })).key, '9007199254740993');
  assert.equal((await changed(order, { rekey: 'null' })).key, null);
});

test('a tombstone stays one, unless the whole record is mapped', async () => {
  const tombstone: Written = { key: 'k', value: null, headers: [] };
  assert.equal((await changed(tombstone, { map: '({ ...value, x: 1 })' })).value, null);
  assert.equal((await changed(tombstone, { map: '({ value: "gone" })', mapsRecord: true })).value, 'gone');
});

test('what has no text and no JSON fails, and so does what cannot be read', async () => {
  for (const [wanted, message] of [
    [{ map: 'value.nope' }, /--map gives undefined/],
    [{ map: '1 / 0' }, /Infinity/],
    [{ map: '({ deep: [0 / 0] })' }, /NaN/],
    [{ rekey: 'headers.nope' }, /--rekey gives undefined/],
    [{ set: [['x', 'value.nope']] }, /--set-header x gives undefined/],
    [{ map: 'value.a', mapsRecord: true }, /wants an object/],
    [{ map: '({ vlaue: 1 })', mapsRecord: true }, /a field vlaue/],
    [{ map: '({ timestamp: 1.5 })', mapsRecord: true }, /not epoch milliseconds/],
    [{ map: '({ partition: -1 })', mapsRecord: true }, /not a partition/],
    [{ map: '({ headers: 1 })', mapsRecord: true }, /not an object or a list/],
    [{ map: '({ headers: [1] })', mapsRecord: true }, /without a key/],
  ] satisfies readonly (readonly [Wanted, RegExp])[])
    await assert.rejects(changed(order, wanted), message);
  const plain: Written = { key: 'k', value: 'plain', headers: [] };
  assert.equal((await changed(plain, { map: 'value' })).value, 'plain', 'what is no JSON is text');
  await assert.rejects(changed(plain, { map: '({ ...value, x: 1 })' }), /\.\.\. needs an object/);
  const binary: Written = { key: 'k', value: Buffer.from([0xff]), headers: [] };
  await assert.rejects(changed(binary, { map: '({ ...value, x: 1 })' }), /its value is not text/);
  await assert.rejects(changed({ ...plain, key: Buffer.from([0xff]) }, { set: [['x', 'key']] }), /its key is not text/);
  const header: Written = { ...plain, headers: [['h', Buffer.from([0xff])]] };
  await assert.rejects(changed(header, { set: [['x', 'headers.h']] }), /its header h is not text/);
  assert.equal((await changed(header, { map: '1' })).value, '1', 'nobody looks at it');
});

test('a header that is set takes the place of all of its name, and dropped ones are gone', async () => {
  const { headers } = await changed(order, {
    set: [
      ['h', 'value.a'],
      ['none', 'null'],
    ],
    drop: ['other'],
  });
  assert.deepEqual(headers, [
    ['h', 'x'],
    ['none', null],
  ]);
  assert.deepEqual((await changed(order, { drop: ['h', 'other'] })).headers, []);
  assert.deepEqual((await changed({ key: 'k', value: 'v', headers: [] }, { drop: ['h'] })).headers, []);
});

test('a mapped record gives the fields that it names, and keeps the others', async () => {
  const result = await changed(order, { map: '({ key: null, headers: { a: 1 }, partition: 3 })', mapsRecord: true });
  assert.deepEqual(result, { key: null, value: order.value, headers: [['a', '1']], partition: 3 });
  const listed = await changed(order, {
    map: '({ headers: [{ key: "a", value: null }, { key: "a", value: "2" }] })',
    mapsRecord: true,
  });
  assert.deepEqual(listed.headers, [
    ['a', null],
    ['a', '2'],
  ]);
});
