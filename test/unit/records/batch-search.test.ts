/** A search passes over many records at once, but none that an expression would let through, or fail on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RecordView } from '../../../src/kafka/batch/record.ts';
import { compileExpression } from '../../../src/records/expression/compile.ts';
import { RecordFilter } from '../../../src/records/filter.ts';
import { fuzzSearches } from '../../fuzz/searches.ts';

/** What records may look like that hold a text, seem to, or spell it in another way. */
const texts = ['paid', 'PAID', 'paid ', 'pa', 'é', '', 'vip', '1', 'true', 'a,b', 'new\nline', 'toString', '[object Object]'];
const string = fc.constantFrom(...texts).map((text) => JSON.stringify(text));
const spelled = fc.constantFrom('"\\u0070aid"', '"p\\u0061id"', '"\\u00e9"', '"\\/paid"', '"\\ud83d"');
const item = fc.oneof(
  string,
  spelled,
  fc.constantFrom('1', '1.0', '1e0', 'true', 'null', '12345678901234567890', '-0'),
  string.map((text) => `[${text}]`),
  string.map((text) => `[[${text}]]`),
  string.map((text) => `{"event":${text},"kind":${text}}`),
  fc.constantFrom('[]', '{}', '["a","b"]', '[1]', '[{}]', '{"toString":1,"valueOf":2}', '{"toString":"paid"}'),
);
const name = fc.constantFrom('"event"', '"event"', '"kind"', '"user"', '"ev\\u0065nt"', '"0"', '"toString"', '"paid"');
const member = fc.tuple(name, item).map((pair) => pair.join(':'));
const object = fc.array(member, { maxLength: 4 }).map((members) => `{${members.join(',')}}`);
const value = fc.oneof(
  { weight: 6, arbitrary: object.map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc.oneof(item, fc.constantFrom('paid', '"paid', '{"event":"paid"', '["paid"]')).map((text) => Buffer.from(text)),
  },
  { weight: 1, arbitrary: fc.tuple(object, fc.nat(60)).map(([text, cut]) => Buffer.from(text).subarray(0, cut)) },
  { weight: 1, arbitrary: object.map((text) => Buffer.from(text.replace('a', '\xff'), 'latin1')) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const plain = fc.array(value, { maxLength: 40 });
/** Most batches have one text here and there. */
const rare = fc.tuple(plain, fc.nat(200)).map(([values, before]) => {
  const dull = Array.from({ length: before }, (_, index) => Buffer.from(`{"event":"sent","n":${index}}`));
  return [...dull, ...values, ...dull, ...values.slice(0, 2)];
});

/** Records as they lie in a batch, in memory that is used again for the next one. */
function visitAll(memory: Buffer, values: readonly (Buffer | null)[], visit: (record: RecordView) => void): void {
  let at = 0;
  const ranges = values.map((each) => {
    const start = at + 3;
    if (each) at = start + each.copy(memory, start);
    return each ? [start, at] : [-1, -1];
  });
  for (const [offset, [valueStart, valueEnd]] of ranges.entries())
    visit({ topic: 't', partition: 0, offset, bytes: memory, keyStart: -1, keyEnd: -1, valueStart, valueEnd } as RecordView);
}

/** The offsets that pass of each batch, and what is told of failures. */
async function passing(
  source: string,
  batches: readonly (readonly (Buffer | null)[])[],
  isSearched: boolean,
  mostBytes: number,
) {
  const compiled = await compileExpression('--where', source);
  const where = [isSearched ? compiled : { ...compiled, needs: undefined }];
  const filter = new RecordFilter({ key: undefined, value: undefined, headers: [], where, maxBatchBytes: mostBytes });
  const memory = Buffer.alloc(1 << 16);
  const passed = batches.map((values) => {
    const offsets: number[] = [];
    const batch = { topic: 't', each: (visit: (record: RecordView) => unknown) => visitAll(memory, values, visit) };
    filter.apply(batch).each(({ offset }) => void offsets.push(offset));
    return offsets;
  });
  return { passed, failures: filter.failures, skipped: filter.skipped };
}

const expressions = [
  'value.event === "paid"',
  '"paid" == value?.event',
  '(value.event === "paid" || value.user.kind == "vip") && value.n !== 2',
  'value.event === "é" || value["event"] == "paid"',
  'value.event == "PAID" && value.kind.trim() == "paid"',
  'value.event === "new\\nline" || value.event === "toString"',
  'value.event === ""',
  'value.kind >= 1 && offset >= 0 && value.event === "paid"',
  '(value.kind < "q" || value.user?.kind == 1) && (value.event === "paid" && value.kind.trim() == "vip")',
  'value.event == "1"',
  'value.event == "true"',
  'value.event == "a,b"',
  'value.event == "[object Object]"',
  'value["0"] === "p"',
];

test('with a search the same records pass and fail as without, whatever values look like', async () => {
  const batches = fc.array(fc.oneof(plain, rare), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...expressions), batches, fc.constantFrom(20, 1 << 20), async (source, all, mostBytes) => {
      assert.deepEqual(await passing(source, all, true, mostBytes), await passing(source, all, false, mostBytes));
    }),
    { numRuns: 500 },
  );
});

test('an object that cannot be compared fails where a text is looked for, before it or behind it', async () => {
  const batch = [Buffer.from('{"kind":{"toString":1},"event":{"toString":2}}'), Buffer.from('{"kind":1,"event":"sent"}')];
  for (const source of ['value.kind >= 1 && value.event === "paid"', 'value.event == "paid" && value.kind >= 1']) {
    const { failures, skipped } = await passing(source, [batch], true, 1 << 20);
    assert.match(failures ?? '', /1 record, .* offset 0/, source);
    assert.equal(skipped, 2);
  }
});

test('what was not in a batch is found in the next one, which lies in the same memory', async () => {
  const batches = ['sent', 'paid', 'sent', 'paid'].map((event) => [Buffer.from(`{"event":"${event}"}`)]);
  assert.deepEqual((await passing('value.event === "paid"', batches, true, 1 << 20)).passed, [[], [0], [], [0]]);
});

test('an expression needs a text where it cannot hold without it, and only if it compares fields alone', async () => {
  const needs = async (source: string) => (await compileExpression('--where', source)).needs?.map(({ text }) => text);
  assert.deepEqual(await needs('value.event === "paid" && value.at > 5'), ['paid']);
  assert.deepEqual(await needs('value.a.b == "x" || ("y" === value?.c)'), ['x', 'y']);
  assert.deepEqual(await needs('value.at > 5 && offset < 9 && value.event === "paid"'), ['paid']);
  for (const source of [
    'value.at.trim() > "5" && value.event === "paid"',
    'key > "5" && value.event === "paid"',
    '(value.at > 5 || value.event === "paid") && offset > 5',
    'value.event === "paid" || value.at > 5',
    'value.event !== "paid"',
    '!(value.event === "paid")',
    'value.event === "pa\\"id"',
    'value.event === "\\ufffd"',
    'value.event == "5"',
    'value.event === key',
    'value === "paid"',
    'key === "paid" && value.at > 5',
    'value.event === "paid" && Object.keys(value).length > 0',
  ])
    assert.equal(await needs(source), undefined, source);
});

test('of batches of every codec those records pass that pass when each is decoded as a whole', async (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { passed, left, searched } = await fuzzSearches(10_000, seed);
  assert.ok(passed > 0 && left > 1_000 && searched > 0, `${passed} passed, ${left} did not, ${searched} batches were searched`);
});
