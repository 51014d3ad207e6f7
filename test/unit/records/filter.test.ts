/** Which records pass `--key`, `--value`, `--header` and `--where`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileExpression } from '../../../src/records/expression/compile.ts';
import { type FilterRequest, RecordFilter } from '../../../src/records/filter.ts';
import { fetched, type Written } from '../../support/fetched.ts';

/** A filter's request as users write it. */
type Wanted = Partial<Omit<FilterRequest, 'where'>> & { readonly where?: readonly string[] };

async function filterOf({ where = [], ...wanted }: Wanted): Promise<RecordFilter> {
  const expressions = await Promise.all(where.map((source) => compileExpression('--where', source)));
  return new RecordFilter({ key: undefined, value: undefined, headers: [], where: expressions, ...wanted });
}

/** The offsets of the records that pass. */
async function passing(records: readonly Written[], wanted: Wanted): Promise<number[]> {
  const offsets: number[] = [];
  (await filterOf(wanted)).apply(fetched(records)).each(({ offset }) => void offsets.push(offset));
  return offsets;
}

const orders: readonly Written[] = [
  { key: 'user-1', value: '{"amount":5,"tags":["new"]}', headers: [['type', 'order']] },
  { key: 'user-12', value: '{"amount":150}', headers: [['type', null]] },
  {
    key: null,
    value: 'plain text',
    headers: [
      ['type', 'payment'],
      ['type', 'order-late'],
    ],
  },
  { key: '', value: '', headers: [['types', 'order']] },
  { key: 'user-1', value: null },
];

test('a key passes by a regular expression, and one that is absent never does', async () => {
  assert.deepEqual(await passing(orders, { key: /^user-1$/ }), [0, 4]);
  assert.deepEqual(await passing(orders, { key: /user-1/ }), [0, 1, 4]);
  assert.deepEqual(await passing(orders, { key: /USER-12/i }), [1]);
  assert.deepEqual(await passing(orders, { key: /^$/ }), [3]);
  assert.deepEqual(await passing(orders, { key: /(?:)/ }), [0, 1, 3, 4]);
});

test('a value passes by its text, also one without special characters, and a tombstone never does', async () => {
  assert.deepEqual(await passing(orders, { value: /amount/ }), [0, 1]);
  assert.deepEqual(await passing(orders, { value: /"amount":\d{3}/ }), [1]);
  assert.deepEqual(await passing(orders, { value: /order/ }), []);
  assert.deepEqual(await passing(orders, { value: /user-1/ }), []);
});

test('the character that stands for bytes that are no text finds them, in keys, values and headers', async () => {
  const damaged = Buffer.from('a\xffb', 'latin1');
  const records: readonly Written[] = [
    { key: damaged, value: damaged, headers: [['type', damaged]] },
    { key: 'a\ufffdb', value: 'a\ufffdb', headers: [['type', 'a\ufffdb']] },
    { key: 'ab', value: 'ab', headers: [['type', 'ab']] },
  ];
  for (const pattern of [/a\ufffdb/, /a�b/, /a[�]b/]) {
    assert.deepEqual(await passing(records, { key: pattern }), [0, 1]);
    assert.deepEqual(await passing(records, { value: pattern }), [0, 1]);
    assert.deepEqual(await passing(records, { headers: [{ name: 'type', pattern }] }), [0, 1]);
  }
});

test('a header passes by name alone or by any of its values; all that are wanted must be there', async () => {
  const type = (pattern?: RegExp) => ({ name: 'type', pattern });
  assert.deepEqual(await passing(orders, { headers: [type()] }), [0, 1, 2]);
  assert.deepEqual(await passing(orders, { headers: [type(/^order/)] }), [0, 2]);
  assert.deepEqual(await passing(orders, { headers: [type(/payment/), type(/late/)] }), [2]);
  assert.deepEqual(await passing(orders, { headers: [{ name: 'typ', pattern: undefined }] }), []);
});

test('an expression sees JSON values parsed, text as text, and everything else of a record', async () => {
  const where = (...expressions: string[]) => passing(orders, { where: expressions });
  assert.deepEqual(await where("value?.tags?.includes('new')"), [0]);
  assert.deepEqual(await where("value === 'plain text'"), [2]);
  assert.deepEqual(await where("headers.type === 'order-late'"), [2]);
  assert.deepEqual(await where('key === null || value === null'), [2, 4]);
  assert.deepEqual(await where("topic === 'orders' && partition === 2 && offset > 2 && timestamp > 0"), [3, 4]);
  assert.deepEqual(await where("key === 'user-1'", 'value !== null // the first'), [0]);
  assert.deepEqual(await passing(orders, { key: /user/, where: ['value.amount > 100'] }), [1]);
});

test('a missing field is no failure; a record whose value does not fit the expression is left out and counted', async () => {
  assert.deepEqual(await passing(orders, { where: ['value.amount > 0'] }), [0, 1]);
  const filter = await filterOf({ where: ['offset === 1 && value.trim()'] });
  filter.apply(fetched(orders)).each(() => {});
  assert.equal(
    filter.failures,
    '--where failed on 1 record, which was left out (first: orders:2 at offset 1: an object has no trim())',
  );
  assert.equal((await filterOf({ where: ['true'] })).failures, undefined);
});

