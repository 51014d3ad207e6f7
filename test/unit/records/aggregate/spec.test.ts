/** From the options of `kt aggregate` to what is computed: names, windows, and what cannot be meant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { refuseContradictions } from '../../../../src/commands/aggregate/checks.ts';
import { fingerprintOf, requireSame } from '../../../../src/records/aggregate/into/fingerprint.ts';
import { optionsOf, specOf } from '../../../support/aggregated.ts';

async function refused(words: readonly string[], message: RegExp): Promise<void> {
  await assert.rejects(
    async () => {
      refuseContradictions('orders', await optionsOf(...words));
      await specOf(...words);
    },
    (error) => error instanceof KtError && error.kind === 'usage' && message.test(error.message),
    words.join(' '),
  );
}

test('measures are named after what they are, or as they are told', async () => {
  const { measures } = await specOf(
    '-e',
    '--p95',
    'value.ms',
    '--sum',
    'revenue=value.total',
    '--sum',
    'a == b'.replace(/[ab]/g, 'offset'),
    '--count',
  );
  assert.deepEqual(
    measures.map(({ name, kind, of }) => [name, kind, of?.text]),
    [
      ['count', 'count', undefined],
      ['revenue', 'sum', 'value.total'],
      ['sum', 'sum', 'offset == offset'],
      ['p95', 'p95', 'value.ms'],
    ],
  );
  const counted = await specOf('-e');
  assert.deepEqual(
    counted.measures.map(({ name }) => name),
    ['count'],
  );
  await refused(['-e', '--sum', 'value.a', '--sum', 'value.b'], /two measures are called sum/);
  await refused(['-e', '--sum', 'key=value.a'], /every result has a key already/);
  await refused(['-e', '--sum', 'value.a +'], /--sum 'value.a \+'/);
});

test('windows', async () => {
  const windowsOf = async (...words: string[]) => (await specOf('-e', ...words)).windows;
  assert.deepEqual(await windowsOf(), { kind: 'none' });
  assert.deepEqual(await windowsOf('--window', '1m'), { kind: 'tumbling', sizeMs: 60_000 });
  assert.deepEqual(await windowsOf('--window', '1m', '--hop', '1m'), { kind: 'tumbling', sizeMs: 60_000 });
  assert.deepEqual(await windowsOf('--window', '1m', '--hop', '10s'), { kind: 'hopping', sizeMs: 60_000, hopMs: 10_000 });
  assert.deepEqual(await windowsOf('--session', '5m'), { kind: 'session', gapMs: 300_000 });
  await refused(['--hop', '1m'], /--hop without --window/);
  await refused(['--window', '1m', '--hop', '2m'], /longer than --window/);
  await refused(['--window', '1d', '--hop', '1ms'], /86,400,000 windows/);
  await refused(['--window', '1m', '--session', '2m'], /two kinds of windows/);
  await refused(['--window', '1m', '--grace', 'forever'], /no window would ever close/);
});

test('one window for all is final only at an end', async () => {
  assert.equal((await specOf()).emit, 'updates');
  assert.equal((await specOf('-e')).emit, 'final');
  assert.equal((await specOf('--window', '1m')).emit, 'final');
  await refused(['--emit', 'final'], /no result would ever be final/);
});

test('the shape of results knows their fields and nothing else', async () => {
  const { value } = await specOf(
    '-e',
    '--sum',
    'revenue=value.total',
    '--value',
    '({ key, revenue, since: date(windowStart) })',
  );
  assert.deepEqual([...value!.compiled.uses], ['key', 'revenue', 'windowStart']);
  await refused(['-e', '--value', 'offset'], /offset is not defined/);
});

test('one topic is read', async () => {
  const options = await optionsOf('-e');
  assert.throws(() => refuseContradictions('orders-*', options), { kind: 'usage', message: /a pattern/ });
});

test('where results go', async () => {
  await refused(['-e', '--group', 'g'], /--group without --into/);
  await refused(['--into', 'out', '--window', '1m'], /--into without --group/);
  await refused(['-e', '--into', 'orders'], /the topic that is read/);
  await refused(['-e', '--into', 'out', '--late-to', 'out'], /both would write to out/);
  await refused(['-e', '--into', 'g-changelog', '--group', 'g'], /both would write to g-changelog/);
  await refused(['-e', '--into', 'out', '--group', 'g', '-p', '1'], /--group and --partition/);
  refuseContradictions('orders', await optionsOf('-e', '--into', 'out', '--late-to', 'late'));
});

test('state of another request is refused with what differs', async () => {
  const fingerprint = async (...words: string[]) => fingerprintOf(await specOf(...words), 'out');
  const kept = await fingerprint('--window', '1m', '--by', 'value.a', '--count');
  requireSame(
    'g',
    'g-changelog',
    kept,
    await fingerprint('-e', '--from-beginning', '--by', 'value.a', '--window', '60s', '--count'),
  );
  const other = await fingerprint('--window', '5m', '--count');
  assert.throws(() => requireSame('g', 'g-changelog', kept, other), {
    kind: 'usage',
    message: 'group g keeps the state of another aggregation (--by was value.a, and is not given; --window was 1m, and is 5m)',
  });
});
