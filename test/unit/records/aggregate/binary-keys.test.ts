/** Keys and values of bytes that are no text: they are told apart or left out, never counted as one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregationOf, rowsOf, specOf } from '../../../support/aggregated.ts';
import { fetched, type Written } from '../../../support/fetched.ts';

async function aggregated(records: readonly Written[], ...words: readonly string[]) {
  const spec = await specOf('-e', ...words);
  const aggregation = aggregationOf(spec);
  const batch = fetched(records);
  aggregation.add({ topic: 'orders', each: (visit) => batch.each(visit), passed: [] });
  const rows = rowsOf(aggregation.closeAll(), spec, aggregation);
  return { rows: rows.map(({ key, count, distinct }) => [key, count ?? distinct]), problems: aggregation.account.problems() };
}

const records: readonly Written[] = [
  { key: Buffer.from([0xff]), value: '1' },
  { key: Buffer.from([0xfe]), value: '2' },
  { key: 'a', value: Buffer.from([0xfe]) },
  { key: 'a\uFFFD', value: '"b\uFFFD"' },
];

test('records whose key is no text are left out of groups by key, and told; text with U+FFFD counts', async () => {
  const { rows, problems } = await aggregated(records, '--by', 'key', '--count');
  assert.deepEqual(rows, [
    ['a', 1],
    ['a\uFFFD', 1],
  ]);
  assert.deepEqual(problems, [
    '--by failed on 2 records, which were left out (first: orders:2 at offset 0: its key is not text: --key-format hex reads any)',
  ]);
});

test('what is not looked at may be anything; what is counted as different has to be text', async () => {
  assert.deepEqual((await aggregated(records, '--count')).rows, [[null, 4]]);
  const { rows, problems } = await aggregated(records, '--distinct', '[key, value][1]');
  assert.equal(rows.length, 1);
  assert.match(problems.join(), /--distinct failed on 1 record.*its value is not text/);
});