test('ids beyond 2^53 match themselves only', async () => {
  const ids = [{ value: '{"id":1234567890123456788}' }, { value: '{"id":1234567890123456789}' }];
  assert.deepEqual(await passing(ids, { where: ['value.id === 1234567890123456789'] }), [1]);
  assert.deepEqual(await passing(ids, { where: ['value.id === 1234567890123456789n'] }), [1]);
  assert.deepEqual(await passing(ids, { where: ['value.id < 1234567890123456789'] }), [0]);
});

test('the search for plain text finds what a regular expression finds, whatever lies around it', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 6 });
  const records = fc.array(fc.record({ key: fc.option(text), value: fc.option(text) }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      records,
      text.filter((wanted) => wanted !== ''),
      async (written, wanted) => {
        for (const field of ['key', 'value'] as const) {
          const expected = written.flatMap((record, index) => (record[field]?.includes(wanted) ? [index] : []));
          assert.deepEqual(await passing(written, { [field]: new RegExp(wanted) }), expected);
          assert.deepEqual(await passing(written, { [field]: new RegExp(`(?:${wanted})`) }), expected);
        }
      },
    ),
  );
});

/** The offsets of the records that pass once the formats' code is loaded. */
async function passingAs(formats: Wanted, records: readonly Written[], topic = 'orders'): Promise<number[]> {
  const offsets: number[] = [];
  const filter = await filterOf(formats);
  const batch = fetched(records, topic);
  await filter.prepare(batch);
  assert.equal(filter.prepare(batch), undefined, 'the second batch has nothing to wait for');
  filter.apply(batch).each(({ offset }) => void offsets.push(offset));
  return offsets;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

test('without a format there is nothing to wait for', async () => {
  const filter = await filterOf({ key: /a/, value: /b/, where: ['value.amount > 1'] });
  assert.equal(filter.prepare(fetched(orders)), undefined);
  assert.equal((await filterOf({ keyFormat: 'int64', valueFormat: 'cbor' })).prepare(fetched(orders)), undefined);
});

test('with a format, patterns look at its text and expressions at its value', async () => {
  const records = [5n, 15n, 9_007_199_254_740_993n].map((key) => ({
    key: int64(key),
    value: Buffer.of(0xa1, 0x61, 0x61, Number(key & 15n)),
  }));
  const formats = { keyFormat: 'int64', valueFormat: 'cbor' } as const;
  assert.deepEqual(await passingAs({ ...formats, key: /^1?5$/ }, records), [0, 1]);
  assert.deepEqual(await passingAs({ ...formats, key: /15/ }, records), [1]);
  assert.deepEqual(await passingAs({ ...formats, value: /"a":5/ }, records), [0]);
  assert.deepEqual(await passingAs({ ...formats, where: ['key === 5'] }, records), [0]);
  assert.deepEqual(await passingAs({ ...formats, where: ['key == 5n'] }, records), [0]);
  assert.deepEqual(await passingAs({ ...formats, where: ['key === 9007199254740993n'] }, records), [2]);
  assert.deepEqual(await passingAs({ ...formats, where: ['value.a > 4'] }, records), [0, 1]);
  assert.deepEqual(await passingAs({ keyFormat: 'hex', where: ["key === '0000000000000005'"] }, records), [0]);
});

test('bytes that are no such value match no pattern, and are undefined to expressions', async () => {
  const records = [
    { key: 'abc', value: '1' },
    { key: null, value: '2' },
    { key: int64(1n), value: '3' },
  ];
  assert.deepEqual(await passingAs({ keyFormat: 'int64', key: /(?:)/ }, records), [2]);
  assert.deepEqual(await passingAs({ keyFormat: 'int64', where: ['key === undefined'] }, records), [0]);
  assert.deepEqual(await passingAs({ keyFormat: 'int64', where: ['key === null'] }, records), [1]);
});

test('a value of format string is not parsed, of format json it is', async () => {
  const records = [{ value: '{"a":1}' }];
  assert.deepEqual(await passingAs({ valueFormat: 'string', where: ["typeof value === 'string'"] }, records), [0]);
  assert.deepEqual(await passingAs({ valueFormat: 'json', where: ['value.a === 1'] }, records), [0]);
});

test("Kafka's own topics are decoded unless a format is given, and only where something looks at a field", async () => {
  const key = Buffer.from('0001000762696c6c696e6700066f726465727300000003', 'hex');
  const value = Buffer.from('000300000000000000070000000500000000018bcfe56800', 'hex');
  const records = [
    { key, value },
    { key, value: null },
  ];
  const topic = '__consumer_offsets';
  assert.deepEqual(await passingAs({ where: ["key.group === 'billing' && value?.offset > 5"] }, records, topic), [0]);
  assert.deepEqual(await passingAs({ where: ['value?.offset === 7'] }, records, topic), [0]);
  assert.deepEqual(await passingAs({ key: /"group":"billing"/ }, records, topic), [0, 1]);
  assert.deepEqual(await passingAs({ key: /^0001/, keyFormat: 'hex' }, records, topic), [0, 1]);
  assert.deepEqual(
    await passingAs({ where: ["value?.type === 'OffsetCommit'"], valueFormat: 'internal' }, records, 'eu.__consumer_offsets'),
    [0],
  );
  assert.equal((await filterOf({})).prepare(fetched(records, topic)), undefined);
});
